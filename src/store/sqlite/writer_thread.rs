//! Thread of the one writer: its connection, its checkpoints, and the files of that connection.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::watch;

use super::change_notifier::ChangeNotifier;
use super::connect::Connector;
use super::connection::StoreConnection;
use super::error::{self, closed};
use super::pragmas;
use super::readers::Readers;
use super::unit::AuditHead;
use super::wal::{self, Wal};
use crate::model::Error;
use crate::model::error::chain;
use crate::store::Job;

/// Maximum number of jobs in one commit.
const MAX_GROUP_SIZE: usize = 256;
/// Maximum wait for readers of the WAL before the store is closed, or displaced files are left.
const FINAL_CHECKPOINT_TIMEOUT: Duration = Duration::from_millis(200);
/// Maximum wait for the last reader that has displaced files open.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(1);

/// Message to the writer's thread.
pub(super) enum Message {
    Work(QueuedJob),
    /// A receiver of changes was created.
    Subscribe,
}

/// Job and the time of its submission.
pub(super) struct QueuedJob {
    pub(super) job: Box<dyn Job>,
    pub(super) since: Instant,
}

/// State of the writer's thread.
pub(super) struct WriterThread {
    pub(super) connector: Arc<Connector>,
    readers: Arc<Readers>,
    /// Opened on demand, and again after an error below SQL.
    pub(super) connection: Option<StoreConnection>,
    /// False if the last check of the files failed.
    pub(super) files_are_valid: bool,
    /// Head of the audit log as the transaction's units have moved it.
    pub(super) audit_head: Option<AuditHead>,
    pub(super) notifier: ChangeNotifier,
    wal: Wal,
}

impl WriterThread {
    pub(super) fn new(connector: &Arc<Connector>, readers: &Arc<Readers>, changes: watch::Sender<u64>) -> Self {
        Self {
            wal: Wal::new(connector.paths().wal().to_owned(), connector.settings.wal_limit),
            connector: Arc::clone(connector),
            readers: Arc::clone(readers),
            connection: None,
            files_are_valid: true,
            audit_head: None,
            notifier: ChangeNotifier::new(changes),
        }
    }

