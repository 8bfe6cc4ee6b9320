//! Ledger of points and credit.

#![expect(
    clippy::missing_errors_doc,
    reason = "each method fails with the errors of the store; others are documented at the method"
)]

use crate::model::audit::AuditAction;
use crate::model::ledger::{AwardStanding, Balance, LedgerLine};
use crate::model::pagination::PageRequest;
use crate::model::{CustomerId, Error, TicketId, Timestamp};

/// Ledger of points and credit.
pub trait Ledger {
    /// Returns the state that an award for an operation on a customer's ticket depends on; none if there is no such
    /// customer. Without `ticket`, the ticket is new. Counts the awards after `since`, none without it.
    fn award_standing(
        &mut self,
        customer: CustomerId,
        ticket: Option<TicketId>,
        action: AuditAction,
        since: Option<Timestamp>,
    ) -> Result<Option<AwardStanding>, Error>;
    /// Returns the customer's grant with this key, if any.
    fn granted(&mut self, customer: CustomerId, key: &str) -> Result<Option<LedgerLine>, Error>;
    /// Returns the sum of a customer's rows.
    fn balance(&mut self, customer: CustomerId) -> Result<Balance, Error>;
    /// Returns a customer's rows, newest first, with ids below `page.after.id`; at most `page.limit` + 1 of them.
    fn history(&mut self, customer: CustomerId, page: PageRequest) -> Result<Vec<LedgerLine>, Error>;
}
