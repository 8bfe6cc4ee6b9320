//! Hands mails to the relay, several over one connection, each within limits of time.

use std::error::Error as StdError;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::time::timeout;

use super::letter::compose;
use super::relay::{BadRelay, Relay, RelaySettings, Security};
use crate::model::Timestamp;
use crate::model::mail::Letter;
use crate::model::mail::attempt::{Attempt, Ended, Trouble};
use crate::model::webhook::delivery::readable;
use crate::outgoing::Client;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long all of it may take, from the connection to the relay's word that it has the mail.
const WHOLE: Duration = Duration::from_secs(30);
/// How long a farewell may take.
const FAREWELL: Duration = Duration::from_secs(1);
/// How many mails go over one connection: relays have limits of their own.
const PER_CONNECTION: u32 = 20;
/// The most that is kept of what the relay says, in bytes.
const ANSWER_MAX: usize = 500;

/// Hands mails to one relay.
pub struct Mailer {
    relay: Relay,
    tls: TlsParameters,
    clock: fn() -> Timestamp,
}

/// A connection to the relay, where there is one, and how many mails went over it.
#[derive(Default)]
pub struct Line(Option<(AsyncSmtpConnection, u32)>);

impl Line {
    /// Ends it as a client should.
    pub async fn hang_up(&mut self) {
        if let Some((mut connection, _)) = self.0.take() {
            let _ = timeout(FAREWELL, connection.quit()).await;
        }
    }
}

impl Mailer {
    /// One for the relay of these settings, which trusts whom this client trusts.
    ///
    /// # Errors
    /// [`BadRelay`] with the option that is wrong.
    pub fn new(settings: RelaySettings<'_>, client: &Client, clock: fn() -> Timestamp) -> Result<Self, BadRelay> {
        let relay = Relay::of(settings)?;
        let tls = tls(&relay.host, client);
        Ok(Self { relay, tls, clock })
    }

    /// Hands a letter to the relay, within 30 s.
    pub async fn send(&self, line: &mut Line, letter: &Letter) -> Attempt {
        let (ended, answer) = match timeout(WHOLE, self.hand_over(line, letter)).await {
            Ok(outcome) => outcome,
            Err(_) => (Ended::Failed(Trouble::TimedOut), "no answer in time".to_owned()),
        };
        let mut answer = readable(answer.as_bytes());
        answer.truncate(answer.floor_char_boundary(ANSWER_MAX));
        Attempt { ended, at: (self.clock)(), answer }
    }

    /// How it ended, and what was said. A connection over which something failed is not used again.
    async fn hand_over(&self, line: &mut Line, letter: &Letter) -> (Ended, String) {
        let Some(mail) = compose(letter, &self.relay.from, &self.relay.domain) else {
            return (Ended::Failed(Trouble::Broken), "the mail could not be written".to_owned());
        };
        if line.0.as_ref().is_some_and(|(_, mails)| *mails >= PER_CONNECTION) {
            line.hang_up().await;
        }
        let (mut connection, mails) = match line.0.take() {
            Some(open) => open,
            None => match self.connect().await {
                Ok(connection) => (connection, 0),
                // Whatever the relay says before it has seen the mail is no answer to it, a 5xx neither.
                Err(error) => return (Ended::Failed(unready(&error)), said(&error)),
            },
        };
        match connection.send(mail.envelope(), &mail.formatted()).await {
            Ok(response) => {
                line.0 = Some((connection, mails + 1));
                (Ended::Answered(response.code().into()), response.message().collect::<Vec<_>>().join(" "))
            }
            Err(error) => match error.status() {
                Some(code) => (Ended::Answered(code.into()), said(&error)),
                None => (Ended::Failed(Trouble::Broken), said(&error)),
            },
        }
    }

    /// A connection over which mails may go: secret where it must be, and known by name where there is one.
    async fn connect(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let Relay { host, port, security, credentials, .. } = &self.relay;
        let us = ClientId::default();
        let tls = (*security == Security::Tls).then(|| self.tls.clone());
        let place = (host.as_str(), *port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(place, Some(CONNECT), &us, tls, None).await?;
        let start = match security {
            Security::Tls => false,
            Security::StartTls => true,
            Security::StartTlsIfOffered => connection.can_starttls(),
        };
        if start {
            connection.starttls(self.tls.clone(), &us).await?;
        }
        if let Some(credentials) = credentials {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?;
        }
        Ok(connection)
    }
}

/// What TLS to this host is made with.
fn tls(host: &str, client: &Client) -> TlsParameters {
    let authorities = client.named_authorities().iter();
    let tls = authorities.fold(TlsParameters::builder(host.to_owned()), |tls, authority| {
        tls.add_root_certificate(Certificate::from_der(authority.to_vec()).expect("any bytes are taken"))
    });
    tls.build().expect("the authorities were read as certificates, and the versions of TLS are known")
}

fn unready(error: &SmtpError) -> Trouble {
    if error.is_timeout() { Trouble::TimedOut } else { Trouble::Unreachable }
}

/// What an error says, with its causes.
fn said(error: &SmtpError) -> String {
    let cause = std::iter::successors(error.source(), |&error| error.source()).last();
    match cause {
        Some(cause) if error.status().is_some() => cause.to_string(),
        Some(_) | None => error.to_string(),
    }
}
