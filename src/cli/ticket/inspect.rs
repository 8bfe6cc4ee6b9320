//! `support ticket inspect`: everything about tickets.

use clap::Args;
use serde::Serialize;
use serde::ser::Serializer;

use super::super::each::{Outcome, each};
use super::super::output::look::Look;
use super::super::session::Session;
use super::super::values::{self, Named};
use super::super::{Ran, input};
use super::history::HistoryView;
use super::page;
use crate::desk::inspect::{Dossier, inspect};
use crate::model::TicketId;
use crate::model::view::AgentTicketView;
use crate::text::Locale;

pub(super) const EXAMPLES: &str = "\
support ticket inspect 7
support ticket inspect 7 8 --format json
support ticket list --status ESCALATED --format ndjson | jq .ticketId | support ticket inspect -";

/// Which tickets.
#[derive(Debug, Args)]
pub struct Inspect {
    /// Ticket ids; - reads them from standard input.
    #[arg(required = true, value_name = "ID", value_parser = values::named::<TicketId>)]
    ids: Vec<Named<TicketId>>,
}

impl Inspect {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
        let caller = session.caller(false);
        let mut first = true;
        each(session, input::ids(&self.ids)?, |session, id| {
            let dossier = session.store()?.read_blocking(|unit| inspect(unit, &caller, id))?;
            let follows = !std::mem::replace(&mut first, false);
            Ok(Inspected { dossier, locale: session.look.locale, follows })
        })
    }
}

/// A ticket with its people and its history, said in one language; `follows` another on the same page.
struct Inspected {
    dossier: Dossier,
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
        let Dossier { shown, history, .. } = &self.dossier;
        let history = history.iter().map(|line| HistoryView::new(line, shown.ticket.id, self.locale)).collect();
        InspectedView { ticket: shown.into(), history }.serialize(serializer)
    }
}

impl Outcome for Inspected {
    const CSV: &'static [&'static str] = super::list::CSV;

    fn text(&self, look: &Look) -> String {
        let page = page::of(&self.dossier, look);
        if self.follows { format!("\n{page}") } else { page }
    }
}
