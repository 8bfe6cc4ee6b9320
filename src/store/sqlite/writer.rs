//! The one writer: a thread that takes whatever waits, runs it in one transaction, and answers once that is durable.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::watch;

use super::change_notifier::ChangeNotifier;
use super::connect::{Connector, configure_writer};
use super::connection::StoreConnection;
use super::error::{self, closed};
use super::readers::Readers;
use super::unit::{AuditHead, SqliteUnit};
use super::wal::{self, Wal};
use crate::model::error::chain;
use crate::model::{Error, StoreError};
use crate::store::Job;

/// The most units of work in one commit.
const MAX_GROUP_SIZE: usize = 256;
/// How long closing, or leaving files that were displaced, waits for those who read from the log.
const FINAL_CHECKPOINT_TIMEOUT: Duration = Duration::from_millis(200);
/// How long leaving such files waits for the last connection that has them open.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(1);

/// The door to the writer's thread, which starts with the first job.
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

/// What wakes the thread.
enum Message {
    /// There is work.
    Work(QueuedJob),
    /// Somebody wants to know of changes.
    Subscribe,
}

/// A job and the instant since which it waits.
struct QueuedJob {
    job: Box<dyn Job>,
    since: Instant,
}

impl Writer {
    pub(super) fn new(connector: &Arc<Connector>, readers: &Arc<Readers>) -> Self {
        let (connector, readers) = (Arc::clone(connector), Arc::clone(readers));
        Self { connector, readers, state: Mutex::new(State::Idle), changes: watch::Sender::default() }
    }

    /// Queues a job; a full queue answers it at once.
    pub(super) fn submit(&self, job: Box<dyn Job>) {
        let waiting = QueuedJob { job, since: Instant::now() };
        let queue = match self.queue() {
            Ok(queue) => queue,
            Err(error) => return waiting.job.complete(Err(error)),
        };
        match queue.try_send(Message::Work(waiting)) {
            Err(TrySendError::Full(Message::Work(waiting))) => {
                if let Some(commits) = &self.connector.settings.commit_metrics {
                    commits.refused();
                }
                waiting.job.complete(Err(Error::store(StoreError::Busy, "too much work waits for the writer")));
            }
            Err(TrySendError::Disconnected(Message::Work(waiting))) => waiting.job.complete(Err(closed())),
            Ok(()) | Err(TrySendError::Full(Message::Subscribe) | TrySendError::Disconnected(Message::Subscribe)) => {}
        }
    }

    /// Moves after every commit; the thread watches for those of others while such a receiver lives.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        let changes = self.changes.subscribe();
        // A full queue means that the thread is awake, and it looks whether anybody listens after each group.
        match self.queue().map(|queue| queue.try_send(Message::Subscribe)) {
            Ok(_) => {}
            Err(error) => tracing::warn!(error = chain(&error), "nobody watches the store for changes"),
        }
        changes
    }

    fn queue(&self) -> Result<SyncSender<Message>, Error> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &*state {
            State::Running { queue, .. } => Ok(queue.clone()),
            State::Closed => Err(closed()),
            State::Idle => {
                let (queue, jobs) = sync_channel(self.connector.settings.queue_capacity);
                let writer = WriterThread {
                    wal: Wal::new(self.connector.paths().wal().to_owned(), self.connector.settings.wal_limit),
                    connector: Arc::clone(&self.connector),
                    readers: Arc::clone(&self.readers),
                    connection: None,
                    files_are_valid: true,
                    audit_head: None,
                    notifier: ChangeNotifier::new(self.changes.clone()),
                };
                let thread = thread::Builder::new()
                    .name("store-writer".to_owned())
                    .spawn(move || writer.serve(&jobs))
                    .map_err(|error| Error::store(StoreError::Failed, error))?;
                *state = State::Running { queue: queue.clone(), thread };
                Ok(queue)
            }
        }
    }

    /// Lets the thread finish what waits, and waits for it.
    pub(super) fn close(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let State::Running { queue, thread } = std::mem::replace(&mut *state, State::Closed) {
            drop((state, queue));
            // A unit of work may hold the last handle to its own store: the thread cannot wait for itself.
            if thread.thread().id() != thread::current().id() && thread.join().is_err() {
                tracing::error!("the writer's thread had panicked");
            }
        }
    }
}

