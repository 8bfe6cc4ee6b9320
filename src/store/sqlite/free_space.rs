//! Free space of the file system that holds the store.

use std::io;
use std::path::Path;

use super::error;
use crate::model::{Error, StoreError};

/// Number of free bytes that a commit may need: the pages of a few operations in the WAL, and again in the database.
const COMMIT_BYTES: u64 = 256 * 1024;

/// Checks that the file system has room for another commit, since a write into space that the files already have does
/// not show it.
///
/// # Errors
/// [`StoreError::Full`] if it has not.
pub(super) fn check(path: &Path, name: &str) -> Result<(), Error> {
    let found = rustix::fs::statvfs(path).map_err(|error| error::from_io(name, error.into()))?;
    // Some network file systems do not report their size.
    if found.f_blocks == 0 || found.f_bavail.saturating_mul(found.f_frsize) >= COMMIT_BYTES {
        return Ok(());
    }
    Err(Error::store(StoreError::Full, io::Error::from(io::ErrorKind::StorageFull)))
}
