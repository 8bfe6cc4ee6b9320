//! Points and credit as JSON.

use serde::Serialize;

use crate::model::award::Cents;
use crate::model::ledger::{Balance, LedgerLine};
use crate::model::{CustomerId, TicketId, Timestamp};

/// Balance of a customer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BalanceView {
    customer_id: CustomerId,
    points: i64,
    credit: Cents,
}

impl BalanceView {
    pub const fn new(customer: CustomerId, balance: Balance) -> Self {
        Self { customer_id: customer, points: balance.points, credit: balance.credit }
    }
}

/// Row of the ledger.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerView<'l> {
    id: i64,
    action: &'static str,
    points: i64,
    credit: Cents,
    ticket_id: Option<TicketId>,
    reason: Option<&'l str>,
    by: String,
    created_at: Timestamp,
}

impl<'l> From<&'l LedgerLine> for LedgerView<'l> {
    fn from(line: &'l LedgerLine) -> Self {
        Self {
            id: line.id,
            action: line.award.action.as_str(),
            points: line.award.points,
            credit: line.award.credit,
            ticket_id: line.ticket,
            reason: line.reason.as_deref(),
            by: line.by.to_string(),
            created_at: line.at,
        }
    }
}
