//! Maintenance of a store that no process has open.

use std::path::PathBuf;

use super::copy::{self, Copy};
use super::files::{ExclusiveLock, Paths};
use super::{backup, error, file_check, restore};
use crate::model::audit::Hash;
use crate::model::{Error, Location, Timestamp};
use crate::store::{Maintenance, Store};

/// Maintenance of SQLite files.
#[derive(Debug, Clone, Copy)]
pub struct SqliteMaintenance;

/// Returns the paths of a store.
pub(super) fn paths(store: &Location) -> Paths {
    Paths::new(copy::absolute(store), store.as_str().to_owned())
}

impl Maintenance for SqliteMaintenance {
    fn open_copy(&self, copy: &Location) -> Result<Store, Error> {
        Copy::open(copy).map(Store::new)
    }

    fn is_copy(&self, store: &Location) -> bool {
        file_check::is_copy(&copy::absolute(store))
    }

    fn digest(&self, copy: &Location) -> Result<(u64, Hash), Error> {
        backup::digest(&PathBuf::from(copy.as_str())).map_err(|error| error::from_io(copy.as_str(), error))
    }

    fn require_unused(&self, store: &Location) -> Result<(), Error> {
        ExclusiveLock::new(&paths(store)).map(drop)
    }

    fn restore(
        &self,
        store: &Location,
        copy: &Location,
        sha256: Hash,
        now: Timestamp,
    ) -> Result<Option<Location>, Error> {
        restore::restore(&paths(store), copy, sha256, now)
    }
}
