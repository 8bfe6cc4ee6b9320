//! Notification of commits, by the writer or by other processes.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::watch;

use crate::model::Error;
use crate::model::error::chain;

/// Interval between two polls for commits of other processes, while a receiver exists.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Counter that changes after commits, with the state that detects them.
pub(super) struct ChangeNotifier {
    changes: watch::Sender<u64>,
    /// Total changes of the connection when its transaction began.
    before: u64,
    /// Last `PRAGMA data_version`, which changes with commits of other connections only. Each connection has its own.
    version: Option<i64>,
    /// Time of the last poll.
    polled_at: Option<Instant>,
    /// True if the last poll failed, so that only the first failure is logged.
    failing: bool,
}

impl ChangeNotifier {
    pub(super) fn new(changes: watch::Sender<u64>) -> Self {
        Self { changes, before: 0, version: None, polled_at: None, failing: false }
    }

    /// Returns the time until the next poll; none without a receiver.
    pub(super) fn poll_due(&self) -> Option<Duration> {
        (self.changes.receiver_count() > 0).then(|| {
            self.polled_at.map_or(Duration::ZERO, |polled_at| POLL_INTERVAL.saturating_sub(polled_at.elapsed()))
        })
    }

    /// Stores the total changes of the connection before its transaction.
    pub(super) fn begin(&mut self, connection: Option<&Connection>) {
        self.before = connection.map_or(0, Connection::total_changes);
    }

    /// Returns true if the transaction has written.
    pub(super) fn has_written(&self, connection: &Connection) -> bool {
        connection.total_changes() != self.before
    }

    /// Notifies receivers of a commit, if its transaction has written.
    pub(super) fn notify_commit(&self, connection: &Connection) {
        if self.has_written(connection) {
            self.notify();
        }
    }

    /// Notifies receivers if other processes have committed, or if this is the connection's first poll, since commits
    /// before it are unknown.
    pub(super) fn poll(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let version = connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if self.version.replace(version) != Some(version) {
            self.notify();
        }
        Ok(())
    }

    /// Forgets the data version of the previous connection.
    pub(super) fn reset(&mut self) {
        self.version = None;
    }

    /// Stores time and outcome of a poll.
    pub(super) fn record_poll(&mut self, outcome: Result<(), Error>) {
        self.polled_at = Some(Instant::now());
        match outcome {
            Ok(()) => self.failing = false,
            Err(error) => {
                self.reset();
                if !std::mem::replace(&mut self.failing, true) {
                    tracing::warn!(error = chain(&error), "the poll for changes failed");
                }
            }
        }
    }

    fn notify(&self) {
        self.changes.send_modify(|changes| *changes = changes.wrapping_add(1));
    }
}
