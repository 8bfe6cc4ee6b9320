//! The one error of the desk: a stable code, a kind, and the values its sentence needs.

use std::any::Any;
use std::error::Error as StdError;

use super::audit_verify::Finding;
use super::permission::Permission;
use super::{
    Cause, Code, CustomerId, DeliveryId, EscalationRefusal, Location, Message, NotificationId, TicketId, TokenError,
    TokenId, ValidationError, WebhookId,
};

/// Whatever the desk answers in place of what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input is wrong in itself, or names what is not there; never empty, and the first error gives the code.
    #[error("invalid input: {}", .0.first().map_or("", |error| error.code.as_str()))]
    Invalid(Vec<ValidationError>),
    /// A fixture file has errors, in the order of the file; never empty.
    #[error("invalid fixture")]
    InvalidFixture(Vec<ValidationError>),
    /// No such ticket, or none that the caller has a part in.
    #[error("ticket {0} not found")]
    TicketNotFound(TicketId),
    /// The ticket is not open (or, for an agent, is closed or at the top).
    #[error("ticket {id} cannot be escalated")]
    NotEscalatable {
        /// The ticket.
        id: TicketId,
        /// Why not.
        why: EscalationRefusal,
    },
    /// The ticket is closed already.
    #[error("ticket {0} is closed already")]
    AlreadyClosed(TicketId),
    /// A group member tried what only the customer who opened the ticket may do.
    #[error("ticket {0} belongs to another customer")]
    NotYours(TicketId),
    /// The token's permissions do not hold this one.
    #[error("missing permission {0}")]
    MissingPermission(Permission),
    /// The token's role is not the one the endpoint asks for.
    #[error("wrong role")]
    WrongRole,
    /// The token does not authenticate its bearer.
    #[error("invalid token: {0}")]
    BadToken(TokenError),
    /// The customer's rewards account takes no points.
    #[error("the rewards account of customer {0} is not active")]
    RewardsInactive(CustomerId),
    /// No token has this id.
    #[error("token {0} not found")]
    TokenNotFound(TokenId),
    /// The token was revoked before.
    #[error("token {0} is revoked already")]
    TokenRevoked(TokenId),
    /// The audit log, or what it is held against, was changed by something else.
    #[error("audit: {0:?}")]
    AuditBroken(Finding),
    /// No webhook has this id.
    #[error("webhook {0} not found")]
    WebhookNotFound(WebhookId),
    /// The webhook gets nothing any more.
    #[error("webhook {0} is disabled")]
    WebhookDisabled(WebhookId),
    /// No delivery has this id.
    #[error("delivery {0} not found")]
    DeliveryNotFound(DeliveryId),
    /// No mail brings this notification.
    #[error("mail of notification {0} not found")]
    MailNotFound(NotificationId),
    /// Events after the place that a reader named are no longer kept.
    #[error("events up to {through} are gone")]
    EventsGone {
        /// The last of them.
        through: i64,
    },
    /// The same key came with another content.
    #[error("key reused")]
    KeyReused,
    /// The row changed between reading and writing; nothing was written.
    #[error("{0} changed meanwhile")]
    Changed(&'static str),
    /// The store could not do it.
    #[error("store: {error:?}")]
    Store {
        /// What is the matter with it.
        error: StoreError,
        /// What the engine said.
        #[source]
        source: Option<Box<dyn StdError + Send + Sync>>,
    },
    /// A panic in the desk, caught; nothing was written.
    #[error("panicked: {0}")]
    Panicked(String),
}

impl From<TokenError> for Error {
    fn from(reason: TokenError) -> Self {
        match reason {
            TokenError::Role => Self::WrongRole,
            _ => Self::BadToken(reason),
        }
    }
}

/// What can be the matter with a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// No file there.
    Missing(Location),
    /// No file there, and none can be made: the folder is missing too.
    NoFolder(Location),
    /// A file, but not one of ours.
    Foreign(Location),
    /// Written by a later version of this program.
    Newer {
        /// The store.
        location: Location,
        /// The version it has.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// Its pages contradict each other.
    Damaged(Location),
    /// A file of it is no longer where it was when it was opened, or no longer whole.
    Displaced(Location),
    /// The log beside it was written for another file.
    StaleWal {
        /// The store.
        location: Location,
        /// The log.
        wal: Location,
    },
    /// Its name leaves no room for those of the files beside it.
    NameTooLong(Location),
    /// The system gave no descriptor for it.
    NoDescriptors,
    /// Another process held it for longer than we wait, or more work waits than may.
    Busy,
    /// No room on the disk.
    Full,
    /// The file, its folder or its disk takes no writes.
    ReadOnly(Location),
    /// Anything else.
    Failed,
}