/// The thread's own side: its connection, opened when it is needed and again after the engine failed beneath it.
struct WriterThread {
    connector: Arc<Connector>,
    readers: Arc<Readers>,
    connection: Option<StoreConnection>,
    /// Whether the files were whole when they were polled at last.
    files_are_valid: bool,
    /// Where the transaction's units left the end of the audit log.
    audit_head: Option<AuditHead>,
    notifier: ChangeNotifier,
    wal: Wal,
}

/// What became of a job inside a transaction.
enum JobOutcome {
    /// The transaction is as good as before: the job is done, or refused without having written.
    Valid(Result<(), Error>),
    /// The transaction holds half of it, or is rolled_back; or what it relied on has changed, and it is to be run again.
    Aborted(Error),
}

impl WriterThread {
    fn serve(mut self, messages: &Receiver<Message>) {
        let mut waiting = VecDeque::new();
        loop {
            if waiting.is_empty() {
                match self.wait(messages) {
                    Ok(Message::Work(first)) => waiting.push_back(first),
                    Ok(Message::Subscribe) | Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
            let work = |message| if let Message::Work(waiting) = message { Some(waiting) } else { None };
            waiting.extend(messages.try_iter().take(MAX_GROUP_SIZE - waiting.len()).filter_map(work));
            self.run_queued(&mut waiting);
            if let Some(connection) = self.connection.as_ref().filter(|_| self.files_are_valid) {
                self.wal.checkpoint_if_due(connection);
            }
            self.poll_changes();
        }
        self.close();
    }

    /// Waits for a message; where somebody listens, only until it is time to look for others' commits.
    fn wait(&self, messages: &Receiver<Message>) -> Result<Message, RecvTimeoutError> {
        match self.notifier.poll_due() {
            None => messages.recv().map_err(RecvTimeoutError::from),
            Some(left) => messages.recv_timeout(left),
        }
    }

    /// Tells whoever listens of others' commits, where it is time to look for them.
    fn poll_changes(&mut self) {
        if self.notifier.poll_due() != Some(Duration::ZERO) {
            return;
        }
        let polled = match self.connection.take() {
            Some(connection) => Ok(connection),
            None => self.connect(),
        };
        let polled = polled.and_then(|connection| {
            let outcome =
                self.notifier.poll(&connection).map_err(|error| error::from_engine(self.connector.name(), error));
            if !outcome.as_ref().is_err_and(error::is_broken) {
                self.connection = Some(connection);
            }
            outcome
        });
        self.notifier.record_poll(polled);
    }

    /// Runs what waits. Where the lock is held elsewhere, only those who waited long enough are answered.
    fn run_queued(&mut self, waiting: &mut VecDeque<QueuedJob>) {
        let Some(oldest) = waiting.front() else { return };
        let Err(error) = self.begin(oldest.since) else {
            return self.run_group(std::mem::take(waiting));
        };
        tracing::warn!(error = chain(&error), "no transaction could begin");
        let busy = matches!(error, Error::Store { error: StoreError::Busy, .. });
        let patience = self.connector.settings.busy_timeout;
        while let Some(next) = waiting.pop_front() {
            if busy && next.since.elapsed() < patience {
                return waiting.push_front(next);
            }
            next.job.complete(Err(copy_error(&error)));
        }
    }

    /// Runs each job of a group in the transaction that has begun, commits, and answers them all.
    fn run_group(&mut self, mut group: VecDeque<QueuedJob>) {
        let outcomes = match self.run_each(&mut group) {
            Ok(outcomes) => outcomes,
            Err(error) => {
                self.roll_back(&error);
                return match group.len() {
                    1 if !matches!(error, Error::Changed(_)) => complete_all(group, [Err(error)]),
                    _ => group.into_iter().for_each(|waiting| self.run_alone(waiting)),
                };
            }
        };
        match self.commit(group.len()) {
            Ok(()) => complete_all(group, outcomes),
            Err(error) => {
                tracing::error!(error = chain(&error), jobs = group.len(), "a commit failed");
                self.roll_back(&error);
                // One whose files were displaced holds what others do not find.
                if self.files_are_valid {
                    self.connection = None;
                }
                for waiting in group {
                    waiting.job.complete(Err(copy_error(&error)));
                }
            }
        }
    }

    /// Runs each job, and writes what they have gathered; fails where the transaction is no longer a good one.
    fn run_each<'w>(
        &mut self,
        group: impl IntoIterator<Item = &'w mut QueuedJob>,
    ) -> Result<Vec<Result<(), Error>>, Error> {
        let mut outcomes = Vec::new();
        for waiting in group {
            match self.run(waiting) {
                JobOutcome::Valid(outcome) => outcomes.push(outcome),
                JobOutcome::Aborted(error) => return Err(error),
            }
        }
        let Some(connection) = &self.connection else { return Err(closed()) };
        let written = self.notifier.has_written(connection);
        SqliteUnit::new(connection, self.connector.name()).with_audit_head(self.audit_head.take()).finish(written)?;
        Ok(outcomes)
    }

    /// Runs one job in a transaction of its own.
    fn run_alone(&mut self, mut waiting: QueuedJob) {
        let outcome = self.begin(waiting.since).and_then(|()| {
            self.run_each([&mut waiting])?.into_iter().collect::<Result<(), _>>()?;
            self.commit(1)
        });
        if let Err(error) = &outcome {
            self.roll_back(error);
        }
        complete_all([waiting], [outcome]);
    }

    /// A connection of its own, whose checkpoints are made when the writer says so.
    fn connect(&mut self) -> Result<StoreConnection, Error> {
        self.notifier.reset();
        let connection = self.connector.connect()?;
        let configured = configure_writer(&connection, self.connector.settings.cache_kib);
        configured.map_err(|error| self.connector.error(error))?;
        Ok(connection)
    }

    /// Takes the lock before the oldest job has waited too long.
    fn begin(&mut self, since: Instant) -> Result<(), Error> {
        let left = self.connector.settings.busy_timeout.saturating_sub(since.elapsed());
        self.audit_head = None;
        let begun = self.open_checked(left).and_then(|()| {
            let connection = self.connection.as_ref().ok_or_else(closed)?;
            execute(connection, "BEGIN IMMEDIATE").map_err(|error| self.connector.error(error))
        });
        self.notifier.begin(self.connection.as_deref());
        if begun.as_ref().is_err_and(error::is_broken) && self.files_are_valid {
            self.connection = None;
        }
        begun
    }

    /// Opens the connection where there is none, and again where its files are not whole or not in their places.
    fn open_checked(&mut self, patience: Duration) -> Result<(), Error> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let connection = self.connection.insert(connection);
        connection.busy_timeout(patience).map_err(|error| self.connector.error(error))?;
        let checked = connection.check(self.connector.paths());
        self.files_are_valid = checked.is_ok();
        if let Err(error) = checked {
            self.replace_files(error)?;
            self.files_are_valid = true;
        }
        Ok(())
    }

