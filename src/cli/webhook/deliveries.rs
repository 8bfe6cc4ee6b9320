//! `support webhook deliveries`: how far each delivery is.

use clap::Args;
use serde::Serialize;

use super::super::Ran;
use super::super::attempts::{self, ATTEMPTS, LAST, NEXT, RESULT, STATE};
use super::super::listing::{self, Listed, Paging};
use super::super::output::look::Look;
use super::super::output::table::{Cell, Column};
use super::super::session::Session;
use super::super::values;
use crate::desk::webhook::list::list_deliveries;
use crate::model::WebhookId;
use crate::model::page::{ListName, Sort};
use crate::model::webhook::attempt::Trouble;
use crate::model::webhook::delivery::{Attempt, Delivery, DeliveryFilter};
use crate::model::webhook::view::DeliveryView;

pub(super) const EXAMPLES: &str = "\
support webhook deliveries --webhook 1
support webhook deliveries --failed --all --format ndjson | jq .deliveryId | support webhook redeliver -";

/// Which deliveries.
#[derive(Debug, Args)]
pub struct Deliveries {
    /// Only those to this webhook.
    #[arg(long, value_name = "ID", value_parser = values::read::<WebhookId>)]
    webhook: Option<WebhookId>,
    /// Only those whose last attempt failed: given up, or waiting for another.
    #[arg(long)]
    failed: bool,
    #[command(flatten)]
    paging: Paging,
}

impl Deliveries {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
        let filter = DeliveryFilter { webhook: self.webhook, failed: self.failed };
        listing::show(session, &self.paging, Sort::Created, |unit, ask| list_deliveries(unit, filter, ask))
    }
}

impl Listed for Delivery {
    const LIST: ListName = ListName::Deliveries;
    const MEMBER: &'static str = "deliveries";
    const CSV: &'static [&'static str] = DeliveryView::CSV;
    const COLUMNS: &'static [Column] = &[
        Column::number("cli.column.id"),
        Column::number("cli.column.webhook"),
        Column::number("cli.column.event_id").spare(2),
        Column::word("cli.column.event"),
        STATE,
        ATTEMPTS,
        RESULT,
        LAST,
        NEXT,
    ];
    const EMPTY: &'static str = "cli.webhook.no_deliveries";
    const MORE: &'static str = "cli.webhook.more_deliveries";

    fn view(&self, _: &Look) -> impl Serialize {
        DeliveryView::from(self)
    }

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let last = self.last.as_ref().map(|last| (result(last, look), last.at));
        let mut cells =
            vec![Cell::new(&self.id), Cell::new(&self.webhook), Cell::new(&self.event), Cell::new(&self.name)];
        cells.extend(attempts::cells(self.state, self.attempts, last, self.due_at, look));
        cells
    }
}

/// What came of an attempt: the answer's status and beginning, or why none came.
fn result(last: &Attempt, look: &Look) -> String {
    match (last.status(), last.trouble()) {
        (Some(status), _) => attempts::answered(status, &last.answer),
        (None, Some(trouble)) => look.word(words(trouble)),
        (None, None) => String::new(),
    }
}

/// The key of what is said of a trouble.
pub(super) const fn words(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Unresolved => "cli.trouble.unresolved",
        Trouble::NotPublic => "cli.trouble.not_public",
        Trouble::Unreachable => "cli.trouble.unreachable",
        Trouble::Tls => "cli.trouble.tls",
        Trouble::TimedOut => "cli.trouble.timed_out",
        Trouble::Broken => "cli.trouble.broken",
    }
}
