//! A round to one webhook: its deliveries one after the other, until none is due. A slow receiver holds up its own alone.

use std::sync::Arc;

use tokio::time::sleep;

use super::{BREATH, Bag};
use crate::desk::webhook::deliver::{Made, next_delivery, record_attempt};
use crate::model::webhook::delivery::{Attempt, Dispatch};
use crate::model::{Error, WebhookId};
use crate::wire::Outgoing;

/// Goes the round.
pub(super) async fn go(bag: Arc<Bag>, id: WebhookId) {
    let mut next = first(&bag, id).await;
    loop {
        match next {
            Ok(Some(dispatch)) if !*bag.stop.borrow() => {
                let Dispatch { webhook, message, body, .. } = &dispatch;
                let attempt = bag.sender.post(Outgoing { webhook, message, body }).await;
                next = settle(&bag, dispatch, attempt).await;
            }
            Ok(_) => return,
            Err(error) => {
                tracing::warn!(webhook = id.get(), %error, "the courier could not use the store");
                return sleep(BREATH).await;
            }
        }
    }
}

async fn first(bag: &Bag, id: WebhookId) -> Result<Option<Dispatch>, Error> {
    let (holder, now) = (bag.holder.clone(), (bag.clock)());
    bag.store.write(move |unit| next_delivery(unit, &holder, id, now)).await
}

/// Keeps what came of an attempt, and says what is next. What was sent is not sent again because the store is out of
/// order for a while: this waits until it is not.
async fn settle(bag: &Bag, dispatch: Dispatch, attempt: Attempt) -> Result<Option<Dispatch>, Error> {
    let (id, delivery) = (dispatch.webhook.id, dispatch.delivery);
    loop {
        match keep(bag, &dispatch, &attempt).await {
            Ok((made, next)) => {
                tell(id, delivery.get(), &attempt, made);
                return Ok(next);
            }
            Err(error) if *bag.stop.borrow() => return Err(error),
            Err(error) => {
                tracing::warn!(webhook = id.get(), delivery = delivery.get(), %error, "a delivery could not be kept");
                sleep(BREATH).await;
            }
        }
    }
}

async fn keep(bag: &Bag, dispatch: &Dispatch, attempt: &Attempt) -> Result<(Made, Option<Dispatch>), Error> {
    let (id, delivery, attempts) = (dispatch.webhook.id, dispatch.delivery, dispatch.attempts);
    let (holder, now, attempt) = (bag.holder.clone(), (bag.clock)(), attempt.clone());
    // Jitter that fails is no reason to fail: the waits are then the shortest.
    let roll = getrandom::u32().unwrap_or_default();
    let work = move |unit: &mut dyn crate::store::Unit| {
        let made = record_attempt(unit, id, delivery, attempts, &attempt, roll)?;
        Ok((made, next_delivery(unit, &holder, id, now)?))
    };
    bag.store.write(work).await
}

/// Tells the log; the webhook's URL and the receiver's answer may hold secrets, and stay in the store.
fn tell(id: WebhookId, delivery: i64, attempt: &Attempt, made: Made) {
    let webhook = id.get();
    let (status, trouble) = (attempt.status(), attempt.trouble().map(tracing::field::display));
    match made {
        Made::Delivered => tracing::debug!(webhook, delivery, status, "delivered"),
        Made::Waits(until) => tracing::info!(webhook, delivery, status, trouble, %until, "not delivered yet"),
        Made::Dead => tracing::warn!(webhook, delivery, status, trouble, "a delivery was given up"),
        Made::Disabled => tracing::warn!(webhook, delivery, "the receiver is gone, and its webhook disabled"),
        Made::Nothing => tracing::debug!(webhook, delivery, "a delivery was settled meanwhile"),
    }
}
