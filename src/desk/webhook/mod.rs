//! What agents do with webhooks, and how their deliveries are worked off.

pub mod add;
pub mod deliver;
pub mod lease;
pub mod list;
pub mod redeliver;
pub mod remove;
pub mod rotate;
pub mod trial;

use crate::model::webhook::Webhook;
use crate::model::{Error, WebhookId};
use crate::store::Unit;

/// The webhook, which must be one of this store.
fn known_webhook(unit: &mut dyn Unit, id: WebhookId) -> Result<Webhook, Error> {
    unit.webhooks().get(id)?.ok_or(Error::WebhookNotFound(id))
}
