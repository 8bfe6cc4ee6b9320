//! `support webhook redeliver`: queues deliveries for immediate delivery.

use clap::Args;

use super::super::batch::{CommandOutcome, run_each};
use super::super::listing::ListRow;
use super::super::output::display_options::DisplayOptions;
use super::super::session::Session;
use super::super::values::{self, IdArgument};
use super::super::{CommandResult, input};
use crate::desk::delivery::requeue::redeliver;
use crate::model::delivery::{Delivery, WebhookEvent};
use crate::model::{DeliveryId, Message};
use crate::system;

pub(super) const EXAMPLES: &str = "\
support webhook redeliver 12 13
support webhook deliveries --failed --all --format ndjson | jq .deliveryId | support webhook redeliver -";

#[derive(Debug, Args)]
pub struct Redeliver {
    /// Delivery ids, as listed by `support webhook deliveries`; - reads them from standard input.
    #[arg(required = true, value_name = "ID", value_parser = values::id_or_stdin::<DeliveryId>)]
    ids: Vec<IdArgument<DeliveryId>>,
}

impl Redeliver {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        run_each(session, input::read_ids(&self.ids)?, |session, id| {
            let (caller, now) = (session.caller(false), system::now());
            let delivery = session.store()?.write_blocking(move |unit| redeliver(unit, &caller, id, now))?;
            Ok(delivery)
        })
    }
}

impl CommandOutcome for Delivery<WebhookEvent> {
    const CSV: &'static [&'static str] = <Self as ListRow>::CSV;

    fn text(&self, display: &DisplayOptions) -> String {
        let message = Message::new("cli.webhook.requeued").with("id", self.of.id).with("webhook", self.of.webhook);
        display.locale.translate(&message)
    }
}
