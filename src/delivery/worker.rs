//! The worker of a channel: wakes when the store changes or something is due, and drains each queue in which something is.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{Id, JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use super::channel::{BREATH, Channel, WorkerContext};
use super::lease_guard::LeaseGuard;
use super::queue::drain;
use crate::desk::delivery::queue::pending;
use crate::metrics::Deliveries;
use crate::model::delivery::{ChannelName, Queue};
use crate::model::error::chain;
use crate::model::principal::Caller;
use crate::model::{Error, Timestamp};
use crate::store::Store;
use crate::system;

/// Time that deliveries on their way have when the server ends; one that is cut off goes again later.
const FAREWELL: Duration = Duration::from_secs(2);
/// The least time between two looks: many commits may come within it.
const PACE: Duration = Duration::from_millis(20);

/// A worker on its way. Its channel's deliveries are worked off as long as it lives.
pub struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts the worker of a channel on the current runtime; outcomes of attempts are counted where somebody wants to know.
    ///
    /// # Errors
    /// [`system::RandomError`] where the system gives no random bytes for its name.
    pub fn start<C: Channel>(
        store: Store,
        channel: C,
        clock: fn() -> Timestamp,
        counts: Option<Arc<Deliveries>>,
    ) -> Result<Self, system::RandomError> {
        let (stop, stopped) = watch::channel(false);
        let context = WorkerContext { store, channel, clock, holder: system::random_name()?, counts, stop: stopped };
        Ok(Self { stop, task: tokio::spawn(work(Arc::new(context))) })
    }

    /// Tells it to stop.
    pub fn stopper(&self) -> impl FnOnce() + use<> {
        let stop = self.stop.clone();
        move || {
            stop.send_replace(true);
        }
    }

    /// Stops it, and waits for what is on its way, for at most 2 s.
    pub async fn end(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "a delivery worker had panicked");
        }
    }
}

/// Queues that are being drained.
#[derive(Default)]
struct Draining {
    tasks: JoinSet<()>,
    queues: HashMap<Id, Queue>,
}

impl Draining {
    fn start<C: Channel>(&mut self, context: &Arc<WorkerContext<C>>, queue: Queue) {
        if !self.queues.values().any(|busy| *busy == queue) {
            let task = self.tasks.spawn(drain(Arc::clone(context), queue));
            self.queues.insert(task.id(), queue);
        }
    }

    /// Waits until one is empty; for ever where there is none.
    async fn ended(&mut self) {
        match self.tasks.join_next_with_id().await {
            Some(Ok((id, ()))) => self.queues.remove(&id),
            Some(Err(error)) => {
                tracing::error!(%error, "a queue's task had panicked");
                self.queues.remove(&error.id())
            }
            None => std::future::pending().await,
        };
    }
}

async fn work<C: Channel>(context: Arc<WorkerContext<C>>) {
    let mut stop = context.stop.clone();
    let mut changes = context.store.changes();
    let mut guard = LeaseGuard::new(C::NAME, context.holder.clone());
    let mut draining = Draining::default();
    loop {
        changes.borrow_and_update();
        let rest = poll(&context, &mut guard, &mut draining).await.unwrap_or_else(|error| {
            tracing::warn!(channel = %C::NAME, error = chain(&error), "a delivery worker could not use the store");
            Some(BREATH)
        });
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            // A store that is closed changes no more, and the server is about to end.
            Ok(()) = changes.changed() => {}
            () = draining.ended() => {}
            () = rested(rest) => {}
        }
        sleep(PACE).await;
    }
    farewell(&context, draining, &guard).await;
}

/// Waits so long; for ever where nothing is due.
async fn rested(rest: Option<Duration>) {
    match rest {
        Some(rest) => sleep(rest).await,
        None => std::future::pending().await,
    }
}

/// Looks at what waits, and drains the queues in which something is due while the lease is held. Says how long until there
/// is something to do though nothing changed.
async fn poll<C: Channel>(
    context: &Arc<WorkerContext<C>>,
    guard: &mut LeaseGuard,
    draining: &mut Draining,
) -> Result<Option<Duration>, Error> {
    let now = (context.clock)();
    let found = context.store.scan(move |unit| pending(unit, &Caller::system(), C::NAME, now)).await?;
    let wanted = C::HELD_IDLE && guard.is_wanted(found.lease.as_ref());
    if found.queues.is_empty() && draining.queues.is_empty() && !wanted {
        guard.rest(&context.store, found.lease, now).await?;
        return Ok(None);
    }
    let held = guard.was_held();
    if guard.hold(&context.store, found.lease, now).await? {
        if !held {
            announce(C::NAME);
        }
        for (queue, _) in found.queues.iter().filter(|(_, due_at)| *due_at <= now) {
            draining.start(context, *queue);
        }
    }
    let next = found.queues.iter().map(|(_, due_at)| *due_at).filter(|due_at| *due_at > now).min();
    let until = next.and_then(|due_at| u64::try_from(due_at.second() - now.second()).ok()).map(Duration::from_secs);
    Ok(Some(until.map_or(guard.interval(), |until| until.min(guard.interval()))))
}

/// Logs that this server works a channel off now.
fn announce(channel: ChannelName) {
    match channel {
        ChannelName::Webhooks => tracing::info!("webhooks are delivered from here"),
        ChannelName::Mail => tracing::info!("mail is sent from here"),
    }
}

/// Lets the queues come to the end of what is on its way, and leaves the rest to whoever comes.
async fn farewell<C: Channel>(context: &WorkerContext<C>, mut draining: Draining, guard: &LeaseGuard) {
    let ended = async { while draining.tasks.join_next().await.is_some() {} };
    // Those that are cut off end with their set.
    let _ = timeout(FAREWELL, ended).await;
    drop(draining);
    if guard.was_held() {
        let holder = context.holder.clone();
        if let Err(error) = context.store.write(move |unit| unit.leases().release(C::NAME, &holder)).await {
            tracing::warn!(error = chain(&error), "a channel could not be left to another server");
        }
    }
}
