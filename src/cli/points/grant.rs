//! `support points grant`: adds a manual entry to the ledger.

use clap::Args;

use super::super::batch::print_outcome;
use super::super::session::Session;
use super::super::{CommandResult, Failure, values};
use super::balance::CustomerBalance;
use crate::desk::grant_points::grant_points;
use crate::model::award::Cents;
use crate::model::key::Key;
use crate::model::ledger;
use crate::model::ticket::Reason;
use crate::model::{CustomerId, Message};
use crate::system;

pub(super) const EXAMPLES: &str = "\
support points grant --customer 7 --points 50 --reason \"an hour on hold\"
support points grant --customer 7 --points 0 --credit 1.50 --reason \"late delivery\" --key order-12";

#[derive(Debug, Args)]
pub struct Grant {
    /// Customer id.
    #[arg(long, value_name = "ID", value_parser = values::parse::<CustomerId>)]
    customer: CustomerId,
    /// Number of points, 0 to 1000000.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = values::points)]
    points: i64,
    /// Amount of credit in US dollars, 0.00 to 10000.00.
    #[arg(long, value_name = "AMOUNT", default_value = "0.00", allow_negative_numbers = true)]
    #[arg(value_parser = values::credit)]
    credit: Cents,
    /// Reason to record in the ledger and the audit log.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, value_parser = values::reason)]
    reason: Reason,
    /// Idempotency key: repeating the command with the same key grants only once.
    #[arg(long, value_name = "KEY", allow_hyphen_values = true, value_parser = values::key)]
    key: Option<Key>,
}

impl Grant {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let customer = self.customer;
        let grant = ledger::Grant::new(customer, self.points, self.credit, self.reason, self.key);
        let grant = grant.map_err(Failure::Usage)?;
        let (caller, now) = (session.caller(false), system::now());
        let granted = session.store()?.write_blocking(move |unit| grant_points(unit, &caller, &grant, now))?;
        if granted.repeated && !session.format().is_json() {
            session.hint(&Message::new("cli.points.repeated"));
        }
        print_outcome(session, &CustomerBalance { customer, balance: granted.balance })
    }
}