/// What sort of answer an error is; `http/reply.rs` and `cli/exit.rs` each turn it into a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The input is wrong.
    Invalid,
    /// The thing is not there.
    NotFound,
    /// The thing's state does not allow it.
    Refused,
    /// The caller is not known.
    Unauthorized,
    /// The caller is known and may not.
    Forbidden,
    /// It was there, and is no longer kept.
    Gone,
    /// The same key, another content.
    Conflict,
    /// The store cannot serve now; trying later may help.
    Unavailable,
    /// It broke on our side.
    Broken,
}

impl Error {
    /// An error of the store, with what the engine said.
    pub fn store(error: StoreError, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Store { error, source: Some(source.into()) }
    }

    /// A panic that was caught, with what it said.
    pub fn panicked(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Self::Panicked(text.unwrap_or("no words").to_owned())
    }

    /// One thing wrong in one place.
    pub fn invalid(code: Code, field: impl Into<String>, message: Message) -> Self {
        Self::Invalid(vec![ValidationError { code, field: field.into(), message }])
    }

    /// What a client switches on.
    pub fn code(&self) -> Code {
        match self {
            Self::Invalid(errors) => errors.first().map_or(Code::InvalidTicket, |error| error.code),
            Self::InvalidFixture(_) => Code::InvalidFixture,
            Self::TicketNotFound(_) => Code::TicketNotFound,
            Self::NotEscalatable { .. } => Code::TicketNotEscalatable,
            Self::AlreadyClosed(_) | Self::Changed(_) | Self::Panicked(_) => Code::TicketFailed,
            Self::NotYours(_) | Self::MissingPermission(_) | Self::WrongRole => Code::PermissionDenied,
            Self::BadToken(_) => Code::Unauthorized,
            Self::RewardsInactive(_) => Code::RewardsInactive,
            Self::TokenNotFound(_) => Code::TokenNotFound,
            Self::TokenRevoked(_) => Code::TokenRevoked,
            Self::AuditBroken(_) => Code::AuditBroken,
            Self::WebhookNotFound(_) => Code::WebhookNotFound,
            Self::WebhookDisabled(_) => Code::WebhookDisabled,
            Self::DeliveryNotFound(_) => Code::DeliveryNotFound,
            Self::MailNotFound(_) => Code::MailNotFound,
            Self::EventsGone { .. } => Code::EventsGone,
            Self::KeyReused => Code::IdempotencyKeyReused,
            Self::Store { .. } => Code::StoreUnavailable,
        }
    }

    /// The cause that a client is told beside the code; none where the code, or the errors, tell all.
    pub fn cause(&self) -> Option<Cause> {
        match self {
            Self::AlreadyClosed(_) => Some(Cause::AlreadyClosed),
            Self::NotEscalatable { why, .. } => Some(why.cause()),
            Self::NotYours(_) => Some(Cause::NotOwner),
            Self::MissingPermission(_) => Some(Cause::MissingPermission),
            Self::WrongRole => Some(Cause::WrongRole),
            Self::BadToken(_) => Some(Cause::InvalidToken),
            _ => match self.kind() {
                Kind::Unavailable => Some(Cause::Unavailable),
                Kind::Broken => Some(Cause::Internal),
                Kind::Invalid
                | Kind::NotFound
                | Kind::Refused
                | Kind::Unauthorized
                | Kind::Forbidden
                | Kind::Gone
                | Kind::Conflict => None,
            },
        }
    }

