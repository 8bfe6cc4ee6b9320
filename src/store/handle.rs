//! The store as everything but its backend sees it: writes and reads of closures over a unit of work.

use std::sync::Arc;

use tokio::sync::{Semaphore, oneshot, watch};

use super::{Backend, Job, Unit};
use crate::model::{Error, StoreError};

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

    /// Runs a few point reads on one snapshot. A near backend runs them at once, on the thread that polls this: a handful
    /// of microseconds each.
    ///
    /// # Errors
    /// What the work refused; [`Error::Store`] where the store could not be read.
    #[expect(clippy::unused_async, reason = "a backend across a network waits here")]
    pub async fn read<T>(&self, work: impl FnMut(&mut dyn Unit) -> Result<T, Error> + Send) -> Result<T, Error> {
        self.read_blocking(work)
    }

    /// The same, for a command or a thread that has nothing else to do; the work may take its time.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_blocking<T>(&self, mut work: impl FnMut(&mut dyn Unit) -> Result<T, Error>) -> Result<T, Error> {
        let mut value = None;
        self.backend.read(&mut |unit| {
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
        // The semaphore is never closed, so this is always a permit.
        let _permit = self.scans.acquire().await;
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.read_blocking(work))
            .await
            .unwrap_or_else(|panic| Err(Error::Panicked(panic.to_string())))
    }

    /// Moves soon (within 100 ms or so) after each commit, whichever process made it; there is no telling how many
    /// commits a move stands for, and where nothing changed it may move too.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.backend.changes()
    }

    /// Finishes what waits and lets go of the store. Blocks until that is done.
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
        Error::store(StoreError::Failed, "the store dropped a unit of work")
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
