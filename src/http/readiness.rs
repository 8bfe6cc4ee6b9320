//! Readiness check: one write and one read of the store, shared by all probes that wait for it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};

use super::refusal::Refusal;
use crate::model::{Error, StoreError, Timestamp, TokenId};
use crate::store::Store;

/// Time for which a successful check is cached, so that probes cause at most one disk write per second.
const CACHE_TIME: Duration = Duration::from_secs(1);
/// Maximum time of a check.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Latest readiness check of a server.
#[derive(Default)]
pub(super) struct Readiness {
    check: Mutex<Option<Shared<BoxFuture<'static, Outcome>>>>,
}

/// Result of a check; each probe that shares it needs its own copy.
#[derive(Clone)]
enum Outcome {
    Ready(Instant),
    Failed(StoreError),
    TimedOut,
}

impl Readiness {
    /// Checks that the store can be written and read. Probes share a check that runs, or that succeeded within 1 s.
    pub(super) async fn check(&self, store: &Store, now: Timestamp) -> Result<(), Refusal> {
        let check = self.latest_check(store, now);
        match check.await {
            Outcome::Ready(_) => Ok(()),
            Outcome::Failed(error) => Err(Refusal::Desk(Error::Store { error, source: None })),
            Outcome::TimedOut => Err(Refusal::SlowAnswer),
        }
    }

    /// Returns the latest check, or a new one if its result is too old.
    fn latest_check(&self, store: &Store, now: Timestamp) -> Shared<BoxFuture<'static, Outcome>> {
        let mut latest = self.check.lock().unwrap_or_else(PoisonError::into_inner);
        match &*latest {
            Some(check) if check.peek().is_none_or(Outcome::is_fresh) => check.clone(),
            _ => latest.insert(start_check(store.clone(), now)).clone(),
        }
    }
}

impl Outcome {
    fn is_fresh(&self) -> bool {
        matches!(self, Self::Ready(at) if at.elapsed() < CACHE_TIME)
    }
}

/// Starts a check in a task of its own, so that it also ends if every probe has disconnected.
fn start_check(store: Store, now: Timestamp) -> Shared<BoxFuture<'static, Outcome>> {
    let check = async move {
        store.write(move |unit| unit.pulse(now)).await?;
        store.scan(|unit| unit.tokens().get(TokenId::FIRST)).await
    };
    let task = tokio::spawn(async {
        match tokio::time::timeout(TIMEOUT, check).await {
            Ok(Ok(_)) => Outcome::Ready(Instant::now()),
            Ok(Err(Error::Store { error, .. })) => Outcome::Failed(error),
            Ok(Err(_)) => Outcome::Failed(StoreError::Failed),
            Err(_) => Outcome::TimedOut,
        }
    });
    task.map(|outcome| outcome.unwrap_or(Outcome::Failed(StoreError::Failed))).boxed().shared()
}
