//! Failures of commands: errors of the desk, and errors of files, pipes and arguments.

use std::io;
use std::net::SocketAddr;

use serde::Serialize;

use super::exit::Exit;
use super::output::json;
use super::output::sanitize::sanitize;
use crate::i18n::Locale;
use crate::identity::KeyConfigError;
use crate::model::{Cause, Code, Error, Message, StoreError, ValidationError};
use crate::outbound::CertificateAuthorityError;
use crate::outbound::RelayConfigError;
use crate::system::RandomError;

/// Result of a command. A failure has not been printed yet.
pub(crate) type CommandResult = Result<Exit, Failure>;

/// Failure of a command.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The use case was rejected, or the store failed.
    #[error(transparent)]
    Desk(#[from] Error),
    /// The arguments are invalid, independently of the store.
    #[error("{0}")]
    Usage(#[source] Error),
    /// The name is neither a built-in fixture nor a file.
    #[error("no fixture {0}")]
    FixtureNotFound(String),
    /// A file or standard input cannot be read.
    #[error("{name} could not be read")]
    CannotRead {
        /// Path of the file, or `-` for standard input.
        name: String,
        source: io::Error,
    },
    /// A file has invalid content.
    #[error("{name} could not be read")]
    InvalidFile {
        name: String,
        /// Description of the valid content.
        reason: Message,
    },
    /// A fixture has errors.
    #[error("{name} has errors")]
    Fixture {
        /// Path of the file, or name of a built-in fixture.
        name: String,
        /// Errors with their positions in the fixture.
        errors: Vec<ValidationError>,
    },
    /// A file cannot be written.
    #[error("{name} could not be written")]
    CannotWrite { name: String, source: io::Error },
    /// The file to create exists.
    #[error("{0} exists already")]
    FileExists(String),
    /// The file of a backup exists.
    #[error("{0} exists already")]
    BackupExists(String),
    /// Standard output is a terminal, and the output is binary.
    #[error("standard output is a terminal")]
    BinaryOnTerminal,
    /// Standard output cannot be written, for a reason other than a closed pipe.
    #[error("standard output could not be written")]
    Output(#[from] io::Error),
    /// The address is in use or may not be bound.
    #[error("cannot listen on {address}")]
    CannotListen { address: SocketAddr, source: io::Error },
    /// Another system call failed.
    #[error("the system refused")]
    System(#[source] io::Error),
    /// A word on standard input is not an id.
    #[error("{0} is not an id")]
    InvalidId(String),
    /// A destructive command was not confirmed.
    #[error("not confirmed")]
    NotConfirmed,
    /// A destructive command needs `--yes`, because there is no terminal to prompt on.
    #[error("not confirmed")]
    CannotConfirm {
        /// Text of the prompt, which names the data to be deleted.
        question: Message,
    },
    /// The operating system returned no random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The keys of the identity service are unusable.
    #[error(transparent)]
    Keys(#[from] KeyConfigError),
    /// The SMTP relay is misconfigured.
    #[error(transparent)]
    Relay(#[from] RelayConfigError),
    /// The file of certificate authorities is unusable.
    #[error(transparent)]
    Authorities(#[from] CertificateAuthorityError),
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Output(error.into())
    }
}

/// JSON document of an error on standard error.
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
    /// Returns the exit status.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Desk(error) => error.kind().into(),
            Self::Usage(_) | Self::BinaryOnTerminal => Exit::Usage,
            Self::Keys(error) if error.is_usage_error() => Exit::Usage,
            Self::Relay(error) if error.is_usage_error() => Exit::Usage,
            Self::FixtureNotFound(_)
            | Self::CannotRead { .. }
            | Self::InvalidFile { .. }
            | Self::Fixture { .. }
            | Self::CannotWrite { .. }
            | Self::FileExists(_)
            | Self::BackupExists(_)
            | Self::Output(_)
            | Self::CannotListen { .. }
            | Self::System(_)
            | Self::InvalidId(_)
            | Self::CannotConfirm { .. }
            | Self::Random(_)
            | Self::Keys(_)
            | Self::Relay(_)
            | Self::Authorities(_) => Exit::Failed,
            Self::NotConfirmed => Exit::Done,
        }
    }

    /// Returns the error code of the JSON document.
    fn code(&self) -> Code {
        match self {
            Self::Desk(error) | Self::Usage(error) => error.code(),
            Self::FixtureNotFound(_) => Code::FixtureNotFound,
            Self::Fixture { .. } => Code::InvalidFixture,
            Self::InvalidId(_) => Code::InvalidTicket,
            Self::CannotRead { .. }
            | Self::InvalidFile { .. }
            | Self::CannotWrite { .. }
            | Self::FileExists(_)
            | Self::BackupExists(_)
            | Self::BinaryOnTerminal
            | Self::Output(_)
            | Self::CannotListen { .. }
            | Self::System(_)
            | Self::NotConfirmed
            | Self::CannotConfirm { .. }
            | Self::Random(_)
            | Self::Keys(_)
            | Self::Relay(_)
            | Self::Authorities(_) => Code::Failed,
        }
    }

    /// Returns the message as one sentence in this language.
    fn message(&self, locale: Locale) -> String {
        let message = match self {
            Self::Desk(Error::Store {
                error: error @ (StoreError::Failed | StoreError::Damaged(_)),
                source: Some(source),
            }) => {
                return format!("{} ({source})", locale.translate(&error.message()));
            }
            Self::Fixture { name, errors } => {
                let lines: Vec<_> = errors.iter().map(|error| format_error(error, locale)).collect();
                return format!("{name}: {}", lines.join("; "));
            }
            Self::Desk(error) | Self::Usage(error) if error.validation_errors().len() > 1 => {
                let messages = error.validation_errors().iter().map(|error| locale.translate(&error.message));
                return messages.collect::<Vec<_>>().join("; ");
            }
            Self::Desk(error) | Self::Usage(error) => error.message(),
            Self::FixtureNotFound(name) => Message::new("cli.error.no_fixture").with("name", name),
            Self::CannotRead { name, source } => {
                Message::new("cli.error.unread").with("file", name).with("reason", source)
            }
            Self::InvalidFile { name, reason } => {
                Message::new("cli.error.unread").with("file", name).with("reason", locale.translate(reason))
            }
            Self::CannotWrite { name, source } => {
                Message::new("cli.error.unwritten").with("file", name).with("reason", source)
            }
            Self::FileExists(name) => Message::new("cli.error.exists").with("file", name),
            Self::BackupExists(name) => Message::new("cli.error.backup_exists").with("file", name),
            Self::BinaryOnTerminal => Message::new("cli.error.binary_terminal"),
            Self::CannotListen { address, source } => {
                Message::new("serve.cannot_listen").with("address", address).with("reason", source)
            }
            Self::System(source) => Message::new("cli.error.system").with("reason", source),
            Self::Output(source) => Message::new("cli.error.output").with("reason", source),
            Self::InvalidId(word) => Message::new("cli.error.not_an_id").with("word", word),
            Self::NotConfirmed => Message::new("cli.error.declined"),
            Self::CannotConfirm { question } => {
                Message::new("cli.error.needs_yes").with("question", locale.translate(question))
            }
            Self::Random(source) => Message::new("cli.error.no_random").with("reason", source),
            Self::Keys(error) => error.message(),
            Self::Relay(error) => error.message(),
            Self::Authorities(error) => error.message(),
        };
        locale.translate(&message)
    }

    /// Formats the failure as text: one line, or one line per error of a fixture.
    pub(crate) fn text(&self, locale: Locale) -> String {
        if let Self::Fixture { name, errors } = self {
            let line = |error| format!("error: {}", sanitize(&format!("{name}: {}", format_error(error, locale))));
            let lines = errors.iter().map(line);
            return lines.collect::<Vec<_>>().join("\n");
        }
        match self {
            // A declined prompt is not an error.
            Self::NotConfirmed => self.message(locale),
            _ => format!("error: {}", sanitize(&self.message(locale))),
        }
    }

    /// Formats the failure as a JSON object on one line.
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
            // The message of an unavailable store contains the cause already.
            Self::Desk(error) if error.code() != Code::StoreUnavailable => error.cause(),
            _ => None,
        };
        let details = errors.iter().filter(|error| !error.field.is_empty());
        let details = details.map(|error| Detail {
            field: Some(&error.field),
            message: locale.translate(&error.message),
            reason: None,
        });
        let caused = cause.map(|cause| Detail { field: None, message: self.message(locale), reason: Some(cause) });
        let details = caused.into_iter().chain(details).collect();
        let view = ErrorView { code: self.code(), message: self.message(locale), details };
        json::to_line(&ErrorDocument { error: view })
    }
}

/// Formats a validation error with the path of its field.
fn format_error(error: &ValidationError, locale: Locale) -> String {
    let message = locale.translate(&error.message);
    if error.field.is_empty() { message } else { format!("{}: {message}", error.field) }
}
