//! Settings of a store: whether it is made, how long to wait, how large it may grow.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use super::migrations::MIGRATIONS;
use crate::metrics::Commits;

/// Whether a store is made where there is none yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Refuse, and create nothing.
    Existing,
    /// Create one, that only its owner can read.
    Create,
}

/// Limits and waits of a store.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long to wait for another process's lock, and for a free connection.
    pub busy_timeout: Duration,
    /// How many units of work may wait for the writer; one more is answered with [`crate::model::StoreError::Busy`].
    pub queue_capacity: usize,
    /// The most pages of 4 KiB that the file may grow to; what would need more is refused as on a full disk.
    pub max_pages: Option<u32>,
    /// How many bytes the log may have before the writer waits for the readers that keep it from being used anew.
    pub wal_limit: u64,
    /// How many KiB of the file's pages the writer keeps in memory at most.
    pub cache_kib: u32,
    /// The steps from an empty file to a store of this program, in order.
    pub migrations: Vec<&'static str>,
    /// Who counts the commits; nobody by default.
    pub commit_metrics: Option<Arc<Commits>>,
    /// Counts the steps that the engine takes for statements, about a hundred at a time; nobody does by default.
    pub step_counter: Option<Arc<AtomicU64>>,
}

/// A log of this many bytes makes the writer wait for its readers: twice what it is cut down to when it begins anew.
pub(super) const WAL_LIMIT: u64 = 32 * 1024 * 1024;

/// Pages of 16 MiB: as many as the largest group of changes touches, so that none is written before its commit.
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
