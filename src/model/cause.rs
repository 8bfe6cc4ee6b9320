//! Stable words for the cause of an error whose code has several.

use super::closed_list::closed_list;

closed_list!(
    /// Cause of an error, where its code does not tell (`details[].reason`).
    Cause {
        /// `SUPPORT_TICKET_FAILED`: the ticket is closed.
        AlreadyClosed = "ALREADY_CLOSED",
        /// `SUPPORT_TICKET_FAILED`: the store cannot serve now; trying later may help.
        Unavailable = "UNAVAILABLE",
        /// `SUPPORT_TICKET_FAILED`: it broke on our side.
        Internal = "INTERNAL",
        /// `SUPPORT_TICKET_NOT_ESCALATABLE`: the ticket is closed.
        Closed = "CLOSED",
        /// `SUPPORT_TICKET_NOT_ESCALATABLE`: the customer escalated it before.
        AlreadyEscalated = "ALREADY_ESCALATED",
        /// `SUPPORT_TICKET_NOT_ESCALATABLE`: the ticket is at the highest level.
        TopLevel = "TOP_LEVEL",
        /// `PERMISSION_DENIED`: the ticket belongs to another customer of its group.
        NotOwner = "NOT_OWNER",
        /// `PERMISSION_DENIED`: the token lacks the permission.
        MissingPermission = "MISSING_PERMISSION",
        /// `PERMISSION_DENIED`: the token is of another role.
        WrongRole = "WRONG_ROLE",
        /// `UNAUTHORIZED`: there is no bearer token.
        NoToken = "NO_TOKEN",
        /// `UNAUTHORIZED`: there are two `Authorization` headers.
        SeveralTokens = "SEVERAL_TOKENS",
        /// `UNAUTHORIZED`: the token is unknown, malformed, revoked or expired; which of them is not told.
        InvalidToken = "INVALID_TOKEN",
        /// `UNSUPPORTED_MEDIA_TYPE`: the body is not `application/json` by its own word.
        ContentType = "CONTENT_TYPE",
        /// `UNSUPPORTED_MEDIA_TYPE`: the body is compressed, or encoded otherwise.
        ContentEncoding = "CONTENT_ENCODING",
        /// `BAD_REQUEST`: no `Host`, or several.
        Host = "HOST",
        /// `BAD_REQUEST`: the head does not keep to HTTP/1.1.
        Malformed = "MALFORMED",
    }
);

/// Why a ticket cannot be escalated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EscalationRefusal {
    /// It is closed.
    Closed,
    /// Its customer escalated it before.
    AlreadyEscalated,
    /// It is at the highest level.
    TopLevel,
}

impl EscalationRefusal {
    /// The key of the sentence that says so.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Closed => "error.escalate_closed",
            Self::AlreadyEscalated => "error.escalate_again",
            Self::TopLevel => "error.escalate_top",
        }
    }

    /// The same as a stable word.
    pub const fn cause(self) -> Cause {
        match self {
            Self::Closed => Cause::Closed,
            Self::AlreadyEscalated => Cause::AlreadyEscalated,
            Self::TopLevel => Cause::TopLevel,
        }
    }
}
