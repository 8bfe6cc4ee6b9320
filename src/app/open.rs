//! Opens the store.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use crate::cli::OpenMode;
use crate::metrics::Metrics;
use crate::model::{Error, StoreError};
use crate::store::Store;
use crate::store::sqlite::{Open, Settings, Sqlite};

/// Page cache in KiB while generated data is written, because the writes are spread over the indexes.
const FILL_CACHE_KIB: u32 = 128 * 1024;

/// Number of file descriptors that a command needs for its store. With fewer, SQLite reports that the file is not a
/// database.
const MIN_DESCRIPTORS: usize = 6;

/// Opens the store for a command.
pub(super) fn open(file: &Path, opening: OpenMode) -> Result<Store, Error> {
    check_descriptors(MIN_DESCRIPTORS)?;
    open_with_metrics(file, opening, None)
}

/// Returns an error if the process cannot open this number of further files.
pub(super) fn check_descriptors(count: usize) -> Result<(), Error> {
    let opened: Result<Vec<_>, _> = (0..count).map(|_| File::open("/dev/null")).collect();
    opened.map(drop).map_err(|error| Error::store(StoreError::NoDescriptors, error))
}

/// Opens the store and records its commits in `metrics`, if present.
pub(super) fn open_with_metrics(file: &Path, opening: OpenMode, metrics: Option<&Metrics>) -> Result<Store, Error> {
    let mode = match opening {
        OpenMode::Existing => Open::Existing,
        OpenMode::Create | OpenMode::BulkWrite => Open::Create,
    };
    let cache_kib = match opening {
        OpenMode::Existing | OpenMode::Create => Settings::default().cache_kib,
        OpenMode::BulkWrite => FILL_CACHE_KIB,
    };
    let commit_metrics = metrics.map(|metrics| Arc::clone(&metrics.writer));
    Ok(Store::new(Sqlite::open_with(file, mode, Settings { cache_kib, commit_metrics, ..Settings::default() })?))
}
