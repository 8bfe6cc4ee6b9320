//! Manifests of backups.

use std::fs::File;
use std::io::{ErrorKind, Read};

use super::super::Failure;
use crate::model::Message;
use crate::model::backup::{MANIFEST_SUFFIX, Manifest};

/// Maximum size of a manifest in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// Reads the manifest beside a backup, if there is one.
pub(super) fn read_beside(backup: &str) -> Result<Option<Manifest>, Failure> {
    match read(&format!("{backup}{MANIFEST_SUFFIX}")) {
        Err(Failure::CannotRead { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    }
}

/// Reads a manifest.
pub(super) fn read(file: &str) -> Result<Manifest, Failure> {
    let mut text = Vec::new();
    let read = File::open(file).and_then(|opened| opened.take(MAX_BYTES).read_to_end(&mut text));
    read.map_err(|source| Failure::CannotRead { name: file.to_owned(), source })?;
    serde_json::from_slice(&text)
        .map_err(|_| Failure::InvalidFile { name: file.to_owned(), reason: Message::new("cli.store.no_manifest") })
}
