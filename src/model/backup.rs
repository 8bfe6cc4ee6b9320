//! Manifest of a backup: the facts that identify the copy and prove that it is complete.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Timestamp;
use super::audit::{Hash, Head};

/// Suffix of a manifest's file name, after the name of the backup.
pub const MANIFEST_SUFFIX: &str = ".manifest.json";

/// Facts about a backup, read back from the copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Time when the copy was verified.
    pub created_at: Timestamp,
    pub schema_version: i64,
    /// Size of the copy.
    pub bytes: u64,
    /// SHA-256 digest of the copy.
    pub sha256: Hash,
    /// Head of the audit log.
    pub head: Head,
    /// Number of rows by table.
    pub rows: BTreeMap<String, i64>,
}

/// Progress of a copy, in pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyProgress {
    pub copied: usize,
    pub total: usize,
}
