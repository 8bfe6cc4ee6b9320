//! Queue of the one writer, whose thread starts with the first job.

use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use tokio::sync::watch;

use super::connect::Connector;
use super::error::closed;
use super::readers::Readers;
use super::writer_thread::{Message, QueuedJob, WriterThread};
use crate::model::error::chain;
use crate::model::{Error, StoreError};
use crate::store::Job;

/// Handle to the writer's thread.
pub(super) struct Writer {
    connector: Arc<Connector>,
    readers: Arc<Readers>,
    state: Mutex<State>,
    changes: watch::Sender<u64>,
}

enum State {
    Idle,
    Running { queue: SyncSender<Message>, thread: JoinHandle<()> },
    Closed,
}

impl Writer {
    pub(super) fn new(connector: &Arc<Connector>, readers: &Arc<Readers>) -> Self {
        let (connector, readers) = (Arc::clone(connector), Arc::clone(readers));
        Self { connector, readers, state: Mutex::new(State::Idle), changes: watch::Sender::default() }
    }

    /// Queues a job, or completes it with [`StoreError::Busy`] if the queue is full.
    pub(super) fn submit(&self, job: Box<dyn Job>) {
        let queued = QueuedJob { job, since: Instant::now() };
        let queue = match self.queue() {
            Ok(queue) => queue,
            Err(error) => return queued.job.complete(Err(error)),
        };
        match queue.try_send(Message::Work(queued)) {
            Err(TrySendError::Full(Message::Work(queued))) => {
                if let Some(commits) = &self.connector.settings.commit_metrics {
                    commits.refused();
                }
                queued.job.complete(Err(Error::store(StoreError::Busy, "too much work waits for the writer")));
            }
            Err(TrySendError::Disconnected(Message::Work(queued))) => queued.job.complete(Err(closed())),
            Ok(()) | Err(TrySendError::Full(Message::Subscribe) | TrySendError::Disconnected(Message::Subscribe)) => {}
        }
    }

    /// Returns a counter that changes after every commit. The thread polls for commits of other processes while a
    /// receiver exists.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        let changes = self.changes.subscribe();
        // A full queue needs no message: the thread is running, and checks for receivers after each group.
        match self.queue().map(|queue| queue.try_send(Message::Subscribe)) {
            Ok(_) => {}
            Err(error) => tracing::warn!(error = chain(&error), "the store is not watched for changes"),
        }
        changes
    }

    /// Returns the queue, after a start of the thread if it does not run yet.
    fn queue(&self) -> Result<SyncSender<Message>, Error> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &*state {
            State::Running { queue, .. } => Ok(queue.clone()),
            State::Closed => Err(closed()),
            State::Idle => {
                let (queue, messages) = sync_channel(self.connector.settings.queue_capacity);
                let writer = WriterThread::new(&self.connector, &self.readers, self.changes.clone());
                let thread = thread::Builder::new()
                    .name("store-writer".to_owned())
                    .spawn(move || writer.serve(&messages))
                    .map_err(|error| Error::store(StoreError::Failed, error))?;
                *state = State::Running { queue: queue.clone(), thread };
                Ok(queue)
            }
        }
    }

    /// Closes the queue and waits until the thread has completed the queued jobs.
    pub(super) fn close(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let State::Running { queue, thread } = std::mem::replace(&mut *state, State::Closed) {
            drop((state, queue));
            // The thread cannot join itself: a unit of work may drop the last handle to its own store.
            if thread.thread().id() != thread::current().id() && thread.join().is_err() {
                tracing::error!("the writer's thread had panicked");
            }
        }
    }
}
