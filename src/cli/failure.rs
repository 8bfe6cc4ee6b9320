//! What a command can fail with: the desk's own error, or something around it (a file, a pipe, an argument).

use std::io;
use std::net::SocketAddr;

use serde::Serialize;

use super::exit::Exit;
use super::output::json;
use super::output::sanitize::sanitize;
use crate::i18n::Locale;
use crate::identity::Unusable;
use crate::model::{Cause, Code, Error, Message, StoreError, ValidationError};
use crate::outbound::CertificateAuthorityError;
use crate::outbound::RelayConfigError;
use crate::system::RandomError;

/// What a command came to; a failure has not been told yet.
pub(crate) type CommandResult = Result<Exit, Failure>;

/// Why a command did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The desk refused, or the store could not.
    #[error(transparent)]
    Desk(#[from] Error),
    /// The words of the command are wrong in themselves, whatever the store holds.
    #[error("{0}")]
    Usage(#[source] Error),
    /// Neither a fixture of ours nor a file.
    #[error("no fixture {0}")]
    NoFixture(String),
    /// A file, or standard input, could not be read.
    #[error("{name} could not be read")]
    Unread {
        /// The file, or `-`.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file holds something else than it should.
    #[error("{name} could not be read")]
    Unfit {
        /// The file.
        name: String,
        /// What it should hold.
        why: Message,
    },
    /// A fixture has errors.
    #[error("{name} has errors")]
    Fixture {
        /// Its file, or its name.
        name: String,
        /// Each with its place in it.
        errors: Vec<ValidationError>,
    },
    /// A file could not be written.
    #[error("{name} could not be written")]
    Unwritten {
        /// The file.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file is there already.
    #[error("{0} exists already")]
    Exists(String),
    /// Standard output took nothing more, and not because its reader went away.
    #[error("standard output could not be written")]
    Output(#[from] io::Error),
    /// The address is taken, or not ours to take.
    #[error("cannot listen on {address}")]
    CannotListen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The system refused something else that the program needs.
    #[error("the system refused")]
    System(#[source] io::Error),
    /// A word on standard input that is no id.
    #[error("{0} is not an id")]
    IdParseError(String),
    /// What destroys data was not confirmed.
    #[error("not confirmed")]
    NotConfirmed,
    /// What destroys data could not be confirmed: there is nobody to ask.
    #[error("not confirmed")]
    NotAsked {
        /// What would have been asked: it names what is lost.
        question: Message,
    },
    /// The system gave no random bytes for a token.
    #[error(transparent)]
    RandomError(#[from] RandomError),
    /// The keys of the identity service cannot be used.
    #[error(transparent)]
    Keys(#[from] Unusable),
    /// The relay for mail cannot be used.
    #[error(transparent)]
    Relay(#[from] RelayConfigError),
    /// The certificate authorities to trust cannot be used.
    #[error(transparent)]
    Authorities(#[from] CertificateAuthorityError),
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Output(error.into())
    }
}

/// The error as programs read it on standard error.
#[derive(Serialize)]
struct ErrorDocument<'e> {
    error: ErrorView<'e>,
}

#[derive(Serialize)]
struct ErrorView<'e> {
    code: Code,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<Detail<'e>>,
}

#[derive(Serialize)]
struct Detail<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'e str>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Cause>,
}

impl Failure {
    /// How the program ends when this happened.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Desk(error) => error.kind().into(),
            Self::Usage(_) => Exit::Usage,
            Self::Keys(unusable) if unusable.is_of_words() => Exit::Usage,
            Self::Relay(bad) if bad.is_of_words() => Exit::Usage,
            Self::NoFixture(_)
            | Self::Unread { .. }
            | Self::Unfit { .. }
            | Self::Fixture { .. }
            | Self::Unwritten { .. }
            | Self::Exists(_)
            | Self::Output(_)
            | Self::CannotListen { .. }
            | Self::System(_)
            | Self::IdParseError(_)
            | Self::NotAsked { .. }
            | Self::RandomError(_)
            | Self::Keys(_)
            | Self::Relay(_)
            | Self::Authorities(_) => Exit::Failed,
            Self::NotConfirmed => Exit::Done,
        }
    }

    /// What a program switches on.
    fn code(&self) -> Code {
        match self {
            Self::Desk(error) | Self::Usage(error) => error.code(),
            Self::NoFixture(_) => Code::FixtureNotFound,
            Self::Fixture { .. } => Code::InvalidFixture,
            Self::IdParseError(_) => Code::InvalidTicket,
            Self::Unread { .. }
            | Self::Unfit { .. }
            | Self::Unwritten { .. }
            | Self::Exists(_)
            | Self::Output(_)
            | Self::CannotListen { .. }
            | Self::System(_)
            | Self::NotConfirmed
            | Self::NotAsked { .. }
            | Self::RandomError(_)
            | Self::Keys(_)
            | Self::Relay(_)
            | Self::Authorities(_) => Code::Failed,
        }
    }

    /// What to tell a person, in one sentence.
    fn sentence(&self, locale: Locale) -> String {
        let message = match self {
            Self::Desk(Error::Store {
                error: error @ (StoreError::Failed | StoreError::Damaged(_)),
                source: Some(source),
            }) => {
                return format!("{} ({source})", locale.say(&error.message()));
            }
            Self::Fixture { name, errors } => {
                let said: Vec<_> = errors.iter().map(|error| placed(error, locale)).collect();
                return format!("{name}: {}", said.join("; "));
            }
            Self::Desk(error) | Self::Usage(error) if error.validation_errors().len() > 1 => {
                let said = error.validation_errors().iter().map(|error| locale.say(&error.message));
                return said.collect::<Vec<_>>().join("; ");
            }
            Self::Desk(error) | Self::Usage(error) => error.message(),
            Self::NoFixture(name) => Message::new("cli.error.no_fixture").with("name", name),
            Self::Unread { name, source } => Message::new("cli.error.unread").with("file", name).with("reason", source),
            Self::Unfit { name, why } => {
                Message::new("cli.error.unread").with("file", name).with("reason", locale.say(why))
            }
            Self::Unwritten { name, source } => {
                Message::new("cli.error.unwritten").with("file", name).with("reason", source)
            }
            Self::Exists(name) => Message::new("cli.error.exists").with("file", name),
            Self::CannotListen { address, source } => {
                Message::new("serve.cannot_listen").with("address", address).with("reason", source)
            }
            Self::System(source) => Message::new("cli.error.system").with("reason", source),
            Self::Output(source) => Message::new("cli.error.output").with("reason", source),
            Self::IdParseError(word) => Message::new("cli.error.not_an_id").with("word", word),
            Self::NotConfirmed => Message::new("cli.error.declined"),
            Self::NotAsked { question } => Message::new("cli.error.needs_yes").with("question", locale.say(question)),
            Self::RandomError(source) => Message::new("cli.error.no_random").with("reason", source),
            Self::Keys(unusable) => unusable.message(),
            Self::Relay(bad) => bad.message(),
            Self::Authorities(bad) => bad.message(),
        };
        locale.say(&message)
    }

    /// As a person reads it: a line, or for a fixture file a line for each place that is wrong.
    pub(crate) fn text(&self, locale: Locale) -> String {
        if let Self::Fixture { name, errors } = self {
            let line = |error| format!("error: {}", sanitize(&format!("{name}: {}", placed(error, locale))));
            let lines = errors.iter().map(line);
            return lines.collect::<Vec<_>>().join("\n");
        }
        match self {
            // No is an answer, not an error.
            Self::NotConfirmed => self.sentence(locale),
            _ => format!("error: {}", sanitize(&self.sentence(locale))),
        }
    }

    /// As a program reads it: a JSON object on one line.
    pub(crate) fn json(&self, locale: Locale) -> String {
        if let Self::NotConfirmed = self {
            return self.text(locale);
        }
        let errors = match self {
            Self::Desk(error) | Self::Usage(error) => error.validation_errors(),
            Self::Fixture { errors, .. } => errors,
            _ => &[],
        };
        let cause = match self {
            // The sentence of a store that cannot be used is the store's own.
            Self::Desk(error) if error.code() != Code::StoreUnavailable => error.cause(),
            _ => None,
        };
        let placed = errors.iter().filter(|error| !error.field.is_empty());
        let placed =
            placed.map(|error| Detail { field: Some(&error.field), message: locale.say(&error.message), reason: None });
        let caused = cause.map(|cause| Detail { field: None, message: self.sentence(locale), reason: Some(cause) });
        let details = caused.into_iter().chain(placed).collect();
        let view = ErrorView { code: self.code(), message: self.sentence(locale), details };
        json::line(&ErrorDocument { error: view })
    }
}

/// A error of a file with its place.
fn placed(error: &ValidationError, locale: Locale) -> String {
    let said = locale.say(&error.message);
    if error.field.is_empty() { said } else { format!("{}: {said}", error.field) }
}
