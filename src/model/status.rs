//! Statuses of a ticket.

use super::closed_list::closed_list;

closed_list!(
    /// Where a ticket stands.
    Status {
        /// Waiting for an answer.
        Open = "OPEN",
        /// Raised to a higher level.
        Escalated = "ESCALATED",
        /// Done; it never opens again.
        Closed = "CLOSED",
    }
);

impl Status {
    /// Whether nobody works on such a ticket any more.
    pub const fn is_done(self) -> bool {
        match self {
            Self::Open | Self::Escalated => false,
            Self::Closed => true,
        }
    }
}
