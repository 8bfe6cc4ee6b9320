//! The sweeper: works off what is older than it need be while a server runs, a few rows at a time, so that nobody waits
//! for it. What it knows is in the store; it may die at any moment, and several may sweep one store.

use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::desk::retention::purge;
use crate::model::Timestamp;
use crate::model::error::chain;
use crate::model::principal::Caller;
use crate::model::retention::{RetentionClass, RetentionPolicy};
use crate::store::Store;

/// The least pause between two goes: others' work fills the writer meanwhile.
const PAUSE: Duration = Duration::from_millis(20);
/// How many times as long as a go took it rests after it.
const SHARE: u32 = 4;

/// A sweeper at work. Dropping it ends it.
pub struct RetentionWorker(JoinHandle<()>);

impl RetentionWorker {
    /// Sets one to work on this store, on the current runtime.
    pub fn start(store: Store, retention: RetentionPolicy, clock: fn() -> Timestamp) -> Self {
        Self(tokio::spawn(purge_until_dropped(store, retention, clock)))
    }
}

impl Drop for RetentionWorker {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn purge_until_dropped(store: Store, retention: RetentionPolicy, clock: fn() -> Timestamp) {
    loop {
        for &what in RetentionClass::ALL {
            let mut gone = 0;
            loop {
                let (begun, now) = (Instant::now(), clock());
                match store.write(move |unit| purge(unit, &Caller::system(), what, &retention, now)).await {
                    Ok(retired) => {
                        gone += retired.rows;
                        if !retired.more {
                            break;
                        }
                    }
                    Err(error) => {
                        tracing::warn!(error = chain(&error), %what, "what is old could not be let go");
                        break;
                    }
                }
                sleep(PAUSE.max(begun.elapsed() * SHARE)).await;
            }
            if gone > 0 {
                tracing::info!(rows = gone, %what, "let go of what was old");
            }
        }
        sleep(Duration::from_secs(retention.interval())).await;
    }
}
