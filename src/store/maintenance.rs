//! Maintenance of stores that no process has open, and reading of copies.

use super::Store;
use crate::model::audit::Hash;
use crate::model::{Error, Location, Timestamp};

/// Maintenance of stores that no process has open, and reading of copies.
pub trait Maintenance {
    /// Opens a copy read-only. Nothing is written there or beside it.
    ///
    /// # Errors
    /// [`Error::Store`] with the reason.
    fn open_copy(&self, copy: &Location) -> Result<Store, Error>;

    /// Returns true if the store is a copy that was not opened for writing since it was made.
    fn is_copy(&self, store: &Location) -> bool;

    /// Returns size and SHA-256 digest of a copy.
    ///
    /// # Errors
    /// [`Error::Store`] if it cannot be read.
    fn digest(&self, copy: &Location) -> Result<(u64, Hash), Error>;

    /// Checks that no process has the store open, and that it is at its place or the place is free.
    ///
    /// # Errors
    /// [`crate::model::StoreError::InUse`].
    fn require_unused(&self, store: &Location) -> Result<(), Error>;

    /// Replaces the store by the copy, which must have this digest, and returns the place where the old store is kept,
    /// if there was one. A crash leaves the old store or the new one.
    ///
    /// # Errors
    /// [`crate::model::StoreError::InUse`]; [`crate::model::StoreError::CopyDamaged`] if the digest differs;
    /// [`crate::model::StoreError::CopyNotWritten`]. Nothing is replaced then.
    fn restore(
        &self,
        store: &Location,
        copy: &Location,
        sha256: Hash,
        now: Timestamp,
    ) -> Result<Option<Location>, Error>;
}
