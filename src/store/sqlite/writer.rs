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
use super::connect::{Connector, tell_writer};
use super::connection::StoreConnection;
use super::error::{self, closed};
use super::readers::Readers;
use super::unit::{LogEnd, SqliteUnit};
use super::wal::{self, Wal};
use crate::model::error::chain;
use crate::model::{Error, StoreError};
use crate::store::Job;

/// The most units of work in one commit.
const GROUP: usize = 256;
/// How long closing, or leaving files that were displaced, waits for those who read from the log.
const CHECKPOINT: Duration = Duration::from_millis(200);
/// How long leaving such files waits for the last connection that has them open.
const LEAVING: Duration = Duration::from_secs(1);

/// The door to the writer's thread, which starts with the first job.
pub(super) struct Writer {
    connector: Arc<Connector>,
    readers: Arc<Readers>,
    state: Mutex<State>,
    changes: watch::Sender<u64>,
}

enum State {
    Idle,
    Running { queue: SyncSender<Call>, thread: JoinHandle<()> },
    Closed,
}

/// What wakes the thread.
enum Call {
    /// There is work.
    Work(Waiting),
    /// Somebody wants to know of changes.
    Listen,
}

/// A job and the instant since which it waits.
struct Waiting {
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
        let waiting = Waiting { job, since: Instant::now() };
        let queue = match self.queue() {
            Ok(queue) => queue,
            Err(error) => return waiting.job.answer(Err(error)),
        };
        match queue.try_send(Call::Work(waiting)) {
            Err(TrySendError::Full(Call::Work(waiting))) => {
                if let Some(commits) = &self.connector.settings.commits {
                    commits.refused();
                }
                waiting.job.answer(Err(Error::store(StoreError::Busy, "too much work waits for the writer")));
            }
            Err(TrySendError::Disconnected(Call::Work(waiting))) => waiting.job.answer(Err(closed())),
            Ok(()) | Err(TrySendError::Full(Call::Listen) | TrySendError::Disconnected(Call::Listen)) => {}
        }
    }

    /// Moves after every commit; the thread watches for those of others while such a receiver lives.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        let changes = self.changes.subscribe();
        // A full queue means that the thread is awake, and it looks whether anybody listens after each group.
        match self.queue().map(|queue| queue.try_send(Call::Listen)) {
            Ok(_) => {}
            Err(error) => tracing::warn!(error = chain(&error), "nobody watches the store for changes"),
        }
        changes
    }

    fn queue(&self) -> Result<SyncSender<Call>, Error> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &*state {
            State::Running { queue, .. } => Ok(queue.clone()),
            State::Closed => Err(closed()),
            State::Idle => {
                let (queue, jobs) = sync_channel(self.connector.settings.queue);
                let hand = Hand {
                    wal: Wal::new(self.connector.paths().wal().to_owned(), self.connector.settings.log),
                    connector: Arc::clone(&self.connector),
                    readers: Arc::clone(&self.readers),
                    connection: None,
                    is_whole: true,
                    end: None,
                    notifier: ChangeNotifier::new(self.changes.clone()),
                };
                let thread = thread::Builder::new()
                    .name("store-writer".to_owned())
                    .spawn(move || hand.serve(&jobs))
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
struct Hand {
    connector: Arc<Connector>,
    readers: Arc<Readers>,
    connection: Option<StoreConnection>,
    /// Whether the files were whole when they were looked at last.
    is_whole: bool,
    /// Where the transaction's units left the end of the audit log.
    end: Option<LogEnd>,
    notifier: ChangeNotifier,
    wal: Wal,
}

/// What became of a job inside a transaction.
enum Ran {
    /// The transaction is as good as before: the job is done, or refused without having written.
    Well(Result<(), Error>),
    /// The transaction holds half of it, or is gone; or what it relied on has changed, and it is to be run again.
    Spoilt(Error),
}

impl Hand {
    fn serve(mut self, calls: &Receiver<Call>) {
        let mut waiting = VecDeque::new();
        loop {
            if waiting.is_empty() {
                match self.wait(calls) {
                    Ok(Call::Work(first)) => waiting.push_back(first),
                    Ok(Call::Listen) | Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
            let work = |call| if let Call::Work(waiting) = call { Some(waiting) } else { None };
            waiting.extend(calls.try_iter().take(GROUP - waiting.len()).filter_map(work));
            self.take(&mut waiting);
            if let Some(connection) = self.connection.as_ref().filter(|_| self.is_whole) {
                self.wal.shorten(connection);
            }
            self.watch();
        }
        self.end();
    }

    /// Waits for a call; where somebody listens, only until it is time to look for others' commits.
    fn wait(&self, calls: &Receiver<Call>) -> Result<Call, RecvTimeoutError> {
        match self.notifier.poll_due() {
            None => calls.recv().map_err(RecvTimeoutError::from),
            Some(left) => calls.recv_timeout(left),
        }
    }

    /// Tells whoever listens of others' commits, where it is time to look for them.
    fn watch(&mut self) {
        if self.notifier.poll_due() != Some(Duration::ZERO) {
            return;
        }
        let looked = match self.connection.take() {
            Some(connection) => Ok(connection),
            None => self.connect(),
        };
        let looked = looked.and_then(|connection| {
            let outcome =
                self.notifier.poll(&connection).map_err(|error| error::from_engine(self.connector.name(), error));
            if !outcome.as_ref().is_err_and(error::is_broken) {
                self.connection = Some(connection);
            }
            outcome
        });
        self.notifier.record_poll(looked);
    }

    /// Runs what waits. Where the lock is held elsewhere, only those who waited long enough are answered.
    fn take(&mut self, waiting: &mut VecDeque<Waiting>) {
        let Some(oldest) = waiting.front() else { return };
        let Err(error) = self.begin(oldest.since) else {
            return self.run_group(std::mem::take(waiting));
        };
        tracing::warn!(error = chain(&error), "no transaction could begin");
        let busy = matches!(error, Error::Store { error: StoreError::Busy, .. });
        let patience = self.connector.settings.patience;
        while let Some(next) = waiting.pop_front() {
            if busy && next.since.elapsed() < patience {
                return waiting.push_front(next);
            }
            next.job.answer(Err(again(&error)));
        }
    }

    /// Runs each job of a group in the transaction that has begun, commits, and answers them all.
    fn run_group(&mut self, mut group: VecDeque<Waiting>) {
        let outcomes = match self.run_each(&mut group) {
            Ok(outcomes) => outcomes,
            Err(error) => {
                self.roll_back(&error);
                return match group.len() {
                    1 if !matches!(error, Error::Changed(_)) => answer_all(group, [Err(error)]),
                    _ => group.into_iter().for_each(|waiting| self.run_alone(waiting)),
                };
            }
        };
        match self.commit(group.len()) {
            Ok(()) => answer_all(group, outcomes),
            Err(error) => {
                tracing::error!(error = chain(&error), jobs = group.len(), "a commit failed");
                self.roll_back(&error);
                // One whose files were displaced holds what others do not find.
                if self.is_whole {
                    self.connection = None;
                }
                for waiting in group {
                    waiting.job.answer(Err(again(&error)));
                }
            }
        }
    }

    /// Runs each job, and writes what they have gathered; fails where the transaction is no longer a good one.
    fn run_each<'w>(
        &mut self,
        group: impl IntoIterator<Item = &'w mut Waiting>,
    ) -> Result<Vec<Result<(), Error>>, Error> {
        let mut outcomes = Vec::new();
        for waiting in group {
            match self.run(waiting) {
                Ran::Well(outcome) => outcomes.push(outcome),
                Ran::Spoilt(error) => return Err(error),
            }
        }
        let Some(connection) = &self.connection else { return Err(closed()) };
        let written = self.notifier.has_written(connection);
        SqliteUnit::new(connection, self.connector.name()).after(self.end.take()).finish(written)?;
        Ok(outcomes)
    }

    /// Runs one job in a transaction of its own.
    fn run_alone(&mut self, mut waiting: Waiting) {
        let outcome = self.begin(waiting.since).and_then(|()| {
            self.run_each([&mut waiting])?.into_iter().collect::<Result<(), _>>()?;
            self.commit(1)
        });
        if let Err(error) = &outcome {
            self.roll_back(error);
        }
        answer_all([waiting], [outcome]);
    }

    /// A connection of its own, whose checkpoints are made when the writer says so.
    fn connect(&mut self) -> Result<StoreConnection, Error> {
        self.notifier.reset();
        let connection = self.connector.connect()?;
        let told = tell_writer(&connection, self.connector.settings.cache);
        told.map_err(|error| self.connector.error(error))?;
        Ok(connection)
    }

    /// Takes the lock before the oldest job has waited too long.
    fn begin(&mut self, since: Instant) -> Result<(), Error> {
        let left = self.connector.settings.patience.saturating_sub(since.elapsed());
        self.end = None;
        let begun = self.open_whole(left).and_then(|()| {
            let connection = self.connection.as_ref().ok_or_else(closed)?;
            execute(connection, "BEGIN IMMEDIATE").map_err(|error| self.connector.error(error))
        });
        self.notifier.begin(self.connection.as_deref());
        if begun.as_ref().is_err_and(error::is_broken) && self.is_whole {
            self.connection = None;
        }
        begun
    }

    /// Opens the connection where there is none, and again where its files are not whole or not in their places.
    fn open_whole(&mut self, patience: Duration) -> Result<(), Error> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let connection = self.connection.insert(connection);
        connection.busy_timeout(patience).map_err(|error| self.connector.error(error))?;
        let checked = connection.check(self.connector.paths());
        self.is_whole = checked.is_ok();
        if let Err(error) = checked {
            self.replace_files(error)?;
            self.is_whole = true;
        }
        Ok(())
    }

    /// Saves what stands in the open log, leaves the open files, and opens those that lie in their places.
    ///
    /// # Errors
    /// Why that cannot be done: `because`, or what is in the way of it.
    fn replace_files(&mut self, because: Error) -> Result<(), Error> {
        let Some(connection) = &self.connection else { return Err(because) };
        let (connector, files) = (Arc::clone(&self.connector), Arc::clone(connection.files()));
        let paths = connector.paths();
        files.check_successors(paths)?;
        if !files.is_alone(paths)? {
            return Err(because);
        }
        let saved = self.save(connection);
        if !matches!(saved, Ok(true)) || files.check(paths).is_ok() {
            files.share(paths)?;
            return if saved? { Ok(()) } else { Err(because) };
        }
        self.readers.renew();
        connector.forget_spare();
        self.connection = None;
        let began = Instant::now();
        while Arc::strong_count(&files) > 1 && began.elapsed() < LEAVING {
            thread::sleep(Duration::from_millis(1));
        }
        drop(files);
        self.connection = Some(self.connect()?);
        tracing::warn!("the store's files were replaced beneath it; nothing is lost, and it was opened anew");
        Ok(())
    }

    /// Moves the open log into the database; false where it lacks something, or is read.
    fn save(&self, connection: &StoreConnection) -> Result<bool, Error> {
        if !connection.loses_nothing(self.connector.paths())? {
            tracing::error!(
                "a part of the store's log is gone with what was written last: put it back, or start again"
            );
            return Ok(false);
        }
        wal::checkpoint(connection, CHECKPOINT).map_err(|error| self.connector.error(error))
    }

    fn run(&mut self, waiting: &mut Waiting) -> Ran {
        let Some(connection) = &self.connection else { return Ran::Spoilt(closed()) };
        let before = connection.total_changes();
        let mut unit = SqliteUnit::new(connection, self.connector.name()).after(self.end);
        let outcome = catch_unwind(AssertUnwindSafe(|| waiting.job.run(&mut unit)))
            .unwrap_or_else(|panic| Err(Error::panicked(&*panic)));
        self.end = unit.left();
        // The engine rolls a transaction back by itself where it cannot go on: out of room, out of memory.
        let gone = connection.is_autocommit();
        match outcome {
            Ok(()) if gone => Ran::Spoilt(Error::store(StoreError::Failed, "the engine rolled the transaction back")),
            Err(error)
                if gone
                    || connection.total_changes() != before
                    || matches!(error, Error::Panicked(_) | Error::Changed(_))
                    || error::is_broken(&error) =>
            {
                Ran::Spoilt(error)
            }
            outcome => Ran::Well(outcome),
        }
    }

    /// Commits so many units of work.
    fn commit(&mut self, units: usize) -> Result<(), Error> {
        let Some(connection) = &self.connection else { return Err(closed()) };
        let counted = self.connector.settings.commits.as_ref().map(|commits| (commits, Instant::now()));
        execute(connection, "COMMIT").map_err(|error| error::from_engine(self.connector.name(), error))?;
        if let Some((commits, began)) = counted {
            commits.committed(units, began.elapsed());
        }
        self.notifier.notify_commit(connection);
        let checked = connection.check_commit(self.connector.paths());
        self.is_whole = checked.is_ok();
        checked
    }

    /// Undoes the transaction, if it is still there, and lets go of a connection that cannot or that failed below SQL.
    fn roll_back(&mut self, because: &Error) {
        let ended = self
            .connection
            .as_ref()
            .is_some_and(|connection| connection.is_autocommit() || execute(connection, "ROLLBACK").is_ok());
        if !ended || error::is_broken(because) {
            self.connection = None;
        }
    }

    /// Moves the log into the database, as far as others let it. Files that are not whole are left as they are.
    fn end(self) {
        let Some(connection) = self.connection else { return };
        let ended = match connection.loses_nothing(self.connector.paths()) {
            Ok(true) => wal::checkpoint(&connection, CHECKPOINT).map(drop),
            Ok(false) | Err(_) => connection.leave_files(),
        };
        let ended = if self.is_whole { ended } else { ended.and_then(|()| connection.leave_files()) };
        if let Err(error) = ended {
            tracing::warn!(error = chain(&error), "the log was not moved into the store's file");
        }
    }
}

fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}

/// Answers each job with its outcome; what went wrong inside is logged here, since a client never hears it.
fn answer_all(group: impl IntoIterator<Item = Waiting>, outcomes: impl IntoIterator<Item = Result<(), Error>>) {
    for (waiting, outcome) in group.into_iter().zip(outcomes) {
        match &outcome {
            Err(error @ Error::Panicked(_)) => tracing::error!(error = chain(error), "a unit of work panicked"),
            Err(error @ Error::Store { .. }) => tracing::warn!(error = chain(error), "a unit of work failed"),
            Ok(()) | Err(_) => {}
        }
        waiting.job.answer(outcome);
    }
}

/// The same error for another waiter: its source as text.
fn again(error: &Error) -> Error {
    let reason = match error {
        Error::Store { error, .. } => error.clone(),
        _ => StoreError::Failed,
    };
    Error::store(reason, chain(error))
}
