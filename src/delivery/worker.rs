//! Worker of a channel: wakes when the store changes or a delivery is due, and drains every queue with a due delivery.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{Id, JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use super::channel::{Channel, RETRY_DELAY, WorkerContext};
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

/// Time limit for deliveries in progress when the server stops. A delivery that exceeds it is sent again later.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(2);
/// Minimum interval between two polls, so that one poll covers many commits.
const MIN_POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Handle of a running worker.
pub struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts the worker of a channel on the current runtime. `counts` receives the outcomes of attempts.
    ///
    /// # Errors
    /// [`system::RandomError`] if the system provides no random bytes for the worker's name.
    pub fn start<C: Channel>(
        store: Store,
        channel: C,
        clock: fn() -> Timestamp,
        counts: Option<Arc<Deliveries>>,
    ) -> Result<Self, system::RandomError> {
        let (stop, stopped) = watch::channel(false);
        let context = WorkerContext { store, channel, clock, holder: system::random_name()?, counts, stop: stopped };
        Ok(Self { stop, task: tokio::spawn(run(Arc::new(context))) })
    }

    /// Returns a function that tells the worker to stop.
    pub fn stop_signal(&self) -> impl FnOnce() + use<> {
        let stop = self.stop.clone();
        move || {
            stop.send_replace(true);
        }
    }

    /// Stops the worker and waits for deliveries in progress, for at most 2 s.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "a delivery worker had panicked");
        }
    }
}

/// Queues that are being drained, each by its own task.
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

    /// Waits until one queue is drained; never returns if none is being drained.
    async fn one_drained(&mut self) {
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

async fn run<C: Channel>(context: Arc<WorkerContext<C>>) {
    let mut stop = context.stop.clone();
    let mut changes = context.store.changes();
    let mut guard = LeaseGuard::new(C::NAME, context.holder.clone());
    let mut draining = Draining::default();
    loop {
        changes.borrow_and_update();
        let wait = poll(&context, &mut guard, &mut draining).await.unwrap_or_else(|error| {
            tracing::warn!(channel = %C::NAME, error = chain(&error), "a delivery worker could not use the store");
            Some(RETRY_DELAY)
        });
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            // A closed store sends no more changes, and the stop signal follows.
            Ok(()) = changes.changed() => {}
            () = draining.one_drained() => {}
            () = sleep_for(wait) => {}
        }
        sleep(MIN_POLL_INTERVAL).await;
    }
    shut_down(&context, draining, &guard).await;
}

/// Sleeps for this time; never returns without one.
async fn sleep_for(wait: Option<Duration>) {
    match wait {
        Some(wait) => sleep(wait).await,
        None => std::future::pending().await,
    }
}

/// Reads the pending queues and, while this worker holds the lease, drains those with a due delivery. Returns the time
/// until the next poll if nothing changes before.
async fn poll<C: Channel>(
    context: &Arc<WorkerContext<C>>,
    guard: &mut LeaseGuard,
    draining: &mut Draining,
) -> Result<Option<Duration>, Error> {
    let now = (context.clock)();
    let found = context.store.scan(move |unit| pending(unit, &Caller::system(), C::NAME, now)).await?;
    let is_contested = C::HOLDS_LEASE_WHEN_IDLE && guard.is_vacant_or_challenged(found.lease.as_ref());
    if found.queues.is_empty() && draining.queues.is_empty() && !is_contested {
        guard.renew_if_challenged(&context.store, found.lease, now).await?;
        return Ok(None);
    }
    let was_held = guard.is_held();
    if guard.hold(&context.store, found.lease, now).await? {
        if !was_held {
            log_start(C::NAME);
        }
        for (queue, _) in found.queues.iter().filter(|(_, due_at)| *due_at <= now) {
            draining.start(context, *queue);
        }
    }
    let next = found.queues.iter().map(|(_, due_at)| *due_at).filter(|due_at| *due_at > now).min();
    let until = next.and_then(|due_at| u64::try_from(due_at.second() - now.second()).ok()).map(Duration::from_secs);
    Ok(Some(until.map_or(guard.interval(), |until| until.min(guard.interval()))))
}

/// Logs that this server now delivers for a channel.
fn log_start(channel: ChannelName) {
    match channel {
        ChannelName::Webhooks => tracing::info!("webhooks are delivered from here"),
        ChannelName::Mail => tracing::info!("mail is sent from here"),
    }
}

/// Waits for the deliveries in progress and releases the lease.
async fn shut_down<C: Channel>(context: &WorkerContext<C>, mut draining: Draining, guard: &LeaseGuard) {
    let ended = async { while draining.tasks.join_next().await.is_some() {} };
    // Dropping the set aborts the tasks that exceed the limit.
    let _ = timeout(SHUTDOWN_LIMIT, ended).await;
    drop(draining);
    if guard.is_held() {
        let holder = context.holder.clone();
        if let Err(error) = context.store.write(move |unit| unit.leases().release(C::NAME, &holder)).await {
            tracing::warn!(error = chain(&error), "the lease of a channel could not be released");
        }
    }
}
