//! Works deliveries off: what there is to do, what is next for a webhook, and what came of an attempt.

use serde_json::value::RawValue;

use crate::desk::lease::{Work, holds};
use crate::model::view::EventView;
use crate::model::webhook::attempt::Verdict;
use crate::model::webhook::delivery::{Attempt, DeliveryState, Dispatch, Waiting};
use crate::model::{DeliveryId, Error, StoreFault, Timestamp, WebhookId};
use crate::store::{Errand, Unit};

/// Events of the outbox that are looked at together for a webhook.
const STRIDE: u32 = 64;
/// How often that is done at most in one unit of work: the others wait no longer for it than for a list.
const STRIDES: u32 = 16;

/// What there is to do at this instant.
///
/// # Errors
/// Those of the store.
pub fn work(unit: &mut dyn Unit, now: Timestamp) -> Result<Work<WebhookId>, Error> {
    let webhooks = unit.webhooks().work(now)?;
    let any = !webhooks.is_empty();
    let lease = if any { unit.leases().find(Errand::Webhooks)? } else { None };
    Ok(Work { lease, any, due: webhooks.into_iter().filter(|(_, due)| *due).map(|(id, _)| id).collect() })
}

/// What to send to a webhook now, for the holder of the lease. The events are taken in their order, a few at a time; one
/// that waits for its next attempt lets no later one pass.
///
/// # Errors
/// Those of the store.
pub fn next_delivery(
    unit: &mut dyn Unit,
    holder: &str,
    id: WebhookId,
    now: Timestamp,
) -> Result<Option<Dispatch>, Error> {
    if !holds(unit, Errand::Webhooks, holder)? {
        return Ok(None);
    }
    let Some(webhook) = unit.webhooks().get(id)? else { return Ok(None) };
    if webhook.gets_events().is_err() {
        return Ok(None);
    }
    let Some(waiting) = head(unit, id, now)?.filter(|waiting| waiting.is_due(now)) else { return Ok(None) };
    Ok(Some(Dispatch {
        message: webhook.is.tag.message(waiting.event),
        webhook,
        delivery: waiting.id,
        attempts: waiting.attempts,
        body: body(&waiting)?,
    }))
}

/// The first delivery that waits, made of the next events where none does.
fn head(unit: &mut dyn Unit, id: WebhookId, now: Timestamp) -> Result<Option<Waiting>, Error> {
    for _ in 0..STRIDES {
        if let Some(waiting) = unit.webhooks().head(id)? {
            return Ok(Some(waiting));
        }
        if !unit.webhooks().enlist(id, STRIDE, now)? {
            return Ok(None);
        }
    }
    unit.webhooks().head(id)
}

/// The event as the contract writes it, its data as it was stored.
fn body(waiting: &Waiting) -> Result<String, Error> {
    let broken = |error| Error::store(StoreFault::Failed, error);
    let data: &RawValue = serde_json::from_str(&waiting.data).map_err(broken)?;
    let view = EventView { id: waiting.event, event: waiting.name, occurred_at: waiting.occurred_at, data };
    serde_json::to_string(&view).map_err(broken)
}

/// What an attempt made of its delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// The receiver took it.
    Delivered,
    /// It is tried again then.
    Waits(Timestamp),
    /// It was given up; the next may go.
    Dead,
    /// The same, and the webhook is disabled: its receiver is gone.
    Disabled,
    /// Nothing: it was settled meanwhile, or its webhook removed.
    Nothing,
}

/// Keeps an attempt and what follows from it; `attempts` were made before, and `roll` is any number, for jitter.
///
/// # Errors
/// Those of the store.
pub fn record_attempt(
    unit: &mut dyn Unit,
    webhook: WebhookId,
    delivery: DeliveryId,
    attempts: u32,
    attempt: &Attempt,
    roll: u32,
) -> Result<Made, Error> {
    let verdict = attempt.ended.verdict();
    let again = attempt.ended.next(attempts.saturating_add(1), roll, attempt.at);
    let (state, made) = match (verdict, again) {
        (Verdict::Delivered, _) => (DeliveryState::Delivered, Made::Delivered),
        (Verdict::Again, Some(at)) => (DeliveryState::Waiting, Made::Waits(at)),
        (Verdict::Again, None) | (Verdict::Dead, _) => (DeliveryState::Dead, Made::Dead),
        (Verdict::Gone, _) => (DeliveryState::Dead, Made::Disabled),
    };
    if !unit.webhooks().record(delivery, attempts, attempt, state, again.unwrap_or(attempt.at))? {
        return Ok(Made::Nothing);
    }
    if made == Made::Disabled {
        unit.webhooks().disable(webhook, attempt.at)?;
    }
    Ok(made)
}
