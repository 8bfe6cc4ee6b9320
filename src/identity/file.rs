//! Keys in a file: a single key, or a key set.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use super::error::{KeyConfigError, KeyError, MAX_KEYS};
use super::key::Key;
use super::keys::Keys;
use crate::model::bom::without_bom;

/// Format of a key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Public key in PEM, or a secret.
    Key,
    /// JSON Web Key Set.
    Set,
}

#[derive(Debug)]
pub(super) struct KeyFile {
    pub(super) option: &'static str,
    pub(super) path: PathBuf,
    pub(super) format: Format,
}

impl KeyFile {
    /// Reads the usable keys from the file.
    pub(super) fn read(&self) -> Result<Keys, KeyConfigError> {
        let file_error = |error| KeyConfigError::file(self.option, &self.path, error);
        let (bytes, exposed) = self.read_bytes().map_err(file_error)?;
        if self.format == Format::Key {
            return Key::from_file(&bytes, exposed).map(Keys::One).map_err(file_error);
        }
        let file = self.path.display().to_string();
        Keys::parse_usable(&bytes, exposed, &file).map_err(|(position, error)| {
            // File permissions concern the whole file, not a position in it.
            let name = if position.is_empty() || matches!(error, KeyError::Exposed) {
                file
            } else {
                format!("{file}: {position}")
            };
            KeyConfigError { option: self.option, name, error }
        })
    }

    /// Returns the content of the file, and true if users other than its owner can read or write it.
    fn read_bytes(&self) -> Result<(Vec<u8>, bool), KeyError> {
        // Opening a named pipe would block until a process writes to it.
        if !self.path.metadata()?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file").into());
        }
        let file = File::open(&self.path)?;
        let exposed = file.metadata()?.mode() & 0o077 != 0;
        let mut bytes = Vec::new();
        file.take(MAX_KEYS as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > MAX_KEYS { Err(KeyError::TooLarge) } else { Ok((without_bom(&bytes).to_owned(), exposed)) }
    }
}
