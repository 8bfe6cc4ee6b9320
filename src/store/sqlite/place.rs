//! Whether the file is still in its place. One that was moved, replaced or deleted stays open for whoever has it open:
//! what they would write there, nobody would find.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::model::{Error, StoreFault};

/// A path, and which file was there when the store was opened.
pub(super) struct Place {
    path: PathBuf,
    file: OnceLock<(u64, u64)>,
}

impl Place {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self { path, file: OnceLock::new() }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Refuses a place where the first file that was seen there is no longer.
    pub(super) fn check(&self, name: &str) -> Result<(), Error> {
        let displaced = |why: String| Error::store(StoreFault::Displaced(name.to_owned()), why);
        let found = fs::metadata(&self.path).map_err(|error| displaced(error.to_string()))?;
        let found = (found.dev(), found.ino());
        if *self.file.get_or_init(|| found) == found {
            return Ok(());
        }
        Err(displaced("another file is in its place".to_owned()))
    }
}
