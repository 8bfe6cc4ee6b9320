//! A queue at work: its deliveries one after the other, until nothing is due. A slow receiver holds up its own alone.

use std::sync::Arc;

use tokio::time::sleep;

use super::channel::{BREATH, Channel, WorkerContext};
use crate::desk::delivery::queue::fill_queue;
use crate::desk::delivery::record::record_attempt;
use crate::model::Error;
use crate::model::delivery::{Attempt, Queue, Queued, Settled};
use crate::model::error::chain;
use crate::model::principal::Caller;
use crate::system;

/// Sends what is due in a queue.
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
                sleep(BREATH).await;
                break;
            }
        }
    }
    C::end(session).await;
}

/// The delivery that is due, made of the next events or notifications where none is.
async fn next<C: Channel>(context: &WorkerContext<C>, queue: Queue) -> Result<Option<Queued<C::Payload>>, Error> {
    loop {
        let (holder, now) = (context.holder.clone(), (context.clock)());
        let next = context.store.scan(move |unit| C::next(unit, &holder, queue, now)).await?;
        if next.is_some() || !context.store.write(move |unit| fill_queue(unit, &Caller::system(), queue, now)).await? {
            return Ok(next);
        }
    }
}

/// Keeps what came of an attempt. What was sent is not sent again because the store is out of order for a while: this waits
/// until it is not, or the server ends.
async fn settle<C: Channel>(context: &WorkerContext<C>, queue: Queue, delivery: Queued<C::Payload>, attempt: Attempt) {
    // Jitter that fails is no reason to fail: the waits are then the shortest.
    let roll = system::random().map_or(0, u32::from_be_bytes);
    let settled = loop {
        let (key, attempts, kept) = (delivery.key, delivery.attempts, attempt.clone());
        match context
            .store
            .write(move |unit| record_attempt(unit, &Caller::system(), queue, key, attempts, &kept, roll))
            .await
        {
            Ok(settled) => break settled,
            Err(error) => tracing::warn!(channel = %C::NAME, error = chain(&error), "an attempt could not be kept"),
        }
        if context.is_stopped() {
            return;
        }
        sleep(BREATH).await;
    };
    if let Some(counts) = &context.counts {
        counts.attempted(settled.map_or("settled", Settled::as_str));
    }
    C::log(&delivery, &attempt, settled);
}
