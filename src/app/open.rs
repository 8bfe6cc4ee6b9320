//! Opens the store.

use std::path::Path;
use std::sync::Arc;

use crate::cli::Opening;
use crate::metrics::Metrics;
use crate::model::Error;
use crate::store::Store;
use crate::store::sqlite::{Open, Settings, Sqlite};

/// KiB of pages that are kept while a world is written: its customers' places in the indexes are all over them.
const FILLING: u32 = 128 * 1024;

/// Opens the one backend there is.
pub(super) fn open(file: &Path, opening: Opening) -> Result<Store, Error> {
    open_counting(file, opening, None)
}

/// The same, where somebody counts the commits.
pub(super) fn open_counting(file: &Path, opening: Opening, metrics: Option<&Metrics>) -> Result<Store, Error> {
    let how = match opening {
        Opening::Existing => Open::Existing,
        Opening::Create | Opening::Fill => Open::Create,
    };
    let cache = match opening {
        Opening::Existing | Opening::Create => Settings::default().cache,
        Opening::Fill => FILLING,
    };
    let commits = metrics.map(|metrics| Arc::clone(&metrics.writer));
    Ok(Store::new(Sqlite::open_with(file, how, Settings { cache, commits, ..Settings::default() })?))
}
