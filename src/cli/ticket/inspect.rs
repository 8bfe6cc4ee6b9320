//! `support ticket inspect`: prints all details of tickets.

use clap::Args;
use serde::Serialize;
use serde::ser::Serializer;

use super::super::batch::{CommandOutcome, run_each};
use super::super::output::display_options::DisplayOptions;
use super::super::session::Session;
use super::super::values::{self, IdArgument};
use super::super::{CommandResult, input};
use super::details;
use super::history::HistoryView;
use crate::desk::inspect::{TicketReport, inspect};
use crate::i18n::Locale;
use crate::model::TicketId;
use crate::view::AgentTicketView;

pub(super) const EXAMPLES: &str = "\
support ticket inspect 7
support ticket inspect 7 8 --format json
support ticket list --status ESCALATED --format ndjson | jq .ticketId | support ticket inspect -";

#[derive(Debug, Args)]
pub struct Inspect {
    /// Ticket ids; - reads them from standard input.
    #[arg(required = true, value_name = "ID", value_parser = values::id_or_stdin::<TicketId>)]
    ids: Vec<IdArgument<TicketId>>,
}

impl Inspect {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let caller = session.caller(false);
        let mut first = true;
        run_each(session, input::read_ids(&self.ids)?, |session, id| {
            let report = session.store()?.read_blocking(|unit| inspect(unit, &caller, id))?;
            let follows = !std::mem::replace(&mut first, false);
            Ok(Inspected { report, locale: session.display.locale, follows })
        })
    }
}

/// Report of a ticket in one language. `follows` is true for all reports but the first.
struct Inspected {
    report: TicketReport,
    locale: Locale,
    follows: bool,
}

#[derive(Serialize)]
struct InspectedView<'d> {
    #[serde(flatten)]
    ticket: AgentTicketView<'d>,
    history: Vec<HistoryView<'d>>,
}

impl Serialize for Inspected {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let TicketReport { details, history, .. } = &self.report;
        let history = history.iter().map(|line| HistoryView::new(line, details.ticket.id, self.locale)).collect();
        InspectedView { ticket: details.into(), history }.serialize(serializer)
    }
}

impl CommandOutcome for Inspected {
    const CSV: &'static [&'static str] = super::list::CSV;

    fn text(&self, display: &DisplayOptions) -> String {
        let page = details::render(&self.report, display);
        if self.follows { format!("\n{page}") } else { page }
    }
}
