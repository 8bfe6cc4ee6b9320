//! Error type of the model and the use cases: a stable code, a kind, and the values of its message.

use std::any::Any;
use std::error::Error as StdError;

use super::audit_verify::Finding;
use super::permission::Permission;
use super::{
    Cause, Code, CustomerId, DeliveryId, EscalationRefusal, Location, Message, NotificationId, TicketId, TokenError,
    TokenId, ValidationError, WebhookId,
};

/// Error of a use case.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input is invalid, or names something that does not exist. Never empty; the first error determines the code.
    #[error("invalid input: {}", .0.first().map_or("", |error| error.code.as_str()))]
    Invalid(Vec<ValidationError>),
    /// A fixture file is invalid: its errors in the order of the file. Never empty.
    #[error("invalid fixture")]
    InvalidFixture(Vec<ValidationError>),
    /// The ticket does not exist, or is not visible to the caller.
    #[error("ticket {0} not found")]
    TicketNotFound(TicketId),
    /// The ticket cannot be escalated.
    #[error("ticket {id} cannot be escalated")]
    NotEscalatable {
        id: TicketId,
        /// Reason.
        why: EscalationRefusal,
    },
    /// The ticket is already closed.
    #[error("ticket {0} is closed already")]
    AlreadyClosed(TicketId),
    /// A group member attempted an operation reserved for the owner of the ticket.
    #[error("ticket {0} belongs to another customer")]
    NotOwner(TicketId),
    /// The caller lacks the permission.
    #[error("missing permission {0}")]
    MissingPermission(Permission),
    /// The token has another role than the endpoint requires.
    #[error("wrong role")]
    WrongRole,
    /// The token does not authenticate its bearer.
    #[error("invalid token: {0}")]
    BadToken(TokenError),
    /// The customer's rewards account is not active.
    #[error("the rewards account of customer {0} is not active")]
    RewardsInactive(CustomerId),
    #[error("token {0} not found")]
    TokenNotFound(TokenId),
    /// The token is already revoked.
    #[error("token {0} is revoked already")]
    TokenRevoked(TokenId),
    /// The audit log failed verification.
    #[error("audit: {0:?}")]
    AuditBroken(Finding),
    #[error("webhook {0} not found")]
    WebhookNotFound(WebhookId),
    /// The webhook is disabled.
    #[error("webhook {0} is disabled")]
    WebhookDisabled(WebhookId),
    #[error("delivery {0} not found")]
    DeliveryNotFound(DeliveryId),
    /// The notification has no mail.
    #[error("mail of notification {0} not found")]
    MailNotFound(NotificationId),
    /// Events after the requested position were purged.
    #[error("events up to {through} are gone")]
    EventsGone {
        /// Sequence number of the last purged event.
        through: i64,
    },
    /// The idempotency key was used for another request.
    #[error("key reused")]
    KeyReused,
    /// The row changed between read and write; nothing was written.
    #[error("{0} changed meanwhile")]
    Changed(&'static str),
    /// The store failed.
    #[error("store: {error:?}")]
    Store {
        error: StoreError,
        /// Error of the engine.
        #[source]
        source: Option<Box<dyn StdError + Send + Sync>>,
    },
    /// The use case panicked; nothing was written.
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

/// Error of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// The file does not exist.
    Missing(Location),
    /// Neither the file nor its folder exists.
    NoFolder(Location),
    /// The file is not a store of this program.
    Foreign(Location),
    /// The store was written by a later version of this program.
    Newer {
        location: Location,
        /// Schema version of the store.
        found: i64,
        /// Newest schema version that this program supports.
        known: i64,
    },
    /// The database is corrupt.
    Damaged(Location),
    /// A file of the store was moved, replaced or truncated while open.
    Displaced(Location),
    /// The WAL beside the store belongs to another database.
    StaleWal { location: Location, wal: Location },
    /// The file name is too long for the names of the files beside it.
    NameTooLong(Location),
    /// The process has no file descriptor left.
    NoDescriptors,
    /// The lock or the queue of the store was not available in time.
    Busy,
    /// The disk is full.
    Full,
    /// The file, its folder or its disk is read-only.
    ReadOnly(Location),
    /// Another process has the store open.
    InUse(Location),
    /// A copy of the store could not be written.
    CopyNotWritten { location: Location, reason: String },
    /// A copy of the store failed its verification.
    CopyDamaged { location: Location, reason: String },
    /// Any other failure.
    Failed,
}

