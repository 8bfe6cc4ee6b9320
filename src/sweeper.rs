//! The sweeper: works off what is older than it need be while a server runs, a few rows at a time, so that nobody waits
//! for it. What it knows is in the store; it may die at any moment, and several may sweep one store.

use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::desk::retire::retire;
use crate::model::Timestamp;
use crate::model::error::chain;
use crate::model::principal::Caller;
use crate::model::retain::{Growing, Retention};
use crate::store::Store;

/// The least pause between two goes: others' work fills the writer meanwhile.
const PAUSE: Duration = Duration::from_millis(20);
/// How many times as long as a go took it rests after it.
const SHARE: u32 = 4;

/// A sweeper at work. Dropping it ends it.
pub struct Sweeper(JoinHandle<()>);

impl Sweeper {
    /// Sets one to work on this store, on the current runtime.
    pub fn start(store: Store, retention: Retention, clock: fn() -> Timestamp) -> Self {
        Self(tokio::spawn(sweep(store, retention, clock)))
    }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn sweep(store: Store, retention: Retention, clock: fn() -> Timestamp) {
    loop {
        for &what in Growing::ALL {
            let mut gone = 0;
            loop {
                let (begun, now) = (Instant::now(), clock());
                match store.write(move |unit| retire(unit, &Caller::system(), what, &retention, now)).await {
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
        sleep(Duration::from_secs(retention.rest())).await;
    }
}
