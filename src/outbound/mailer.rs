//! Hands mails to the relay, several over one connection, each within limits of time.

use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use super::dial::{AddressRule, Connection, ConnectionError, dial, secure};
use super::http::Client;
use super::mail::compose;
use super::relay::{Relay, RelayConfigError, RelaySettings, Security};
use super::smtp::{Reply, Session, SmtpError};
use crate::model::Timestamp;
use crate::model::delivery::{Attempt, DeliveryError, Outcome, readable};
use crate::model::mail::MailContent;

/// Until the connection stands, TLS included.
const CONNECT: Duration = Duration::from_secs(5);
/// Until the relay's word that it has the mail.
const WHOLE: Duration = Duration::from_secs(30);
/// Until a session is ended.
const FAREWELL: Duration = Duration::from_secs(1);
/// Mails over one connection: relays have limits of their own.
const PER_CONNECTION: u32 = 20;
/// The most that is kept of what the relay says, in bytes.
const MAX_ANSWER: usize = 500;

/// Hands mails to one relay.
pub struct Mailer {
    relay: Relay,
    client: Client,
    clock: fn() -> Timestamp,
}

/// A session with the relay, where there is one, and how many mails went over it.
#[derive(Default)]
pub struct RelayConnection(Option<(Session, u32)>);

impl RelayConnection {
    /// Ends it as a client should.
    pub async fn hang_up(&mut self) {
        if let Some((mut session, _)) = self.0.take() {
            session.until(Instant::now() + FAREWELL);
            session.quit().await;
        }
    }
}

impl Mailer {
    /// One for the relay of these settings, which trusts whom this client trusts.
    ///
    /// # Errors
    /// [`RelayConfigError`] with the option that is wrong.
    pub fn new(
        settings: RelaySettings<'_>,
        client: &Client,
        clock: fn() -> Timestamp,
    ) -> Result<Self, RelayConfigError> {
        Ok(Self { relay: Relay::of(settings)?, client: client.clone(), clock })
    }

    /// Hands a letter to the relay, within 30 s.
    pub async fn send(&self, line: &mut RelayConnection, letter: &MailContent) -> Attempt {
        let began = Instant::now();
        let (outcome, answer) = self.hand_over(line, letter, began + WHOLE).await;
        let mut answer = readable(answer.as_bytes());
        answer.truncate(answer.floor_char_boundary(MAX_ANSWER));
        let took = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
        Attempt { outcome, at: (self.clock)(), took, answer }
    }

    /// The outcome, and what was said. A session in which something failed is not used again.
    async fn hand_over(
        &self,
        line: &mut RelayConnection,
        letter: &MailContent,
        deadline: Instant,
    ) -> (Outcome, String) {
        let Some(mail) = compose(letter, &self.relay.from, &self.relay.domain) else {
            return (Outcome::Failed(DeliveryError::Broken), "the mail could not be written".to_owned());
        };
        if line.0.as_ref().is_some_and(|(_, mails)| *mails >= PER_CONNECTION) {
            line.hang_up().await;
        }
        let (mut session, mails, begun) = match self.begin(line, deadline).await {
            Ok(begun) => begun,
            // Whatever the relay says before it has seen the mail is no answer to it, a 5xx neither.
            Err(error) => return (Outcome::Failed(unready(&error)), said(&error)),
        };
        let sent = match begun {
            Ok(()) => session.send(letter.to.as_str(), &mail.formatted()).await,
            Err(error) => Err(error),
        };
        match sent {
            Ok(reply) => {
                if reply.whole {
                    line.0 = Some((session, mails + 1));
                }
                (Outcome::answered(reply.code), reply.text())
            }
            Err(SmtpError::Refused(reply)) => {
                line.0 = Some((session, mails));
                line.hang_up().await;
                (Outcome::answered(reply.code), reply.text())
            }
            Err(error) => (Outcome::Failed(broken(&error)), said(&error)),
        }
    }

    /// A session in which a mail was begun, the mails before it, and what came of the beginning. A relay may have hung up
    /// since the mail before: then there is another session.
    async fn begin(
        &self,
        line: &mut RelayConnection,
        deadline: Instant,
    ) -> Result<(Session, u32, Result<(), SmtpError>), SmtpError> {
        let from: &str = self.relay.from.email.as_ref();
        if let Some((mut session, mails)) = line.0.take() {
            session.until(deadline);
            match session.mail_from(from).await {
                Err(SmtpError::Connection(_) | SmtpError::Refused(Reply { code: 421, .. })) => {}
                begun => return Ok((session, mails, begun)),
            }
        }
        let mut session = self.connect(deadline).await?;
        let begun = session.mail_from(from).await;
        Ok((session, 0, begun))
    }

    /// A session in which mails may go: secret where it must be, and known by name where there is one.
    async fn connect(&self, deadline: Instant) -> Result<Session, SmtpError> {
        let Relay { host, security, credentials, .. } = &self.relay;
        let late = || ConnectionError::new(DeliveryError::TimedOut, "no connection in time");
        let dialled = timeout_at(deadline, timeout(CONNECT, self.dial())).await;
        let stream = dialled.ok().and_then(Result::ok).ok_or_else(late)??;
        let mut session = Session::begin(stream, deadline).await?;
        let start = match security {
            Security::Tls => false,
            Security::StartTls => true,
            Security::StartTlsIfOffered => session.offers("STARTTLS", None),
        };
        if start {
            session = session.start_tls(host, self.client.tls()).await?;
        }
        if let Some(credentials) = credentials {
            session.sign_in(credentials).await?;
        }
        Ok(session)
    }

    async fn dial(&self) -> Result<Box<dyn Connection>, ConnectionError> {
        let Relay { host, port, security, .. } = &self.relay;
        let stream = dial(host, *port, AddressRule::Any).await?;
        match security {
            Security::Tls => secure(stream, host, self.client.tls()).await,
            Security::StartTls | Security::StartTlsIfOffered => Ok(Box::new(stream)),
        }
    }
}

/// The kind of an error before the relay has seen a mail.
const fn unready(error: &SmtpError) -> DeliveryError {
    match error {
        SmtpError::Connection(ConnectionError { reason: DeliveryError::Broken, .. })
        | SmtpError::Refused(_)
        | SmtpError::Unsupported(_) => DeliveryError::Unreachable,
        SmtpError::Connection(error) => error.reason,
    }
}

/// The kind of an error in the middle of a mail.
const fn broken(error: &SmtpError) -> DeliveryError {
    match error {
        SmtpError::Connection(error) => error.reason,
        SmtpError::Refused(_) | SmtpError::Unsupported(_) => DeliveryError::Broken,
    }
}

/// An error's text.
fn said(error: &SmtpError) -> String {
    match error {
        SmtpError::Connection(error) => error.detail(),
        SmtpError::Refused(reply) => reply.text(),
        SmtpError::Unsupported(_) => error.to_string(),
    }
}
