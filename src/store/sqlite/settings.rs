//! Settings of a store.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use super::migrations::MIGRATIONS;
use crate::metrics::Commits;

/// Mode in which a store is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Fails if there is no store, and creates nothing.
    Existing,
    /// Creates a store if there is none, with mode 0600.
    Create,
}

/// Limits and timeouts of a store.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Maximum wait for another process's lock, and for a free connection.
    pub busy_timeout: Duration,
    /// Maximum number of queued units of work; a further one fails with [`crate::model::StoreError::Busy`].
    pub queue_capacity: usize,
    /// Maximum number of pages of 4 KiB in the file; a write beyond it fails as on a full disk.
    pub max_pages: Option<u32>,
    /// Size of the WAL in bytes above which the writer waits for readers that prevent its truncation.
    pub wal_limit: u64,
    /// Page cache of the writer in KiB.
    pub cache_kib: u32,
    /// Migrations from an empty file to a store of this program, in order.
    pub migrations: Vec<&'static str>,
    /// Metrics of the commits, if any.
    pub commit_metrics: Option<Arc<Commits>>,
    /// Counter of SQLite's virtual machine instructions, if any; incremented by 100.
    pub step_counter: Option<Arc<AtomicU64>>,
}

/// Default size limit of the WAL, 32 MiB: twice `journal_size_limit`.
pub(super) const WAL_LIMIT: u64 = 32 * 1024 * 1024;

/// Default page cache of the writer, 16 MiB: more than the largest group commit changes, so that no page is written
/// before the commit.
pub(super) const CACHE_KIB: u32 = 16 * 1024;

impl Default for Settings {
    fn default() -> Self {
        Self {
            busy_timeout: Duration::from_secs(5),
            queue_capacity: 1024,
            max_pages: None,
            wal_limit: WAL_LIMIT,
            cache_kib: CACHE_KIB,
            migrations: MIGRATIONS.to_vec(),
            commit_metrics: None,
            step_counter: None,
        }
    }
}
