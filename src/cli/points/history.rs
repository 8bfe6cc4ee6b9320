//! `support points history`: lists the ledger of a customer.

use clap::Args;
use serde::Serialize;

use super::super::CommandResult;
use super::super::listing::{self, ListRow, Paging};
use super::super::output::display_options::DisplayOptions;
use super::super::output::table::{Cell, Column};
use super::super::session::Session;
use super::super::values;
use crate::desk::balance::history;
use crate::model::CustomerId;
use crate::model::ledger::LedgerLine;
use crate::model::pagination::{ListName, Sort};
use crate::view::LedgerView;

#[derive(Debug, Args)]
pub struct History {
    /// Customer id.
    #[arg(long, value_name = "ID", value_parser = values::parse::<CustomerId>)]
    customer: CustomerId,
    #[command(flatten)]
    paging: Paging,
}

impl History {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let caller = session.caller(false);
        listing::print_list(session, &self.paging, Sort::Created, |unit, page| {
            history(unit, &caller, self.customer, page)
        })
    }
}

impl ListRow for LedgerLine {
    const LIST: ListName = ListName::Ledger;
    const MEMBER: &'static str = "entries";
    const CSV: &'static [&'static str] =
        &["id", "action", "points", "credit.amount", "credit.currency", "ticketId", "reason", "by", "createdAt"];
    const COLUMNS: &'static [Column] = &[
        Column::number("cli.column.id"),
        Column::fixed("cli.column.action"),
        Column::number("cli.column.points"),
        Column::number("cli.column.credit"),
        Column::number("cli.column.ticket").with_rank(2),
        Column::fixed("cli.column.when"),
        Column::text("cli.column.by").with_rank(1),
        Column::text("cli.column.reason"),
    ];
    const EMPTY: &'static str = "cli.points.none";
    const MORE: &'static str = "cli.points.more";

    fn view(&self, _: &DisplayOptions) -> impl Serialize {
        LedgerView::from(self)
    }

    fn cells(&self, display: &DisplayOptions) -> Vec<Cell> {
        vec![
            Cell::new(&self.id),
            Cell::new(&self.award.action),
            Cell::new(&self.award.points),
            Cell::new(&self.award.credit),
            Cell::optional(self.ticket),
            Cell::new(&display.exact_time(self.at)),
            Cell::new(&self.by),
            Cell::optional(self.reason.as_ref()),
        ]
    }
}