    /// Saves what stands in the open log, leaves the open files, and opens those that lie in their places.
    ///
    /// # Errors
    /// Why that cannot be done: `cause`, or what is in the way of it.
    fn replace_files(&mut self, cause: Error) -> Result<(), Error> {
        let Some(connection) = &self.connection else { return Err(cause) };
        let (connector, files) = (Arc::clone(&self.connector), Arc::clone(connection.files()));
        let paths = connector.paths();
        files.check_successors(paths)?;
        if !files.try_lock_exclusive(paths)? {
            return Err(cause);
        }
        let checkpointed = self.checkpoint_all(connection);
        if !matches!(checkpointed, Ok(true)) || files.check(paths).is_ok() {
            files.lock_shared(paths)?;
            return if checkpointed? { Ok(()) } else { Err(cause) };
        }
        self.readers.reset();
        connector.drop_spare();
        self.connection = None;
        let began = Instant::now();
        while Arc::strong_count(&files) > 1 && began.elapsed() < RELEASE_TIMEOUT {
            thread::sleep(Duration::from_millis(1));
        }
        drop(files);
        self.connection = Some(self.connect()?);
        tracing::warn!("the store's files were replaced beneath it; nothing is lost, and it was opened anew");
        Ok(())
    }

    /// Moves the open log into the database; false where it lacks something, or is read.
    fn checkpoint_all(&self, connection: &StoreConnection) -> Result<bool, Error> {
        if !connection.wal_is_recoverable(self.connector.paths())? {
            tracing::error!(
                "a part of the store's log is rolled_back with what was written last: put it back, or start again"
            );
            return Ok(false);
        }
        wal::checkpoint(connection, FINAL_CHECKPOINT_TIMEOUT).map_err(|error| self.connector.error(error))
    }

