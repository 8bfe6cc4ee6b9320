//! The courier: works deliveries off while a server runs. Everything it knows is in the store, so it may die at any
//! moment, and another, here or in another process, goes on where it was.

mod lease;
mod round;
mod wake;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::desk::webhook::deliver::{Work, work};
use crate::desk::webhook::lease::leave_lease;
use crate::model::token::{NoRandom, random_hex};
use crate::model::{Error, Timestamp, WebhookId};
use crate::store::Store;
use crate::wire::Sender;
use lease::Tenure;
use wake::Wake;

/// How long what is on its way may take when the server ends; what is cut off goes again later.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long to wait where the store could not do it.
const BREATH: Duration = Duration::from_secs(1);

/// What every round works with.
struct Bag {
    store: Store,
    sender: Sender,
    clock: fn() -> Timestamp,
    holder: String,
    stop: watch::Receiver<bool>,
}

/// A courier at work.
pub struct Courier {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Courier {
    /// Sets one to work on this store's deliveries.
    ///
    /// # Errors
    /// [`NoRandom`] where the system gives no random bytes for its name.
    pub fn start(store: Store, sender: Sender, clock: fn() -> Timestamp) -> Result<Self, NoRandom> {
        let (stop, stopped) = watch::channel(false);
        let bag = Bag { store, sender, clock, holder: random_hex::<16>()?, stop: stopped };
        Ok(Self { stop, task: tokio::spawn(walk(Arc::new(bag))) })
    }

    /// What tells it to stop.
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
            tracing::error!(%error, "the courier had panicked");
        }
    }
}

/// Looks for work again and again, and goes a round to each webhook for which there is some.
async fn walk(bag: Arc<Bag>) {
    let mut stop = bag.stop.clone();
    let mut tenure = Tenure::new(bag.holder.clone());
    let mut rounds: HashMap<WebhookId, JoinHandle<()>> = HashMap::new();
    let mut wake = Wake::default();
    loop {
        rounds.retain(|_, round| !round.is_finished());
        match look(&bag, &mut tenure).await {
            Ok(found) => {
                wake.expect(found.any);
                for id in found.due {
                    rounds.entry(id).or_insert_with(|| tokio::spawn(round::go(Arc::clone(&bag), id)));
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the courier could not use the store");
                sleep(BREATH).await;
            }
        }
        tokio::select! {
            () = wake.next() => {}
            _ = stop.wait_for(|stop| *stop) => break,
        }
    }
    farewell(&bag, rounds, &tenure).await;
}

/// What there is to do.
struct Found {
    any: bool,
    due: Vec<WebhookId>,
}

async fn look(bag: &Bag, tenure: &mut Tenure) -> Result<Found, Error> {
    let now = (bag.clock)();
    let Work { lease, any, due } = bag.store.scan(move |unit| work(unit, now)).await?;
    let ours = any && tenure.hold(&bag.store, lease).await?;
    Ok(Found { any, due: if ours { due } else { Vec::new() } })
}

/// Lets the rounds come to their end, and leaves the rest to whoever comes.
async fn farewell(bag: &Bag, rounds: HashMap<WebhookId, JoinHandle<()>>, tenure: &Tenure) {
    let cut: Vec<_> = rounds.values().map(JoinHandle::abort_handle).collect();
    let ended = async {
        for round in rounds.into_values() {
            let _ = round.await;
        }
    };
    if timeout(FAREWELL, ended).await.is_err() {
        cut.iter().for_each(tokio::task::AbortHandle::abort);
    }
    if tenure.was_held() {
        let holder = bag.holder.clone();
        if let Err(error) = bag.store.write(move |unit| leave_lease(unit, &holder)).await {
            tracing::warn!(%error, "the courier could not leave its deliveries to another");
        }
    }
}
