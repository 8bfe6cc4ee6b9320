//! Retention worker: purges expired rows in small batches while a server runs. Its state is in the store, so that
//! several workers may share a store and any of them may stop at any time.

use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::desk::retention::purge;
use crate::model::Timestamp;
use crate::model::clock_guard::ClockGuard;
use crate::model::error::chain;
use crate::model::principal::Caller;
use crate::model::retention::{RetentionClass, RetentionPolicy};
use crate::store::Store;

/// Minimum pause between two batches, so that other writers can proceed.
const MIN_PAUSE: Duration = Duration::from_millis(20);
/// Factor of the pause to the duration of the batch before it: purging uses at most a fifth of the writer's time.
const PAUSE_FACTOR: u32 = 4;

/// Handle of a running retention worker. Dropping it stops the worker.
pub struct RetentionWorker(JoinHandle<()>);

impl RetentionWorker {
    /// Starts a worker for this store on the current runtime. It purges nothing while the clock and the uptime
    /// disagree by more than an hour since now.
    pub fn start(store: Store, retention: RetentionPolicy, clock: fn() -> Timestamp, uptime: fn() -> Duration) -> Self {
        let guard = ClockGuard::new(clock(), uptime());
        Self(tokio::spawn(purge_until_dropped(store, retention, clock, move |now| guard.agrees(now, uptime()))))
    }
}

impl Drop for RetentionWorker {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn purge_until_dropped(
    store: Store,
    retention: RetentionPolicy,
    clock: fn() -> Timestamp,
    is_plausible: impl Fn(Timestamp) -> bool,
) {
    let mut is_waiting = false;
    loop {
        for &class in RetentionClass::ALL {
            let mut rows = 0;
            loop {
                let (started, now) = (Instant::now(), clock());
                let was_waiting = std::mem::replace(&mut is_waiting, !is_plausible(now));
                if is_waiting {
                    if !was_waiting {
                        tracing::warn!(%now, "the clock has jumped: purging waits until it is back, or for a restart");
                    }
                    break;
                }
                match store.write(move |unit| purge(unit, &Caller::system(), class, &retention, now)).await {
                    Ok(purged) => {
                        rows += purged.rows;
                        if !purged.more {
                            break;
                        }
                    }
                    Err(error) => {
                        tracing::warn!(error = chain(&error), %class, "expired rows could not be purged");
                        break;
                    }
                }
                sleep(MIN_PAUSE.max(started.elapsed() * PAUSE_FACTOR)).await;
            }
            if rows > 0 {
                tracing::info!(rows, %class, "purged expired rows");
            }
        }
        sleep(Duration::from_secs(retention.interval())).await;
    }
}
