//! Works deliveries off: the queues in which something waits, and the next delivery of each.
//!
//! Whoever holds the lease of a channel works it off. Others watch its heartbeat with a clock that only runs forward, and take
//! the lease in the state they saw; so no clock on a wall, and no jump of one, can make two servers believe that it is theirs.

use serde_json::value::RawValue;

use crate::model::delivery::{ChannelName, DeliveryKey, Queue, Queued, QueuedEvent, due};
use crate::model::mail::MailContent;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::webhook::WebhookMessage;
use crate::model::{Error, StoreError, Timestamp, WebhookId};
use crate::store::{Lease, Unit};
use crate::view::EventView;

/// Events or notifications that are looked at together: others wait no longer for it than for a list.
const STRIDE: u32 = 256;

/// Queues of a channel, and who works them off.
#[derive(Debug, Clone)]
pub struct Pending {
    /// The channel's lease.
    pub lease: Option<Lease>,
    /// Queues in which something waits, and when each is due.
    pub queues: Vec<(Queue, Timestamp)>,
}

/// The queues in which something waits at this instant; none of a mail that is off.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn pending(unit: &mut dyn Unit, caller: &Caller, channel: ChannelName, now: Timestamp) -> Result<Pending, Error> {
    caller.require(Permission::DeliverMessages)?;
    Ok(Pending { queues: unit.deliveries().pending(channel, now)?, lease: unit.leases().find(channel)? })
}

/// The message that is due for a webhook, for the holder of the lease. One that waits for its next attempt lets no later
/// one pass.
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
    if !holds(unit, ChannelName::Webhooks, holder)? {
        return Ok(None);
    }
    let Some(webhook) = unit.webhooks().get(id)?.filter(|webhook| webhook.gets_events().is_ok()) else {
        return Ok(None);
    };
    let next = unit.deliveries().next_event(id)?;
    let Some(next) = next.filter(|next| due(next.due_at, now) <= now) else { return Ok(None) };
    let payload = WebhookMessage { id: webhook.is.tag.message(next.event), body: body(&next)?, webhook };
    Ok(Some(Queued { key: DeliveryKey::Webhook(next.id), attempts: next.attempts, payload }))
}

/// The mail that has been due for longest, for the holder of the lease: mails have no order among them, and one that waits
/// for its next attempt holds up no other.
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
    if !holds(unit, ChannelName::Mail, holder)? || !unit.deliveries().mail_is_on()? {
        return Ok(None);
    }
    unit.deliveries().next_mail(now)
}

/// Fills a queue in which nothing is due: makes deliveries of the next events or notifications that were not looked at yet.
/// False where there was nothing to do.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::Changed`] where another filled it meanwhile.
pub fn fill_queue(unit: &mut dyn Unit, caller: &Caller, queue: Queue, now: Timestamp) -> Result<bool, Error> {
    caller.require(Permission::DeliverMessages)?;
    match queue {
        // The order of the events: none passes one that waits.
        Queue::Webhook(id) if unit.deliveries().next_event(id)?.is_some() => Ok(false),
        Queue::Webhook(_) => unit.deliveries().enqueue(queue, STRIDE, now),
        Queue::Mail => Ok(unit.deliveries().enqueue(queue, STRIDE, now)? || unit.deliveries().expedite_mails(now)? > 0),
    }
}

/// True while this holder may go on.
fn holds(unit: &mut dyn Unit, channel: ChannelName, holder: &str) -> Result<bool, Error> {
    Ok(unit.leases().find(channel)?.is_some_and(|lease| lease.holder == holder))
}

/// The event as the contract writes it, its data as it was stored.
fn body(next: &QueuedEvent) -> Result<String, Error> {
    let broken = |error| Error::store(StoreError::Failed, error);
    let data: &RawValue = serde_json::from_str(&next.data).map_err(broken)?;
    let view = EventView { id: next.event, event: next.name, occurred_at: next.occurred_at, data };
    serde_json::to_string(&view).map_err(broken)
}
