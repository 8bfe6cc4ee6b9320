//! A message that only tries a webhook out; it is kept nowhere.

use serde::Serialize;

use super::find::known_webhook;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::webhook::{Tag, WebhookMessage};
use crate::model::{Error, StoreFault, Timestamp, WebhookId};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ManageWebhooks;

/// What a trial's event is called.
const NAME: &str = "support:webhook_test";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TrialView {
    id: u8,
    event: &'static str,
    occurred_at: Timestamp,
    data: TrialData,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TrialData {
    webhook_id: WebhookId,
}

/// What to send to a webhook to try it out; it has the shape of an event, and the id 0, which no event has.
///
/// # Errors
/// [`Error::MissingPermission`], [`Error::WebhookNotFound`].
pub fn trial(
    unit: &mut dyn Unit,
    caller: &Caller,
    id: WebhookId,
    random: &Tag,
    now: Timestamp,
) -> Result<WebhookMessage, Error> {
    caller.require(REQUIRES)?;
    let webhook = known_webhook(unit, id)?;
    let view = TrialView { id: 0, event: NAME, occurred_at: now, data: TrialData { webhook_id: id } };
    let body = serde_json::to_string(&view).map_err(|error| Error::store(StoreFault::Failed, error))?;
    Ok(WebhookMessage { id: webhook.is.tag.trial(random), webhook, body })
}
