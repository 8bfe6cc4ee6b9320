//! The couriers: one works deliveries to webhooks off while a server runs, another mails. Everything they know is in the
//! store, so they may die at any moment, and another, here or in another process, goes on where they were.

mod lease;
mod mail;
mod round;
mod wake;

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::desk::lease::{Work, leave_lease};
use crate::metrics::Deliveries;
use crate::model::{Error, Timestamp};
use crate::store::{Errand, Store, Unit};
use crate::system;
use lease::Tenure;
pub use mail::{begin_mail, end_mail};
use wake::Wake;

/// How long what is on its way may take when the server ends; what is cut off goes again later.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long to wait where the store could not do it.
const BREATH: Duration = Duration::from_secs(1);

/// What carries messages out on an errand.
pub trait Carrier: Send + Sync + Sized + 'static {
    /// Which errand it is.
    const ERRAND: Errand;
    /// For whom there is something to carry: each has rounds of their own.
    type For: Copy + Eq + Hash + Send + Sync;

    /// What there is to do at this instant.
    ///
    /// # Errors
    /// Those of the store.
    fn work(unit: &mut dyn Unit, now: Timestamp) -> Result<Work<Self::For>, Error>;

    /// Carries what is due for one, one after the other, until nothing is.
    fn round(bag: Arc<Bag<Self>>, whom: Self::For) -> impl Future<Output = ()> + Send;
}

/// What every round works with.
pub struct Bag<C> {
    store: Store,
    carrier: C,
    clock: fn() -> Timestamp,
    holder: String,
    /// Who counts what came of the attempts.
    counts: Option<Arc<Deliveries>>,
    stop: watch::Receiver<bool>,
}

/// A courier at work.
pub struct Courier {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Courier {
    /// Sets one to work on this carrier's errand; what comes of its attempts is counted where somebody wants to know.
    ///
    /// # Errors
    /// [`system::NoRandom`] where the system gives no random bytes for its name.
    pub fn start<C: Carrier>(
        store: Store,
        carrier: C,
        clock: fn() -> Timestamp,
        counts: Option<Arc<Deliveries>>,
    ) -> Result<Self, system::NoRandom> {
        let (stop, stopped) = watch::channel(false);
        let bag = Bag { store, carrier, clock, holder: system::random_name()?, counts, stop: stopped };
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

/// Looks for work again and again, and goes a round to each for whom there is some.
async fn walk<C: Carrier>(bag: Arc<Bag<C>>) {
    let mut stop = bag.stop.clone();
    let mut tenure = Tenure::new(C::ERRAND, bag.holder.clone());
    let mut rounds: HashMap<C::For, JoinHandle<()>> = HashMap::new();
    let mut wake = Wake::default();
    loop {
        rounds.retain(|_, round| !round.is_finished());
        match look(&bag, &mut tenure).await {
            Ok(found) => {
                wake.expect(found.any);
                for whom in found.due {
                    rounds.entry(whom).or_insert_with(|| tokio::spawn(C::round(Arc::clone(&bag), whom)));
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
struct Found<K> {
    any: bool,
    due: Vec<K>,
}

async fn look<C: Carrier>(bag: &Bag<C>, tenure: &mut Tenure) -> Result<Found<C::For>, Error> {
    let now = (bag.clock)();
    let Work { lease, any, due } = bag.store.scan(move |unit| C::work(unit, now)).await?;
    let ours = any && tenure.hold(&bag.store, lease, now).await?;
    Ok(Found { any, due: if ours { due } else { Vec::new() } })
}

/// Keeps what came of an attempt. What was sent is not sent again because the store is out of order for a while: this
/// waits until it is not, or the server ends.
async fn keep<C, T, W>(bag: &Bag<C>, work: W) -> Result<T, Error>
where
    T: Send + 'static,
    W: FnMut(&mut dyn Unit) -> Result<T, Error> + Clone + Send + 'static,
{
    loop {
        match bag.store.write(work.clone()).await {
            Err(error) if !*bag.stop.borrow() => {
                tracing::warn!(%error, "what came of an attempt could not be kept");
                sleep(BREATH).await;
            }
            outcome => return outcome,
        }
    }
}

/// Lets the rounds come to their end, and leaves the rest to whoever comes.
async fn farewell<C: Carrier>(bag: &Bag<C>, rounds: HashMap<C::For, JoinHandle<()>>, tenure: &Tenure) {
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
        if let Err(error) = bag.store.write(move |unit| leave_lease(unit, C::ERRAND, &holder)).await {
            tracing::warn!(%error, "the courier could not leave its errand to another");
        }
    }
}
