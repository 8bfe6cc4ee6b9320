//! `support webhook remove`: removes webhooks and their deliveries.

use clap::Args;
use serde::Serialize;

use super::super::batch::{CommandOutcome, run_each};
use super::super::confirm::confirm;
use super::super::output::display_options::DisplayOptions;
use super::super::session::Session;
use super::super::values::{self, IdArgument};
use super::super::{CommandResult, Failure, input};
use crate::desk::webhook::remove::remove_webhook;
use crate::model::{Message, WebhookId};
use crate::system;

#[derive(Debug, Args)]
pub struct Remove {
    /// Webhook ids, as listed by `support webhook list`; - reads them from standard input.
    #[arg(required = true, value_name = "ID", value_parser = values::id_or_stdin::<WebhookId>)]
    ids: Vec<IdArgument<WebhookId>>,
    /// Skip the confirmation.
    #[arg(long)]
    yes: bool,
}

impl Remove {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        run_each(session, input::read_ids(&self.ids)?, |session, webhook_id| {
            confirm(session, self.yes, &Message::new("cli.webhook.remove").with("id", webhook_id))?;
            remove(session, webhook_id)
        })
    }
}

fn remove(session: &mut Session<'_>, webhook_id: WebhookId) -> Result<Removed, Failure> {
    let (store, caller, now) = (session.store()?, session.caller(false), system::now());
    loop {
        let caller = caller.clone();
        if store.write_blocking(move |unit| remove_webhook(unit, &caller, webhook_id, now))? {
            return Ok(Removed { webhook_id, removed: true });
        }
    }
}

/// Removed webhook.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Removed {
    webhook_id: WebhookId,
    removed: bool,
}

impl CommandOutcome for Removed {
    const CSV: &'static [&'static str] = &["webhookId", "removed"];

    fn text(&self, display: &DisplayOptions) -> String {
        display.locale.translate(&Message::new("cli.webhook.removed").with("id", self.webhook_id))
    }
}
