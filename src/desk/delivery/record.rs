//! Records delivery attempts.

use crate::model::Error;
use crate::model::delivery::{Attempt, ChannelName, DeliveryKey, Queue, Settled};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::store::Unit;

/// Records an attempt and its outcome; `attempts` is the number of earlier attempts, `random` the source of the jitter.
/// Returns `None` if the delivery was settled meanwhile or its webhook removed.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn record_attempt(
    unit: &mut dyn Unit,
    caller: &Caller,
    queue: Queue,
    key: DeliveryKey,
    attempts: u32,
    attempt: &Attempt,
    random: u32,
) -> Result<Option<Settled>, Error> {
    caller.require(Permission::DeliverMessages)?;
    let channel = match queue {
        Queue::Webhook(_) => ChannelName::Webhooks,
        Queue::Mail => ChannelName::Mail,
    };
    let settled = attempt.outcome.settle(channel, attempts.saturating_add(1), random, attempt.at);
    if !unit.deliveries().record(key, attempts, attempt, settled)? {
        return Ok(None);
    }
    if let (Queue::Webhook(id), Settled::Gone) = (queue, settled) {
        unit.webhooks().disable(id, attempt.at)?;
    }
    Ok(Some(settled))
}
