//! `support points balance`: prints the balance of a customer.

use clap::Args;
use serde::Serialize;

use super::super::CommandResult;
use super::super::batch::{CommandOutcome, print_outcome};
use super::super::output::display_options::DisplayOptions;
use super::super::session::Session;
use super::super::values;
use crate::desk::balance::balance;
use crate::model::ledger;
use crate::model::{CustomerId, Message};
use crate::view::BalanceView;

#[derive(Debug, Args)]
pub struct Balance {
    /// Customer id.
    #[arg(long, value_name = "ID", value_parser = values::parse::<CustomerId>)]
    customer: CustomerId,
}

impl Balance {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let caller = session.caller(false);
        let found = session.store()?.read_blocking(|unit| balance(unit, &caller, self.customer))?;
        print_outcome(session, &CustomerBalance { customer: self.customer, balance: found })
    }
}

/// Balance of a customer.
pub(super) struct CustomerBalance {
    pub(super) customer: CustomerId,
    pub(super) balance: ledger::Balance,
}

impl Serialize for CustomerBalance {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        BalanceView::new(self.customer, self.balance).serialize(serializer)
    }
}

impl CommandOutcome for CustomerBalance {
    const CSV: &'static [&'static str] = &["customerId", "points", "credit.amount", "credit.currency"];

    fn text(&self, display: &DisplayOptions) -> String {
        let message = Message::new("cli.points.balance");
        let message = message.with("id", self.customer).with("points", self.balance.points);
        display.locale.translate(&message.with("credit", self.balance.credit))
    }
}
