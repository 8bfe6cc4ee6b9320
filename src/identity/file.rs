//! Keys in a file: one key, or a set.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use super::error::{KeyError, MAX_KEYS, Unusable};
use super::key::Key;
use super::keys::Keys;
use crate::model::bom::without_bom;

/// What a file of keys holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// One public key in PEM, or a secret.
    Key,
    /// A JSON Web Key Set.
    Set,
}

/// A file of keys.
#[derive(Debug)]
pub(super) struct KeyFile {
    pub(super) option: &'static str,
    pub(super) path: PathBuf,
    pub(super) form: Form,
}

impl KeyFile {
    /// Its usable keys as they are now.
    pub(super) fn read(&self) -> Result<Keys, Unusable> {
        let whole = |error| Unusable::file(self.option, &self.path, error);
        let (bytes, exposed) = self.bytes().map_err(whole)?;
        if self.form == Form::Key {
            return Key::of_file(&bytes, exposed).map(Keys::One).map_err(whole);
        }
        let file = self.path.display().to_string();
        Keys::usable(&bytes, exposed, &file).map_err(|(place, error)| {
            // It is the file that others can read, and not one place in it.
            let name =
                if place.is_empty() || matches!(error, KeyError::Exposed) { file } else { format!("{file}: {place}") };
            Unusable { option: self.option, name, error }
        })
    }

    /// What is in it, and whether others than its owner can read or change it.
    fn bytes(&self) -> Result<(Vec<u8>, bool), KeyError> {
        // Opening a pipe waits for whoever writes it, and a second reading would wait for ever.
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
