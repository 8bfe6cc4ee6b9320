//! The port to a store: what a use case may ask of one, and how a unit of work is run. No backend is named here.

mod deliveries;
mod health;
mod leases;
mod past;
pub mod sqlite;
mod unit;
mod webhooks;

use std::sync::Arc;

use tokio::sync::{Semaphore, oneshot, watch};

use crate::model::{Error, StoreFault};
pub use deliveries::Deliveries;
pub use health::Health;
pub use leases::{Lease, Leases};
pub use past::Past;
pub use unit::{Answers, AuditLog, LedgerRefusal, People, Points, Recorded, Tickets, Tokens, Trail, Unit};
pub use webhooks::Webhooks;

/// A unit of work that waits to be run: it may be run again where its group was rolled back, and is answered once.
pub trait Job: Send {
    /// Runs the work inside a transaction.
    ///
    /// # Errors
    /// What the work refused, or what the store could not do.
    fn run(&mut self, unit: &mut dyn Unit) -> Result<(), Error>;

    /// Answers whoever waits: `Ok` only once the work's transaction is durable.
    fn answer(self: Box<Self>, outcome: Result<(), Error>);
}

/// What a backend does. [`Store`] is the comfortable side of it.
pub trait Backend: Send + Sync {
    /// Runs a job in a write transaction and answers it after the commit. Returns at once; a full queue answers
    /// with [`StoreFault::Busy`].
    fn submit(&self, job: Box<dyn Job>);

    /// Runs work on one consistent snapshot, on the calling thread. Writing in it fails.
    ///
    /// # Errors
    /// What the work refused, or what the store could not do.
    fn look(&self, work: &mut dyn FnMut(&mut dyn Unit) -> Result<(), Error>) -> Result<(), Error>;

    /// A number that moves soon after each commit, of this process or another; several commits may move it once, and it
    /// may move where nothing changed. Others' commits are watched for only while somebody holds a receiver.
    fn changes(&self) -> watch::Receiver<u64>;

    /// Finishes what waits, folds the log into the file and lets go of it. Later work is answered with an error.
    fn close(&self);
}

/// A store of either kind, shared by everything that runs beside each other.
#[derive(Clone)]
pub struct Store {
    backend: Arc<dyn Backend>,
    scans: Arc<Semaphore>,
}

/// How many longer reads run at once; others wait, and leave connections to the point reads.
const SCANS: usize = 8;

impl Store {
    /// A store on this backend.
    pub fn new(backend: impl Backend + 'static) -> Self {
        Self { backend: Arc::new(backend), scans: Arc::new(Semaphore::new(SCANS)) }
    }

    /// Runs work in a write transaction and returns when it is durable. It may be run more than once, so it must
    /// change nothing but the unit.
    ///
    /// # Errors
    /// What the work refused, with nothing written; [`Error::Store`] where the store could not do it.
    pub async fn write<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Unit) -> Result<T, Error> + Send + 'static,
    {
        self.send(work).await.unwrap_or_else(|_| Err(Self::lost()))
    }

    /// The same, for a thread that has nothing else to do.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_blocking<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Unit) -> Result<T, Error> + Send + 'static,
    {
        self.send(work).blocking_recv().unwrap_or_else(|_| Err(Self::lost()))
    }

    /// Runs a few point reads on one snapshot, on the calling thread: a handful of microseconds each.
    ///
    /// # Errors
    /// What the work refused; [`Error::Store`] where the store could not be read.
    pub fn read<T>(&self, mut work: impl FnMut(&mut dyn Unit) -> Result<T, Error>) -> Result<T, Error> {
        let mut value = None;
        self.backend.look(&mut |unit| {
            value = Some(work(unit)?);
            Ok(())
        })?;
        value.ok_or_else(Self::lost)
    }

    /// Runs a longer read (a list, a search) on one snapshot, on a thread where waiting harms nobody.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn scan<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Unit) -> Result<T, Error> + Send + 'static,
    {
        // The semaphore is never closed, so this is always a place.
        let _place = self.scans.acquire().await;
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.read(work))
            .await
            .unwrap_or_else(|panic| Err(Error::Panicked(panic.to_string())))
    }

    /// Moves soon (within 100 ms or so) after each commit, whichever process made it; there is no telling how many
    /// commits a move stands for, and where nothing changed it may move too.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.backend.changes()
    }

    /// Finishes what waits and lets go of the file. Blocks until that is done.
    pub fn close(&self) {
        self.backend.close();
    }

    fn send<T, W>(&self, work: W) -> oneshot::Receiver<Result<T, Error>>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Unit) -> Result<T, Error> + Send + 'static,
    {
        let (reply, waiting) = oneshot::channel();
        self.backend.submit(Box::new(Pending { work, value: None, reply }));
        waiting
    }

    fn lost() -> Error {
        Error::store(StoreFault::Failed, "the store dropped a unit of work")
    }
}

/// The one kind of job: a closure, what it returned last, and who waits for it.
struct Pending<T, W> {
    work: W,
    value: Option<T>,
    reply: oneshot::Sender<Result<T, Error>>,
}

impl<T, W> Job for Pending<T, W>
where
    T: Send,
    W: FnMut(&mut dyn Unit) -> Result<T, Error> + Send,
{
    fn run(&mut self, unit: &mut dyn Unit) -> Result<(), Error> {
        self.value = Some((self.work)(unit)?);
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: Result<(), Error>) {
        let Self { value, reply, .. } = *self;
        let answer = outcome.and_then(|()| value.ok_or_else(Store::lost));
        // Whoever waited may be gone: a client that hung up. The work stands all the same.
        let _ = reply.send(answer);
    }
}
