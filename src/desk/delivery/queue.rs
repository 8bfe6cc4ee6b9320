//! Selects the queues with pending deliveries, and the next delivery of each.
//!
//! Only the holder of a channel's lease sends its deliveries. Other workers measure the age of its heartbeat with a
//! monotonic clock and acquire the lease by compare-and-swap, so a jump of the wall clock cannot produce two holders.

use serde_json::value::RawValue;

use crate::model::delivery::{ChannelName, DeliveryKey, Queue, Queued, QueuedEvent, due};
use crate::model::mail::MailContent;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::webhook::WebhookMessage;
use crate::model::{Error, StoreError, Timestamp, WebhookId};
use crate::store::{Lease, Unit};
use crate::view::EventView;

/// Maximum number of events or notifications enqueued in one transaction, so that other writers do not wait long.
const BATCH: u32 = 256;

/// Pending queues of a channel, and the channel's lease.
#[derive(Debug, Clone)]
pub struct Pending {
    /// Lease of the channel, if any worker has acquired it.
    pub lease: Option<Lease>,
    /// Queues with pending deliveries, and the time at which each is due.
    pub queues: Vec<(Queue, Timestamp)>,
}

/// Returns the queues of a channel with pending deliveries. Mail has none while it is off.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn pending(unit: &mut dyn Unit, caller: &Caller, channel: ChannelName, now: Timestamp) -> Result<Pending, Error> {
    caller.require(Permission::DeliverMessages)?;
    Ok(Pending { queues: unit.deliveries().pending(channel, now)?, lease: unit.leases().find(channel)? })
}

/// Returns the message that is due for a webhook, if `holder` holds the lease. Messages are delivered in order: one
/// that waits for its next attempt blocks later ones.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn next_message(
    unit: &mut dyn Unit,
    caller: &Caller,
    holder: &str,
    id: WebhookId,
    now: Timestamp,
) -> Result<Option<Queued<WebhookMessage>>, Error> {
    caller.require(Permission::DeliverMessages)?;
    if !holds_lease(unit, ChannelName::Webhooks, holder)? {
        return Ok(None);
    }
    let Some(webhook) = unit.webhooks().get(id)?.filter(|webhook| webhook.require_enabled().is_ok()) else {
        return Ok(None);
    };
    let next = unit.deliveries().next_event(id)?;
    let Some(next) = next.filter(|next| due(next.due_at, now) <= now) else { return Ok(None) };
    let payload =
        WebhookMessage { id: webhook.settings.id_prefix.message(next.event), body: event_json(&next)?, webhook };
    Ok(Some(Queued { key: DeliveryKey::Webhook(next.id), attempts: next.attempts, payload }))
}

/// Returns the mail that has been due longest, if `holder` holds the lease. Mails are unordered: one that waits for its
/// next attempt blocks no other.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn next_mail(
    unit: &mut dyn Unit,
    caller: &Caller,
    holder: &str,
    now: Timestamp,
) -> Result<Option<Queued<MailContent>>, Error> {
    caller.require(Permission::DeliverMessages)?;
    if !holds_lease(unit, ChannelName::Mail, holder)? || !unit.deliveries().mail_is_on()? {
        return Ok(None);
    }
    unit.deliveries().next_mail(now)
}

/// Enqueues deliveries for the next batch of events or notifications, if nothing in the queue is due. Returns false if
/// there was nothing to enqueue.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::Changed`] if another worker enqueued them meanwhile.
pub fn fill_queue(unit: &mut dyn Unit, caller: &Caller, queue: Queue, now: Timestamp) -> Result<bool, Error> {
    caller.require(Permission::DeliverMessages)?;
    match queue {
        // Events are delivered in order, so a waiting delivery blocks later events.
        Queue::Webhook(id) if unit.deliveries().next_event(id)?.is_some() => Ok(false),
        Queue::Webhook(_) => unit.deliveries().enqueue(queue, BATCH, now),
        Queue::Mail => Ok(unit.deliveries().enqueue(queue, BATCH, now)? || unit.deliveries().expedite_mails(now)? > 0),
    }
}

/// Returns true if `holder` holds the lease of the channel.
fn holds_lease(unit: &mut dyn Unit, channel: ChannelName, holder: &str) -> Result<bool, Error> {
    Ok(unit.leases().find(channel)?.is_some_and(|lease| lease.holder == holder))
}

/// Returns the event as JSON, with its data as stored.
fn event_json(next: &QueuedEvent) -> Result<String, Error> {
    let malformed = |error| Error::store(StoreError::Failed, error);
    let data: &RawValue = serde_json::from_str(&next.data).map_err(malformed)?;
    let view = EventView { id: next.event, event: next.name, occurred_at: next.occurred_at, data };
    serde_json::to_string(&view).map_err(malformed)
}
