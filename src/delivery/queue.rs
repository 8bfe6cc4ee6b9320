//! Sends the deliveries of one queue in sequence, until none is due. Queues are independent: a slow receiver delays
//! only its own deliveries.

use std::sync::Arc;

use tokio::time::sleep;

use super::channel::{Channel, RETRY_DELAY, WorkerContext};
use crate::desk::delivery::queue::fill_queue;
use crate::desk::delivery::record::record_attempt;
use crate::model::Error;
use crate::model::delivery::{Attempt, Queue, Queued, Settled};
use crate::model::error::chain;
use crate::model::principal::Caller;
use crate::system;

/// Sends every delivery that is due in a queue.
pub(super) async fn drain<C: Channel>(context: Arc<WorkerContext<C>>, queue: Queue) {
    let mut session = C::Session::default();
    loop {
        match next(&context, queue).await {
            Ok(Some(delivery)) if !context.is_stopped() => {
                let attempt = context.channel.send(&mut session, &delivery.payload).await;
                settle(&context, queue, delivery, attempt).await;
            }
            Ok(_) => break,
            Err(error) => {
                tracing::warn!(channel = %C::NAME, error = chain(&error), "a delivery worker could not use the store");
                sleep(RETRY_DELAY).await;
                break;
            }
        }
    }
    C::close(session).await;
}

/// Returns the delivery that is due. Enqueues the next events or notifications first if none is.
async fn next<C: Channel>(context: &WorkerContext<C>, queue: Queue) -> Result<Option<Queued<C::Payload>>, Error> {
    loop {
        let (holder, now) = (context.holder.clone(), (context.clock)());
        let next = context.store.scan(move |unit| C::next(unit, &holder, queue, now)).await?;
        if next.is_some() || !context.store.write(move |unit| fill_queue(unit, &Caller::system(), queue, now)).await? {
            return Ok(next);
        }
    }
}

/// Records the result of an attempt. Retries until the store accepts it or the server stops, because an unrecorded
/// delivery would be sent again.
async fn settle<C: Channel>(context: &WorkerContext<C>, queue: Queue, delivery: Queued<C::Payload>, attempt: Attempt) {
    // Without random bytes there is no jitter; that is better than losing the result.
    let random = system::random().map_or(0, u32::from_be_bytes);
    let settled = loop {
        let (key, attempts, recorded) = (delivery.key, delivery.attempts, attempt.clone());
        match context
            .store
            .write(move |unit| record_attempt(unit, &Caller::system(), queue, key, attempts, &recorded, random))
            .await
        {
            Ok(settled) => break settled,
            Err(error) => tracing::warn!(channel = %C::NAME, error = chain(&error), "an attempt could not be recorded"),
        }
        if context.is_stopped() {
            return;
        }
        sleep(RETRY_DELAY).await;
    };
    if let Some(counts) = &context.counts {
        counts.attempted(settled.map_or("settled", Settled::as_str));
    }
    C::log(&delivery, &attempt, settled);
}
