//! The side of a store that a backend implements: jobs to run in transactions, and snapshots to read.

use tokio::sync::watch;

use super::Unit;
use crate::model::Error;

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

/// What a backend does. [`super::Store`] is the comfortable side of it.
pub trait Backend: Send + Sync {
    /// Runs a job in a write transaction and answers it after the commit. Returns at once; a full queue answers
    /// with [`crate::model::StoreError::Busy`].
    fn submit(&self, job: Box<dyn Job>);

    /// Runs work on one consistent snapshot, on the calling thread. Writing in it fails.
    ///
    /// # Errors
    /// What the work refused, or what the store could not do.
    fn read(&self, work: &mut dyn FnMut(&mut dyn Unit) -> Result<(), Error>) -> Result<(), Error>;

    /// A number that moves soon after each commit, of this process or another; several commits may move it once, and it
    /// may move where nothing changed. Others' commits are watched for only while somebody holds a receiver.
    fn changes(&self) -> watch::Receiver<u64>;

    /// Finishes what waits and lets go of the store. Later work is answered with an error.
    fn close(&self);
}
