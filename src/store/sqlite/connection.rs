//! Connection with the files that it has open, and the checks that its commits are in them.

use std::ops::Deref;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::error;
use super::files::{OpenFiles, Paths};
use super::wal::{self, WalExtent};
use crate::model::Error;

/// Number of reads of a WAL that seems incomplete: another process may be restarting it.
const CHECK_ATTEMPTS: u32 = 5;
/// Delay between two such reads.
const CHECK_DELAY: Duration = Duration::from_millis(1);

/// Connection to the store. Its files are closed after it.
pub(super) struct StoreConnection {
    connection: Connection,
    files: Arc<OpenFiles>,
}

impl Deref for StoreConnection {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl StoreConnection {
    pub(super) fn new(connection: Connection, files: Arc<OpenFiles>) -> Self {
        Self { connection, files }
    }

    pub(super) fn files(&self) -> &Arc<OpenFiles> {
        &self.files
    }

    /// Checks that each path leads to the open file, and that the WAL has the frames that its index counts.
    ///
    /// # Errors
    /// [`crate::model::StoreError::Displaced`] with the file's name.
    pub(super) fn check(&self, paths: &Paths) -> Result<(), Error> {
        self.files.check(paths)?;
        for _ in 0..CHECK_ATTEMPTS {
            if self.wal_is_complete(paths)? {
                return Ok(());
            }
            sleep(CHECK_DELAY);
        }
        Err(paths.wal_displaced("the write-ahead log was truncated or overwritten"))
    }

    /// Checks that other connections can read the commit that this thread has just made.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub(super) fn check_commit(&self, paths: &Paths) -> Result<(), Error> {
        let frames = wal::committed_frames();
        if frames > 0 && wal::has_commit_at(self.files.wal(), frames) {
            return self.files.check(paths);
        }
        self.check(paths)
    }

    /// Returns true if the open WAL has all frames that the database lacks.
    ///
    /// # Errors
    /// Errors of SQLite.
    pub(super) fn wal_is_recoverable(&self, paths: &Paths) -> Result<bool, Error> {
        let extent = self.wal_extent(paths)?;
        Ok(extent.checkpointed >= extent.frames || wal::has_commit_at(self.files.wal(), extent.frames))
    }

    /// Disables the checkpoint and the deletion of the WAL when the last connection is closed.
    pub(super) fn keep_wal_on_close(&self) -> rusqlite::Result<()> {
        self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map(drop)
    }

    fn wal_is_complete(&self, paths: &Paths) -> Result<bool, Error> {
        let frames = self.wal_extent(paths)?.frames;
        Ok(frames == 0 || wal::has_commit_at(self.files.wal(), frames))
    }

    fn wal_extent(&self, paths: &Paths) -> Result<WalExtent, Error> {
        WalExtent::read(&self.connection).map_err(|error| error::from_sqlite(paths.name(), error))
    }
}
