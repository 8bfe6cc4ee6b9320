//! Interface that a backend implements: jobs to run in transactions, and snapshots to read.

use tokio::sync::watch;

use super::Unit;
use crate::model::backup::{CopyProgress, Manifest};
use crate::model::{Error, Location, Timestamp};

/// Queued unit of work. The backend may run it several times, after a rollback of its group, and completes it once.
pub trait Job: Send {
    /// Runs the work inside a transaction.
    ///
    /// # Errors
    /// Error of the work, or of the store.
    fn run(&mut self, unit: &mut dyn Unit) -> Result<(), Error>;

    /// Sends the outcome to the caller that submitted the job: `Ok` only after the transaction is durable.
    fn complete(self: Box<Self>, outcome: Result<(), Error>);
}

/// Storage engine behind a [`super::Store`].
pub trait Backend: Send + Sync {
    /// Runs a job in a write transaction and completes it after the commit. Returns without waiting; completes the job
    /// with [`crate::model::StoreError::Busy`] if the queue is full.
    fn submit(&self, job: Box<dyn Job>);

    /// Runs work on one consistent snapshot, on the calling thread. A write inside it fails.
    ///
    /// # Errors
    /// Error of the work, or of the store.
    fn read(&self, work: &mut dyn FnMut(&mut dyn Unit) -> Result<(), Error>) -> Result<(), Error>;

    /// Returns a counter that changes soon after each commit of this process or another. Several commits may change it
    /// once, and it may change without a commit. Commits of other processes are polled only while a receiver exists.
    fn changes(&self) -> watch::Receiver<u64>;

    /// Writes a copy of one consistent snapshot, verifies it, and gives it its place, with its manifest beside it. The
    /// place must be free unless `replace` is set. `progress` is called between the steps and returns false to give up.
    /// Work on the store goes on meanwhile.
    ///
    /// # Errors
    /// [`crate::model::StoreError::CopyNotWritten`] or [`crate::model::StoreError::CopyDamaged`], with nothing left
    /// behind and nothing replaced; errors of the store.
    fn back_up(
        &self,
        copy: &Location,
        replace: bool,
        now: Timestamp,
        progress: &mut dyn FnMut(CopyProgress) -> bool,
    ) -> Result<Manifest, Error>;

    /// Completes the queued jobs and closes the store. Later work fails.
    fn close(&self);
}
