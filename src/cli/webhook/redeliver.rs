//! `support webhook redeliver`: deliveries that are tried once more.

use clap::Args;
use serde::Serialize;

use super::super::each::{Outcome, each};
use super::super::output::look::Look;
use super::super::session::Session;
use super::super::values::{self, Named};
use super::super::{Ran, input};
use crate::desk::delivery::requeue::redeliver;
use crate::model::delivery::{Delivery, DeliveryView, WEBHOOK_CSV, WebhookEvent};
use crate::model::{DeliveryId, Message};
use crate::system;

pub(super) const EXAMPLES: &str = "\
support webhook redeliver 12 13
support webhook deliveries --failed --all --format ndjson | jq .deliveryId | support webhook redeliver -";

/// Which deliveries.
#[derive(Debug, Args)]
pub struct Redeliver {
    /// The deliveries' ids, as `support webhook deliveries` shows them; - reads them from standard input.
    #[arg(required = true, value_name = "ID", value_parser = values::named::<DeliveryId>)]
    ids: Vec<Named<DeliveryId>>,
}

impl Redeliver {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
        each(session, input::ids(&self.ids)?, |session, id| {
            let (caller, now) = (session.caller(false), system::now());
            let delivery = session.store()?.write_blocking(move |unit| redeliver(unit, &caller, id, now))?;
            Ok(Requeued(delivery))
        })
    }
}

/// A delivery that will be tried.
struct Requeued(Delivery<WebhookEvent>);

impl Serialize for Requeued {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        DeliveryView::from(&self.0).serialize(serializer)
    }
}

impl Outcome for Requeued {
    const CSV: &'static [&'static str] = WEBHOOK_CSV;

    fn text(&self, look: &Look) -> String {
        let message = Message::new("cli.webhook.requeued").with("id", self.0.of.id).with("webhook", self.0.of.webhook);
        look.locale.say(&message)
    }
}
