//! Builds a test message for a webhook, which is not stored.

use serde::Serialize;

use super::find::known_webhook;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::webhook::{MessageIdPrefix, WebhookMessage};
use crate::model::{Error, StoreError, Timestamp, WebhookId};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ManageWebhooks;

/// Event name of test messages.
const NAME: &str = "support:webhook_test";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TestMessageView {
    id: u8,
    event: &'static str,
    occurred_at: Timestamp,
    data: TestMessageData,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TestMessageData {
    webhook_id: WebhookId,
}

/// Returns a test message for a webhook. Its body has the shape of an event and the id 0, which no event has.
///
/// # Errors
/// [`Error::MissingPermission`], [`Error::WebhookNotFound`].
pub fn test_message(
    unit: &mut dyn Unit,
    caller: &Caller,
    id: WebhookId,
    random: &MessageIdPrefix,
    now: Timestamp,
) -> Result<WebhookMessage, Error> {
    caller.require(REQUIRES)?;
    let webhook = known_webhook(unit, id)?;
    let view = TestMessageView { id: 0, event: NAME, occurred_at: now, data: TestMessageData { webhook_id: id } };
    let body = serde_json::to_string(&view).map_err(|error| Error::store(StoreError::Failed, error))?;
    Ok(WebhookMessage { id: webhook.settings.id_prefix.test_message(random), webhook, body })
}
