//! A round to one webhook: its deliveries one after the other, until none is due. A slow receiver holds up its own alone.

use std::sync::Arc;

use tokio::time::sleep;

use super::{BREATH, Bag, Carrier, keep};
use crate::desk::lease::Work;
use crate::desk::webhook::deliver::{Made, next_delivery, record_attempt, work};
use crate::model::webhook::delivery::{Attempt, Dispatch};
use crate::model::{Error, Timestamp, WebhookId};
use crate::outbound::{Outgoing, Sender};
use crate::store::{Errand, Unit};
use crate::system;

impl Carrier for Sender {
    const ERRAND: Errand = Errand::Webhooks;
    type For = WebhookId;

    fn work(unit: &mut dyn Unit, now: Timestamp) -> Result<Work<WebhookId>, Error> {
        work(unit, now)
    }

    async fn round(bag: Arc<Bag<Self>>, id: WebhookId) {
        let mut next = first(&bag, id).await;
        loop {
            match next {
                Ok(Some(dispatch)) if !*bag.stop.borrow() => {
                    let Dispatch { webhook, message, body, .. } = &dispatch;
                    let attempt = bag.carrier.post(Outgoing { webhook, message, body }).await;
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
}

async fn first(bag: &Bag<Sender>, id: WebhookId) -> Result<Option<Dispatch>, Error> {
    let (holder, now) = (bag.holder.clone(), (bag.clock)());
    bag.store.write(move |unit| next_delivery(unit, &holder, id, now)).await
}

/// Keeps what came of an attempt, and says what is next.
async fn settle(bag: &Bag<Sender>, dispatch: Dispatch, attempt: Attempt) -> Result<Option<Dispatch>, Error> {
    let (id, delivery, attempts) = (dispatch.webhook.id, dispatch.delivery, dispatch.attempts);
    let (holder, now, ended) = (bag.holder.clone(), (bag.clock)(), attempt.clone());
    // Jitter that fails is no reason to fail: the waits are then the shortest.
    let roll = system::random().map_or(0, u32::from_be_bytes);
    let work = move |unit: &mut dyn Unit| {
        let made = record_attempt(unit, id, delivery, attempts, &ended, roll)?;
        Ok((made, next_delivery(unit, &holder, id, now)?))
    };
    let (made, next) = keep(bag, work).await?;
    if let Some(counts) = &bag.counts {
        counts.attempted(outcome(made));
    }
    tell(id, delivery.get(), &attempt, made);
    Ok(next)
}

/// What an attempt came to, in a word for whoever counts.
const fn outcome(made: Made) -> &'static str {
    match made {
        Made::Delivered => "delivered",
        Made::Waits(_) => "retried",
        Made::Dead => "dead",
        Made::Disabled => "gone",
        Made::Nothing => "settled",
    }
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
