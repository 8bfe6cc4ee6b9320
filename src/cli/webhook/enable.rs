//! `support webhook enable`: enables disabled webhooks.

use clap::Args;
use serde::Serialize;

use super::super::batch::{CommandOutcome, run_each};
use super::super::output::display_options::DisplayOptions;
use super::super::session::Session;
use super::super::values::{self, IdArgument};
use super::super::{CommandResult, input};
use crate::desk::webhook::enable::enable_webhook;
use crate::model::webhook::Webhook;
use crate::model::{Message, Timestamp, WebhookId};
use crate::system;
use crate::view::WebhookView;

#[derive(Debug, Args)]
pub struct Enable {
    /// Webhook ids, as listed by `support webhook list`; - reads them from standard input.
    #[arg(required = true, value_name = "ID", value_parser = values::id_or_stdin::<WebhookId>)]
    ids: Vec<IdArgument<WebhookId>>,
}

impl Enable {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        run_each(session, input::read_ids(&self.ids)?, |session, id| {
            let (store, caller, now) = (session.store()?, session.caller(false), system::now());
            let webhook = store.write_blocking(move |unit| enable_webhook(unit, &caller, id, now))?;
            Ok(Enabled { webhook, now })
        })
    }
}

/// Enabled webhook.
struct Enabled {
    webhook: Webhook,
    now: Timestamp,
}

impl Serialize for Enabled {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WebhookView::new(&self.webhook, self.now).serialize(serializer)
    }
}

impl CommandOutcome for Enabled {
    const CSV: &'static [&'static str] = WebhookView::CSV;

    fn text(&self, display: &DisplayOptions) -> String {
        display.locale.translate(&Message::new("cli.webhook.enabled").with("id", self.webhook.id))
    }
}
