//! What tells others that the store has changed: the writer's own commits, and those of other processes.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::watch;

use crate::model::Error;
use crate::model::error::chain;

/// How often the writer looks for others' commits, while somebody listens.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// The writer's memory of what it has told.
pub(super) struct ChangeNotifier {
    changes: watch::Sender<u64>,
    /// What the connection had changed when its transaction began.
    before: u64,
    /// The engine's count of others' commits, which moves for them alone and is the connection's own.
    version: Option<i64>,
    /// When it was read last.
    polled_at: Option<Instant>,
    /// Whether it could not be read, so that the log hears of it once.
    failing: bool,
}

impl ChangeNotifier {
    pub(super) fn new(changes: watch::Sender<u64>) -> Self {
        Self { changes, before: 0, version: None, polled_at: None, failing: false }
    }

    /// How long until it is time to look for others' commits; none where nobody listens.
    pub(super) fn poll_due(&self) -> Option<Duration> {
        (self.changes.receiver_count() > 0).then(|| {
            self.polled_at.map_or(Duration::ZERO, |polled_at| POLL_INTERVAL.saturating_sub(polled_at.elapsed()))
        })
    }

    /// Remembers what the connection had written before its transaction.
    pub(super) fn begin(&mut self, connection: Option<&Connection>) {
        self.before = connection.map_or(0, Connection::total_changes);
    }

    /// Whether anything was written since the transaction began.
    pub(super) fn has_written(&self, connection: &Connection) -> bool {
        connection.total_changes() != self.before
    }

    /// Tells of a commit, if anything was written in it.
    pub(super) fn notify_commit(&self, connection: &Connection) {
        if self.has_written(connection) {
            self.notify();
        }
    }

    /// Looks for others' commits, and tells of them. A connection that was not asked before may have missed some.
    pub(super) fn poll(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let version = connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if self.version.replace(version) != Some(version) {
            self.notify();
        }
        Ok(())
    }

    /// Forgets the version that a connection counted: another one counts anew.
    pub(super) fn reset(&mut self) {
        self.version = None;
    }

    /// Notes that it was time, and how the look went.
    pub(super) fn record_poll(&mut self, outcome: Result<(), Error>) {
        self.polled_at = Some(Instant::now());
        match outcome {
            Ok(()) => self.failing = false,
            Err(error) => {
                self.reset();
                if !std::mem::replace(&mut self.failing, true) {
                    tracing::warn!(error = chain(&error), "the store cannot be watched for changes");
                }
            }
        }
    }

    fn notify(&self) {
        self.changes.send_modify(|changes| *changes = changes.wrapping_add(1));
    }
}
