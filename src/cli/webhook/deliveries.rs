//! `support webhook deliveries`: lists deliveries and their state.

use clap::Args;
use serde::Serialize;

use super::super::CommandResult;
use super::super::attempts::{self, ATTEMPTS, LAST, NEXT, RESULT, STATE};
use super::super::listing::{self, ListRow, Paging};
use super::super::output::display_options::DisplayOptions;
use super::super::output::table::{Cell, Column};
use super::super::session::Session;
use super::super::values;
use crate::desk::delivery::list::list_deliveries;
use crate::model::WebhookId;
use crate::model::delivery::{ChannelName, Delivery, DeliveryFilter, WebhookEvent};
use crate::model::pagination::{ListName, Sort};

pub(super) const EXAMPLES: &str = "\
support webhook deliveries --webhook 1
support webhook deliveries --failed --all --format ndjson | jq .deliveryId | support webhook redeliver -";

#[derive(Debug, Args)]
pub struct Deliveries {
    /// Filter by webhook.
    #[arg(long, value_name = "ID", value_parser = values::parse::<WebhookId>)]
    webhook: Option<WebhookId>,
    /// Show only deliveries whose last attempt failed: retrying, or dead.
    #[arg(long)]
    failed: bool,
    #[command(flatten)]
    paging: Paging,
}

impl Deliveries {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let filter = DeliveryFilter { to: self.webhook, failed: self.failed };
        let caller = session.caller(false);
        listing::print_list(session, &self.paging, Sort::Created, |unit, page| {
            list_deliveries(unit, &caller, filter, page)
        })
    }
}

impl ListRow for Delivery<WebhookEvent> {
    const LIST: ListName = ListName::Deliveries;
    const MEMBER: &'static str = "deliveries";
    const CSV: &'static [&'static str] = &[
        "deliveryId",
        "webhookId",
        "eventId",
        "event",
        "messageId",
        "state",
        "attempts",
        "nextAttemptAt",
        "createdAt",
        "lastAttempt.at",
        "lastAttempt.status",
        "lastAttempt.trouble",
        "lastAttempt.tookMs",
        "lastAttempt.answer",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::number("cli.column.id"),
        Column::number("cli.column.webhook"),
        Column::number("cli.column.event_id").with_rank(2),
        Column::fixed("cli.column.event"),
        STATE,
        ATTEMPTS,
        RESULT,
        LAST,
        NEXT,
    ];
    const EMPTY: &'static str = "cli.webhook.no_deliveries";
    const MORE: &'static str = "cli.webhook.more_deliveries";

    fn view(&self, _: &DisplayOptions) -> impl Serialize {
        self
    }

    fn cells(&self, display: &DisplayOptions) -> Vec<Cell> {
        let mut cells = vec![
            Cell::new(&self.of.id),
            Cell::new(&self.of.webhook),
            Cell::new(&self.of.event),
            Cell::new(&self.of.name),
        ];
        cells.extend(attempts::cells(self, ChannelName::Webhooks, display));
        cells
    }
}