/// Category of an error. `http/refusal.rs` maps it to a status, `cli/exit.rs` to an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The input is invalid.
    Invalid,
    /// The subject does not exist.
    NotFound,
    /// The state of the subject does not allow the operation.
    Refused,
    /// The caller is not authenticated.
    Unauthorized,
    /// The caller lacks permission.
    Forbidden,
    /// The subject was purged.
    Gone,
    /// The idempotency key was used for another request.
    KeyReused,
    /// The store is temporarily unavailable; a retry may succeed.
    Unavailable,
    /// Internal error.
    Broken,
}

impl Error {
    /// Builds an error of the store with the error of the engine.
    pub fn store(error: StoreError, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Store { error, source: Some(source.into()) }
    }

    /// Builds the error of a caught panic, with its message.
    pub fn panicked(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Self::Panicked(text.unwrap_or("no words").to_owned())
    }

    /// Builds an error of one member.
    pub fn invalid(code: Code, field: impl Into<String>, message: Message) -> Self {
        Self::Invalid(vec![ValidationError { code, field: field.into(), message }])
    }

    /// Returns the stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::Invalid(errors) => errors.first().map_or(Code::InvalidTicket, |error| error.code),
            Self::InvalidFixture(_) => Code::InvalidFixture,
            Self::TicketNotFound(_) => Code::TicketNotFound,
            Self::NotEscalatable { .. } => Code::TicketNotEscalatable,
            Self::AlreadyClosed(_) | Self::Changed(_) | Self::Panicked(_) => Code::TicketFailed,
            Self::NotOwner(_) | Self::MissingPermission(_) | Self::WrongRole => Code::PermissionDenied,
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

    /// Returns the cause, if the code has several and the errors of members do not tell.
    pub fn cause(&self) -> Option<Cause> {
        match self {
            Self::AlreadyClosed(_) => Some(Cause::AlreadyClosed),
            Self::NotEscalatable { why, .. } => Some(why.cause()),
            Self::NotOwner(_) => Some(Cause::NotOwner),
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
                | Kind::KeyReused => None,
            },
        }
    }

    /// Returns an identifier for the log of the reason for which a caller was rejected; none for other errors.
    pub fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::BadToken(reason) => Some(reason.as_str()),
            Self::WrongRole => Some("wrong_role"),
            Self::MissingPermission(_) => Some("missing_permission"),
            Self::NotOwner(_) => Some("not_owner"),
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

    /// Returns the category.
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
            Self::NotOwner(_) | Self::MissingPermission(_) | Self::WrongRole => Kind::Forbidden,
            Self::EventsGone { .. } => Kind::Gone,
            Self::KeyReused => Kind::KeyReused,
            Self::Store { .. } => Kind::Unavailable,
            Self::Changed(_) | Self::Panicked(_) => Kind::Broken,
        }
    }

    /// Returns the message for users. For several invalid members, it is that of the first; see
    /// [`Self::validation_errors`].
    pub fn message(&self) -> Message {
        match self {
            Self::Invalid(errors) | Self::InvalidFixture(errors) => {
                errors.first().map_or(Message::new("error.invalid"), |error| error.message.clone())
            }
            Self::TicketNotFound(id) => Message::new("error.ticket_not_found").with("id", id),
            Self::NotEscalatable { id, why } => Message::new(why.key()).with("id", id),
            Self::AlreadyClosed(id) => Message::new("error.ticket_closed").with("id", id),
            Self::NotOwner(id) => Message::new("error.not_yours").with("id", id),
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

    /// Returns the errors of members; empty if the error is not about members.
    pub fn validation_errors(&self) -> &[ValidationError] {
        match self {
            Self::Invalid(errors) | Self::InvalidFixture(errors) => errors,
            _ => &[],
        }
    }
}

/// Formats an error with all its sources on one line, for logs only.
pub fn chain(error: &(dyn StdError + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error: &&(dyn StdError + 'static)| (**error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl StoreError {
    /// Returns the message for users of the command line; clients of the API only learn that the operation failed.
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
            Self::InUse(location) => Message::new("store.in_use").with("file", location),
            Self::CopyNotWritten { location, reason } => {
                Message::new("cli.error.unwritten").with("file", location).with("reason", reason)
            }
            Self::CopyDamaged { location, reason } => {
                Message::new("store.copy_damaged").with("file", location).with("reason", reason)
            }
            Self::Failed => Message::new("store.failed"),
        }
    }
}
