//! Handle to the store: runs closures over a unit of work, as write transactions or on read snapshots.

use std::sync::Arc;

use tokio::sync::{Semaphore, oneshot, watch};

use super::{Backend, Job, Unit};
use crate::model::backup::{CopyProgress, Manifest};
use crate::model::{Error, Location, StoreError, Timestamp};

/// Handle to the store. Clones share one backend.
#[derive(Clone)]
pub struct Store {
    backend: Arc<dyn Backend>,
    scans: Arc<Semaphore>,
}

/// Maximum number of scans that run at the same time; further ones wait, so that point reads find a free connection.
const MAX_CONCURRENT_SCANS: usize = 8;

impl Store {
    /// Returns a store on this backend.
    pub fn new(backend: impl Backend + 'static) -> Self {
        Self { backend: Arc::new(backend), scans: Arc::new(Semaphore::new(MAX_CONCURRENT_SCANS)) }
    }

    /// Runs work in a write transaction and returns after the commit is durable. The work may run more than once, so
    /// it must have no side effect outside the unit.
    ///
    /// # Errors
    /// Error of the work, with nothing written; [`Error::Store`] if the store fails.
    pub async fn write<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Unit) -> Result<T, Error> + Send + 'static,
    {
        self.send(work).await.unwrap_or_else(|_| Err(Self::dropped()))
    }

    /// Runs [`Self::write`] on a thread that may block.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_blocking<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Unit) -> Result<T, Error> + Send + 'static,
    {
        self.send(work).blocking_recv().unwrap_or_else(|_| Err(Self::dropped()))
    }

    /// Runs a few point reads on one snapshot. An embedded backend runs them on the thread that polls this future: a
    /// few microseconds each.
    ///
    /// # Errors
    /// Error of the work; [`Error::Store`] if the store fails.
    #[expect(clippy::unused_async, reason = "a backend across a network waits here")]
    pub async fn read<T>(&self, work: impl FnMut(&mut dyn Unit) -> Result<T, Error> + Send) -> Result<T, Error> {
        self.read_blocking(work)
    }

    /// Runs reads of any length on one snapshot, on a thread that may block.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_blocking<T>(&self, mut work: impl FnMut(&mut dyn Unit) -> Result<T, Error>) -> Result<T, Error> {
        let mut value = None;
        self.backend.read(&mut |unit| {
            value = Some(work(unit)?);
            Ok(())
        })?;
        value.ok_or_else(Self::dropped)
    }

    /// Runs a longer read (a list, a search) on one snapshot, on a thread of tokio's blocking pool.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn scan<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Unit) -> Result<T, Error> + Send + 'static,
    {
        // Always a permit: the semaphore is never closed.
        let _permit = self.scans.acquire().await;
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.read_blocking(work))
            .await
            .unwrap_or_else(|panic| Err(Error::Panicked(panic.to_string())))
    }

    /// Writes a verified copy of the store, with its manifest beside it. Blocks until that is done; see
    /// [`Backend::back_up`].
    ///
    /// # Errors
    /// As [`Backend::back_up`].
    pub fn back_up(
        &self,
        copy: &Location,
        replace: bool,
        now: Timestamp,
        progress: &mut dyn FnMut(CopyProgress) -> bool,
    ) -> Result<Manifest, Error> {
        self.backend.back_up(copy, replace, now, progress)
    }

    /// Returns a counter that changes within about 100 ms after each commit of any process. Several commits may change
    /// it once, and it may change without a commit.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.backend.changes()
    }

    /// Completes the queued work and closes the store. Blocks until that is done.
    pub fn close(&self) {
        self.backend.close();
    }

    fn send<T, W>(&self, work: W) -> oneshot::Receiver<Result<T, Error>>
    where
        T: Send + 'static,
        W: FnMut(&mut dyn Unit) -> Result<T, Error> + Send + 'static,
    {
        let (reply, waiting) = oneshot::channel();
        self.backend.submit(Box::new(ClosureJob { work, value: None, reply }));
        waiting
    }

    fn dropped() -> Error {
        Error::store(StoreError::Failed, "the store dropped a unit of work")
    }
}

/// Job that runs a closure and sends its last value to the caller.
struct ClosureJob<T, W> {
    work: W,
    value: Option<T>,
    reply: oneshot::Sender<Result<T, Error>>,
}

impl<T, W> Job for ClosureJob<T, W>
where
    T: Send,
    W: FnMut(&mut dyn Unit) -> Result<T, Error> + Send,
{
    fn run(&mut self, unit: &mut dyn Unit) -> Result<(), Error> {
        self.value = Some((self.work)(unit)?);
        Ok(())
    }

    fn complete(self: Box<Self>, outcome: Result<(), Error>) {
        let Self { value, reply, .. } = *self;
        let result = outcome.and_then(|()| value.ok_or_else(Store::dropped));
        // The receiver is gone if the client has disconnected. The work is committed nonetheless.
        let _ = reply.send(result);
    }
}
