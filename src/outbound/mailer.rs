//! Sends mails to the relay, several over one connection, each within time limits.

use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use super::dial::{AddressRule, Connection, ConnectionError, dial, secure};
use super::http::Client;
use super::mail::compose;
use super::relay::{Relay, RelayConfigError, RelaySettings, Security};
use super::smtp::{Reply, Session, SmtpError};
use crate::model::Timestamp;
use crate::model::delivery::{Attempt, AttemptOutcome, DeliveryError, readable};
use crate::model::mail::MailContent;

/// Time limit for establishing the connection, TLS included.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// Time limit for sending one mail, until the relay accepts it.
const SEND_LIMIT: Duration = Duration::from_secs(30);
/// Time limit for `QUIT`.
const QUIT_LIMIT: Duration = Duration::from_secs(1);
/// Maximum number of mails over one connection, because relays limit that number too.
const MAX_MAILS_PER_CONNECTION: u32 = 20;
/// Maximum length of a recorded reply in bytes.
const MAX_REPLY: usize = 500;

/// Sender of mails to one relay.
pub struct Mailer {
    relay: Relay,
    client: Client,
    clock: fn() -> Timestamp,
}

/// Open session with the relay, if any, and the number of mails sent over it.
#[derive(Default)]
pub struct RelayConnection(Option<(Session, u32)>);

impl RelayConnection {
    /// Sends `QUIT` and closes the session.
    pub async fn quit(&mut self) {
        if let Some((mut session, _)) = self.0.take() {
            session.set_deadline(Instant::now() + QUIT_LIMIT);
            session.quit().await;
        }
    }
}

impl Mailer {
    /// Creates a mailer for the relay of these settings, with the certificate authorities of `client`.
    ///
    /// # Errors
    /// [`RelayConfigError`] with the invalid option.
    pub fn new(
        settings: RelaySettings<'_>,
        client: &Client,
        clock: fn() -> Timestamp,
    ) -> Result<Self, RelayConfigError> {
        Ok(Self { relay: Relay::from_settings(settings)?, client: client.clone(), clock })
    }

    /// Sends a mail to the relay within 30 s.
    pub async fn send(&self, connection: &mut RelayConnection, mail: &MailContent) -> Attempt {
        let began = Instant::now();
        let (outcome, answer) = self.transact(connection, mail, began + SEND_LIMIT).await;
        let mut answer = readable(answer.as_bytes());
        answer.truncate(answer.floor_char_boundary(MAX_REPLY));
        let took = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
        Attempt { outcome, at: (self.clock)(), took, answer }
    }

    /// Returns the outcome and the relay's reply. A session in which a command failed is not used again.
    async fn transact(
        &self,
        connection: &mut RelayConnection,
        mail: &MailContent,
        deadline: Instant,
    ) -> (AttemptOutcome, String) {
        let Some(message) = compose(mail, &self.relay.from, &self.relay.domain) else {
            return (AttemptOutcome::Failed(DeliveryError::Broken), "the mail could not be written".to_owned());
        };
        if connection.0.as_ref().is_some_and(|(_, mails)| *mails >= MAX_MAILS_PER_CONNECTION) {
            connection.quit().await;
        }
        let (mut session, mails, started) = match self.mail_from(connection, deadline).await {
            Ok(started) => started,
            // A reply before `MAIL FROM`, even 5xx, does not concern this mail, so the mail is retried.
            Err(error) => return (AttemptOutcome::Failed(reason_before_mail(&error)), error_text(&error)),
        };
        let sent = match started {
            Ok(()) => session.send(mail.to.as_str(), &message.formatted()).await,
            Err(error) => Err(error),
        };
        match sent {
            Ok(reply) => {
                if reply.complete {
                    connection.0 = Some((session, mails + 1));
                }
                (AttemptOutcome::answered(reply.code), reply.text())
            }
            Err(SmtpError::Refused(reply)) => {
                connection.0 = Some((session, mails));
                connection.quit().await;
                (AttemptOutcome::answered(reply.code), reply.text())
            }
            Err(error) => (AttemptOutcome::Failed(reason_during_mail(&error)), error_text(&error)),
        }
    }

    /// Sends `MAIL FROM` and returns the session, the number of mails sent over it before, and the result. Opens a new
    /// session if the relay closed the previous one.
    async fn mail_from(
        &self,
        connection: &mut RelayConnection,
        deadline: Instant,
    ) -> Result<(Session, u32, Result<(), SmtpError>), SmtpError> {
        let from: &str = self.relay.from.email.as_ref();
        if let Some((mut session, mails)) = connection.0.take() {
            session.set_deadline(deadline);
            match session.mail_from(from).await {
                Err(SmtpError::Connection(_) | SmtpError::Refused(Reply { code: 421, .. })) => {}
                started => return Ok((session, mails, started)),
            }
        }
        let mut session = self.connect(deadline).await?;
        let started = session.mail_from(from).await;
        Ok((session, 0, started))
    }

    /// Opens a session: connects, starts TLS as configured, and authenticates if there are credentials.
    async fn connect(&self, deadline: Instant) -> Result<Session, SmtpError> {
        let Relay { host, security, credentials, .. } = &self.relay;
        let timed_out = || ConnectionError::new(DeliveryError::TimedOut, "no connection in time");
        let dialled = timeout_at(deadline, timeout(CONNECT_LIMIT, self.dial())).await;
        let stream = dialled.ok().and_then(Result::ok).ok_or_else(timed_out)??;
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
            session.authenticate(credentials).await?;
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

/// Returns the reason of an error before `MAIL FROM`.
const fn reason_before_mail(error: &SmtpError) -> DeliveryError {
    match error {
        SmtpError::Connection(ConnectionError { reason: DeliveryError::Broken, .. })
        | SmtpError::Refused(_)
        | SmtpError::Unsupported(_) => DeliveryError::Unreachable,
        SmtpError::Connection(error) => error.reason,
    }
}

/// Returns the reason of an error during a mail transaction.
const fn reason_during_mail(error: &SmtpError) -> DeliveryError {
    match error {
        SmtpError::Connection(error) => error.reason,
        SmtpError::Refused(_) | SmtpError::Unsupported(_) => DeliveryError::Broken,
    }
}

/// Returns the text of an error.
fn error_text(error: &SmtpError) -> String {
    match error {
        SmtpError::Connection(error) => error.detail(),
        SmtpError::Refused(reply) => reply.text(),
        SmtpError::Unsupported(_) => error.to_string(),
    }
}
