//! Stable identifiers for the cause of an error, for codes that have several causes.

use super::closed_list::closed_list;

closed_list!(
    /// Cause of an error (`details[].reason`).
    Cause {
        /// `SUPPORT_TICKET_FAILED`: the ticket is closed.
        AlreadyClosed = "ALREADY_CLOSED",
        /// `SUPPORT_TICKET_FAILED`: the store is temporarily unavailable; a retry may succeed.
        Unavailable = "UNAVAILABLE",
        /// `SUPPORT_TICKET_FAILED`: internal error.
        Internal = "INTERNAL",
        /// `SUPPORT_TICKET_NOT_ESCALATABLE`: the ticket is closed.
        Closed = "CLOSED",
        /// `SUPPORT_TICKET_NOT_ESCALATABLE`: the customer has already escalated the ticket.
        AlreadyEscalated = "ALREADY_ESCALATED",
        /// `SUPPORT_TICKET_NOT_ESCALATABLE`: the ticket is at the highest level.
        TopLevel = "TOP_LEVEL",
        /// `PERMISSION_DENIED`: the caller is a group member of the ticket, not its owner.
        NotOwner = "NOT_OWNER",
        /// `PERMISSION_DENIED`: the token lacks the permission.
        MissingPermission = "MISSING_PERMISSION",
        /// `PERMISSION_DENIED`: the token has another role.
        WrongRole = "WRONG_ROLE",
        /// `UNAUTHORIZED`: no bearer token.
        NoToken = "NO_TOKEN",
        /// `UNAUTHORIZED`: more than one `Authorization` header.
        SeveralTokens = "SEVERAL_TOKENS",
        /// `UNAUTHORIZED`: the token is unknown, malformed, revoked or expired; the client does not learn which.
        InvalidToken = "INVALID_TOKEN",
        /// `UNSUPPORTED_MEDIA_TYPE`: `Content-Type` is not `application/json`.
        ContentType = "CONTENT_TYPE",
        /// `UNSUPPORTED_MEDIA_TYPE`: the body has a content encoding.
        ContentEncoding = "CONTENT_ENCODING",
        /// `BAD_REQUEST`: `Host` is missing or repeated.
        Host = "HOST",
        /// `BAD_REQUEST`: the request head is not valid HTTP/1.1.
        Malformed = "MALFORMED",
    }
);

/// Reason for which a ticket cannot be escalated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EscalationRefusal {
    Closed,
    /// The customer has already escalated the ticket.
    AlreadyEscalated,
    /// The ticket is at the highest level.
    TopLevel,
}

impl EscalationRefusal {
    /// Returns the key of its message.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Closed => "error.escalate_closed",
            Self::AlreadyEscalated => "error.escalate_again",
            Self::TopLevel => "error.escalate_top",
        }
    }

    /// Returns its stable identifier.
    pub const fn cause(self) -> Cause {
        match self {
            Self::Closed => Cause::Closed,
            Self::AlreadyEscalated => Cause::AlreadyEscalated,
            Self::TopLevel => Cause::TopLevel,
        }
    }
}