    /// Stable word for the log that says why a caller was refused; none for errors that are not about the caller.
    pub fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::BadToken(reason) => Some(reason.as_str()),
            Self::WrongRole => Some("wrong_role"),
            Self::MissingPermission(_) => Some("missing_permission"),
            Self::NotYours(_) => Some("not_owner"),
            Self::Invalid(_)
            | Self::InvalidFixture(_)
            | Self::TicketNotFound(_)
            | Self::NotEscalatable { .. }
            | Self::AlreadyClosed(_)
            | Self::RewardsInactive(_)
            | Self::TokenNotFound(_)
            | Self::TokenRevoked(_)
            | Self::AuditBroken(_)
            | Self::WebhookNotFound(_)
            | Self::WebhookDisabled(_)
            | Self::DeliveryNotFound(_)
            | Self::MailNotFound(_)
            | Self::EventsGone { .. }
            | Self::KeyReused
            | Self::Changed(_)
            | Self::Store { .. }
            | Self::Panicked(_) => None,
        }
    }

    /// What sort of answer it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Invalid(_) | Self::InvalidFixture(_) => Kind::Invalid,
            Self::TicketNotFound(_)
            | Self::TokenNotFound(_)
            | Self::WebhookNotFound(_)
            | Self::DeliveryNotFound(_)
            | Self::MailNotFound(_) => Kind::NotFound,
            Self::NotEscalatable { .. }
            | Self::AlreadyClosed(_)
            | Self::RewardsInactive(_)
            | Self::TokenRevoked(_)
            | Self::WebhookDisabled(_)
            | Self::AuditBroken(_) => Kind::Refused,
            Self::BadToken(_) => Kind::Unauthorized,
            Self::NotYours(_) | Self::MissingPermission(_) | Self::WrongRole => Kind::Forbidden,
            Self::EventsGone { .. } => Kind::Gone,
            Self::KeyReused => Kind::Conflict,
            Self::Store { .. } => Kind::Unavailable,
            Self::Changed(_) | Self::Panicked(_) => Kind::Broken,
        }
    }

    /// What to tell a person. Where several places are wrong, it is the first one's sentence; see [`Self::errors`].
    pub fn message(&self) -> Message {
        match self {
            Self::Invalid(errors) | Self::InvalidFixture(errors) => {
                errors.first().map_or(Message::new("error.invalid"), |error| error.message.clone())
            }
            Self::TicketNotFound(id) => Message::new("error.ticket_not_found").with("id", id),
            Self::NotEscalatable { id, why } => Message::new(why.key()).with("id", id),
            Self::AlreadyClosed(id) => Message::new("error.ticket_closed").with("id", id),
            Self::NotYours(id) => Message::new("error.not_yours").with("id", id),
            Self::MissingPermission(permission) => {
                Message::new("error.missing_permission").with("permission", permission)
            }
            Self::WrongRole => Message::new("error.wrong_role"),
            Self::BadToken(_) => Message::new("error.bad_token"),
            Self::RewardsInactive(id) => Message::new("error.rewards_inactive").with("id", id),
            Self::TokenNotFound(id) => Message::new("error.token_not_found").with("id", id),
            Self::TokenRevoked(id) => Message::new("error.token_revoked").with("id", id),
            Self::AuditBroken(finding) => finding.message(),
            Self::WebhookNotFound(id) => Message::new("error.webhook_not_found").with("id", id),
            Self::WebhookDisabled(id) => Message::new("error.webhook_disabled").with("id", id),
            Self::DeliveryNotFound(id) => Message::new("error.delivery_not_found").with("id", id),
            Self::MailNotFound(id) => Message::new("error.mail_not_found").with("id", id),
            Self::EventsGone { through } => Message::new("error.events_gone").with("through", through),
            Self::KeyReused => Message::new("error.key_reused"),
            Self::Changed(_) | Self::Panicked(_) => Message::new("error.failed"),
            Self::Store { error, .. } => error.message(),
        }
    }

    /// Each place that is wrong; empty where no single one is.
    pub fn validation_errors(&self) -> &[ValidationError] {
        match self {
            Self::Invalid(errors) | Self::InvalidFixture(errors) => errors,
            _ => &[],
        }
    }
}

/// An error with everything that caused it, on one line: for the log, never for a client.
pub fn chain(error: &(dyn StdError + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error: &&(dyn StdError + 'static)| (**error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl StoreError {
    /// What to tell a person at a terminal; a client of the API hears only that the operation failed.
    pub fn message(&self) -> Message {
        match self {
            Self::Missing(location) => Message::new("store.missing").with("file", location),
            Self::NoFolder(location) => Message::new("store.no_folder").with("file", location),
            Self::Foreign(location) => Message::new("store.foreign").with("file", location),
            Self::Newer { location, found, known } => {
                Message::new("store.newer").with("file", location).with("found", found).with("known", known)
            }
            Self::Damaged(location) => Message::new("store.damaged").with("file", location),
            Self::Displaced(location) => Message::new("store.displaced").with("file", location),
            Self::StaleWal { location, wal } => Message::new("store.stale_wal").with("file", location).with("wal", wal),
            Self::NameTooLong(location) => Message::new("store.name_too_long").with("file", location),
            Self::NoDescriptors => Message::new("store.no_descriptors"),
            Self::Busy => Message::new("store.busy"),
            Self::Full => Message::new("store.full"),
            Self::ReadOnly(location) => Message::new("store.read_only").with("file", location),
            Self::Failed => Message::new("store.failed"),
        }
    }
}
