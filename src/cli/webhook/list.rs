//! `support webhook list`: lists webhooks without their secrets.

use clap::Args;
use serde::Serialize;

use super::super::CommandResult;
use super::super::listing::{self, ListRow, Paging};
use super::super::output::display_options::{DisplayOptions, FAINT};
use super::super::output::table::{Cell, Column};
use super::super::session::Session;
use crate::desk::webhook::list::list_webhooks;
use crate::model::pagination::{ListName, Sort};
use crate::model::webhook::{Webhook, WebhookState};
use crate::view::WebhookView;

#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    paging: Paging,
}

impl List {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let caller = session.caller(false);
        listing::print_list(session, &self.paging, Sort::Created, |unit, page| list_webhooks(unit, &caller, page))
    }
}

impl ListRow for Webhook {
    const LIST: ListName = ListName::Webhooks;
    const MEMBER: &'static str = "webhooks";
    const CSV: &'static [&'static str] = WebhookView::CSV;
    const COLUMNS: &'static [Column] = &[
        Column::number("cli.column.id"),
        Column::fixed("cli.column.state"),
        Column::text("cli.column.url"),
        Column::text("cli.column.events"),
        Column::fixed("cli.column.added").with_rank(1),
        Column::text("cli.column.by").with_rank(2),
    ];
    const EMPTY: &'static str = "cli.webhook.none";
    const MORE: &'static str = "cli.webhook.more";

    fn view(&self, display: &DisplayOptions) -> impl Serialize {
        WebhookView::new(self, display.now)
    }

    fn cells(&self, display: &DisplayOptions) -> Vec<Cell> {
        let state = Cell::new(&self.state());
        vec![
            Cell::new(&self.id),
            if self.state() == WebhookState::Active { state } else { state.styled(FAINT) },
            Cell::new(self.settings.target.as_str()),
            Cell::new(&events(self)),
            Cell::new(&display.time(self.created_at)),
            Cell::new(self.settings.by.as_str()),
        ]
    }
}

/// Formats the event names of a webhook, separated by commas.
pub(super) fn events(webhook: &Webhook) -> String {
    webhook.events().iter().map(|event| event.as_str()).collect::<Vec<_>>().join(", ")
}
