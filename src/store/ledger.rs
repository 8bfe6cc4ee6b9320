//! The ledger of points and credit.

#![expect(
    clippy::missing_errors_doc,
    reason = "each fails with the errors of the store; others are named at the method"
)]

use crate::model::audit::AuditAction;
use crate::model::ledger::{AwardStanding, Balance, LedgerLine};
use crate::model::pagination::PageRequest;
use crate::model::{CustomerId, Error, TicketId};

/// The ledger.
pub trait Ledger {
    /// State that the award for an operation on a customer's ticket depends on; none where there is no such customer.
    fn award_standing(
        &mut self,
        customer: CustomerId,
        ticket: TicketId,
        action: AuditAction,
    ) -> Result<Option<AwardStanding>, Error>;
    /// The row that this customer was granted under this key.
    fn granted(&mut self, customer: CustomerId, key: &str) -> Result<Option<LedgerLine>, Error>;
    /// The sum of a customer's rows.
    fn balance(&mut self, customer: CustomerId) -> Result<Balance, Error>;
    /// A customer's rows, newest first (`ask.after.id`); one more than the limit, where there is one.
    fn history(&mut self, customer: CustomerId, ask: PageRequest) -> Result<Vec<LedgerLine>, Error>;
}
