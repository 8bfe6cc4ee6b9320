//! Statuses of a ticket.

use super::closed_list::closed_list;

closed_list!(
    /// Status of a ticket.
    Status {
        Open = "OPEN",
        Escalated = "ESCALATED",
        /// Closed; a final state.
        Closed = "CLOSED",
    }
);

impl Status {
    /// Returns true for a final status.
    pub const fn is_done(self) -> bool {
        match self {
            Self::Open | Self::Escalated => false,
            Self::Closed => true,
        }
    }
}