    /// Runs queued jobs in groups until the queue is closed.
    pub(super) fn serve(mut self, messages: &Receiver<Message>) {
        let mut jobs = VecDeque::new();
        loop {
            if jobs.is_empty() {
                match self.receive(messages) {
                    Ok(Message::Work(first)) => jobs.push_back(first),
                    Ok(Message::Subscribe) | Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
            let work = |message| if let Message::Work(job) = message { Some(job) } else { None };
            jobs.extend(messages.try_iter().take(MAX_GROUP_SIZE - jobs.len()).filter_map(work));
            self.run_queued(&mut jobs);
            if let Some(connection) = self.connection.as_ref().filter(|_| self.files_are_valid) {
                self.wal.checkpoint_if_due(connection);
            }
            self.poll_changes();
        }
        self.close();
    }

    /// Waits for a message; while changes are polled, at most until the next poll is due.
    fn receive(&self, messages: &Receiver<Message>) -> Result<Message, RecvTimeoutError> {
        match self.notifier.poll_due() {
            None => messages.recv().map_err(RecvTimeoutError::from),
            Some(delay) => messages.recv_timeout(delay),
        }
    }

    /// Polls for commits of other processes, if a poll is due.
    fn poll_changes(&mut self) {
        if self.notifier.poll_due() != Some(Duration::ZERO) {
            return;
        }
        let connection = match self.connection.take() {
            Some(connection) => Ok(connection),
            None => self.connect(),
        };
        let polled = connection.and_then(|connection| {
            let outcome =
                self.notifier.poll(&connection).map_err(|error| error::from_sqlite(self.connector.name(), error));
            if !outcome.as_ref().is_err_and(error::is_broken) {
                self.connection = Some(connection);
            }
            outcome
        });
        self.notifier.record_poll(polled);
    }

    /// Runs the queued jobs in one transaction. If another process holds the lock, fails only the jobs that have waited
    /// for the busy timeout.
    fn run_queued(&mut self, jobs: &mut VecDeque<QueuedJob>) {
        let Some(oldest) = jobs.front() else { return };
        let Err(error) = self.begin(oldest.since) else {
            return self.run_group(std::mem::take(jobs));
        };
        self.fail_expired(jobs, &error);
    }

    /// Opens a connection without automatic checkpoints.
    fn connect(&mut self) -> Result<StoreConnection, Error> {
        self.notifier.reset();
        let connection = self.connector.connect()?;
        let set_up = pragmas::set_up_writer(&connection, self.connector.settings.cache_kib);
        set_up.map_err(|error| self.connector.error(error))?;
        Ok(connection)
    }

    /// Begins a write transaction, before the busy timeout of a job submitted at `since` is over.
    pub(super) fn begin(&mut self, since: Instant) -> Result<(), Error> {
        let timeout = self.connector.settings.busy_timeout.saturating_sub(since.elapsed());
        self.audit_head = None;
        let begun = self.open_checked(timeout).and_then(|()| {
            let connection = self.connection.as_ref().ok_or_else(closed)?;
            execute(connection, "BEGIN IMMEDIATE").map_err(|error| self.connector.error(error))
        });
        self.notifier.begin(self.connection.as_deref());
        if begun.as_ref().is_err_and(error::is_broken) && self.files_are_valid {
            self.connection = None;
        }
        begun
    }

    /// Opens the connection if there is none, and again if its files are damaged or displaced.
    fn open_checked(&mut self, timeout: Duration) -> Result<(), Error> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let connection = self.connection.insert(connection);
        connection.busy_timeout(timeout).map_err(|error| self.connector.error(error))?;
        let checked = connection.check(self.connector.paths());
        self.files_are_valid = checked.is_ok();
        if let Err(error) = checked {
            self.replace_files(error)?;
            self.files_are_valid = true;
        }
        Ok(())
    }

    /// Checkpoints the open WAL, closes the open files, and opens those at their paths.
    ///
    /// # Errors
    /// `cause`, or the error that prevents the replacement.
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
        let started = Instant::now();
        while Arc::strong_count(&files) > 1 && started.elapsed() < RELEASE_TIMEOUT {
            thread::sleep(Duration::from_millis(1));
        }
        drop(files);
        self.connection = Some(self.connect()?);
        tracing::warn!("reopened the store, since its files were replaced while it was open; no commit is lost");
        Ok(())
    }

    /// Checkpoints the whole WAL. Returns false if frames are missing from it, or if it is still read.
    fn checkpoint_all(&self, connection: &StoreConnection) -> Result<bool, Error> {
        if !connection.wal_is_recoverable(self.connector.paths())? {
            tracing::error!(
                "a part of the write-ahead log is missing, with the last commits: put the file back, or restart"
            );
            return Ok(false);
        }
        wal::checkpoint(connection, FINAL_CHECKPOINT_TIMEOUT).map_err(|error| self.connector.error(error))
    }

    /// Checkpoints the WAL as far as readers allow, and closes the connection. Leaves damaged or displaced files as
    /// they are.
    fn close(self) {
        let Some(connection) = self.connection else { return };
        let closed = match connection.wal_is_recoverable(self.connector.paths()) {
            Ok(true) => wal::checkpoint(&connection, FINAL_CHECKPOINT_TIMEOUT).map(drop),
            Ok(false) | Err(_) => connection.keep_wal_on_close(),
        };
        let closed = if self.files_are_valid { closed } else { closed.and_then(|()| connection.keep_wal_on_close()) };
        if let Err(error) = closed {
            tracing::warn!(error = chain(&error), "the checkpoint on close failed");
        }
    }
}

/// Executes a statement without rows.
pub(super) fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}
