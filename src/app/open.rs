//! Opens the store.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use crate::cli::Opening;
use crate::metrics::Metrics;
use crate::model::{Error, StoreError};
use crate::store::Store;
use crate::store::sqlite::{Open, Settings, Sqlite};

/// KiB of pages that are kept while a world is written: its customers' places in the indexes are all over them.
const FILLING: u32 = 128 * 1024;

/// Descriptors that a command needs for its store: too few make the engine believe that the file is another's.
const DESCRIPTORS: usize = 6;

/// Opens the one backend there is, for a command.
pub(super) fn open(file: &Path, opening: Opening) -> Result<Store, Error> {
    check_descriptors(DESCRIPTORS)?;
    open_counting(file, opening, None)
}

/// Refuses to begin where the system lets this program open fewer files than so many.
pub(super) fn check_descriptors(count: usize) -> Result<(), Error> {
    let opened: Result<Vec<_>, _> = (0..count).map(|_| File::open("/dev/null")).collect();
    opened.map(drop).map_err(|error| Error::store(StoreError::NoDescriptors, error))
}

/// The same, where somebody counts the commits.
pub(super) fn open_counting(file: &Path, opening: Opening, metrics: Option<&Metrics>) -> Result<Store, Error> {
    let how = match opening {
        Opening::Existing => Open::Existing,
        Opening::Create | Opening::Fill => Open::Create,
    };
    let cache_kib = match opening {
        Opening::Existing | Opening::Create => Settings::default().cache_kib,
        Opening::Fill => FILLING,
    };
    let commit_metrics = metrics.map(|metrics| Arc::clone(&metrics.writer));
    Ok(Store::new(Sqlite::open_with(file, how, Settings { cache_kib, commit_metrics, ..Settings::default() })?))
}