    fn run(&mut self, waiting: &mut QueuedJob) -> JobOutcome {
        let Some(connection) = &self.connection else { return JobOutcome::Aborted(closed()) };
        let before = connection.total_changes();
        let mut unit = SqliteUnit::new(connection, self.connector.name()).with_audit_head(self.audit_head);
        let outcome = catch_unwind(AssertUnwindSafe(|| waiting.job.run(&mut unit)))
            .unwrap_or_else(|panic| Err(Error::panicked(&*panic)));
        self.audit_head = unit.audit_head();
        // The engine rolls a transaction back by itself where it cannot go on: out of room, out of memory.
        let rolled_back = connection.is_autocommit();
        match outcome {
            Ok(()) if rolled_back => {
                JobOutcome::Aborted(Error::store(StoreError::Failed, "the engine rolled the transaction back"))
            }
            Err(error)
                if rolled_back
                    || connection.total_changes() != before
                    || matches!(error, Error::Panicked(_) | Error::Changed(_))
                    || error::is_broken(&error) =>
            {
                JobOutcome::Aborted(error)
            }
            outcome => JobOutcome::Valid(outcome),
        }
    }

    /// Commits so many units of work.
    fn commit(&mut self, units: usize) -> Result<(), Error> {
        let Some(connection) = &self.connection else { return Err(closed()) };
        let counted = self.connector.settings.commit_metrics.as_ref().map(|commits| (commits, Instant::now()));
        execute(connection, "COMMIT").map_err(|error| error::from_engine(self.connector.name(), error))?;
        if let Some((commits, began)) = counted {
            commits.committed(units, began.elapsed());
        }
        self.notifier.notify_commit(connection);
        let checked = connection.check_commit(self.connector.paths());
        self.files_are_valid = checked.is_ok();
        checked
    }

    /// Undoes the transaction, if it is still there, and lets go of a connection that cannot or that failed below SQL.
    fn roll_back(&mut self, cause: &Error) {
        let ended = self
            .connection
            .as_ref()
            .is_some_and(|connection| connection.is_autocommit() || execute(connection, "ROLLBACK").is_ok());
        if !ended || error::is_broken(cause) {
            self.connection = None;
        }
    }

    /// Moves the log into the database, as far as others let it. Files that are not whole are left as they are.
    fn close(self) {
        let Some(connection) = self.connection else { return };
        let ended = match connection.wal_is_recoverable(self.connector.paths()) {
            Ok(true) => wal::checkpoint(&connection, FINAL_CHECKPOINT_TIMEOUT).map(drop),
            Ok(false) | Err(_) => connection.keep_wal_on_close(),
        };
        let ended = if self.files_are_valid { ended } else { ended.and_then(|()| connection.keep_wal_on_close()) };
        if let Err(error) = ended {
            tracing::warn!(error = chain(&error), "the log was not moved into the store's file");
        }
    }
}

fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}

/// Answers each job with its outcome; what went wrong inside is logged here, since a client never hears it.
fn complete_all(group: impl IntoIterator<Item = QueuedJob>, outcomes: impl IntoIterator<Item = Result<(), Error>>) {
    for (waiting, outcome) in group.into_iter().zip(outcomes) {
        match &outcome {
            Err(error @ Error::Panicked(_)) => tracing::error!(error = chain(error), "a unit of work panicked"),
            Err(error @ Error::Store { .. }) => tracing::warn!(error = chain(error), "a unit of work failed"),
            Ok(()) | Err(_) => {}
        }
        waiting.job.complete(outcome);
    }
}

/// The same error for another waiter: its source as text.
fn copy_error(error: &Error) -> Error {
    let reason = match error {
        Error::Store { error, .. } => error.clone(),
        _ => StoreError::Failed,
    };
    Error::store(reason, chain(error))
}
