//! Findings of `store check`.

use super::audit::Head;
use super::closed_list::closed_list;
use super::{Message, audit_verify};

closed_list!(
    /// Part of a check.
    CheckedPart {
        /// Pages, tables and indexes of the file.
        Integrity = "integrity",
        /// Rows that refer to other rows.
        References = "references",
        /// Audit log, the rows that it covers, and the sums of the ledger.
        Audit = "audit",
        /// Manifest of a copy.
        Manifest = "manifest",
    }
);

/// Finding of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreFinding {
    /// Error in the file, in the words of the engine.
    Integrity(String),
    /// A row refers to one that does not exist.
    Orphan(Orphan),
    /// Inconsistency of the audit log with itself or with the rows that it covers.
    Audit(audit_verify::Finding),
    /// The file differs from the one that its manifest describes.
    Manifest(ManifestDifference),
}

/// Row that refers to one that does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphan {
    pub table: String,
    /// Number of the row; none in a table without row numbers.
    pub id: Option<i64>,
    /// Table of the missing row.
    pub parent: String,
}

/// Difference between a copy and its manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManifestDifference {
    /// Size or digest.
    Content,
    /// Head of the audit log.
    Head,
}

/// Result of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreReport {
    /// Head of the audit log; none if the log is inconsistent, or was not verified in a copy of an earlier version.
    pub head: Option<Head>,
    pub findings: Vec<StoreFinding>,
}

impl StoreFinding {
    /// Returns the part of the check.
    pub const fn part(&self) -> CheckedPart {
        match self {
            Self::Integrity(_) => CheckedPart::Integrity,
            Self::Orphan(_) => CheckedPart::References,
            Self::Audit(_) => CheckedPart::Audit,
            Self::Manifest(_) => CheckedPart::Manifest,
        }
    }

    /// Returns the message for users.
    pub fn message(&self) -> Message {
        match self {
            Self::Integrity(text) => Message::new("store.check.integrity").with("error", text),
            Self::Orphan(Orphan { table, id: Some(id), parent }) => {
                Message::new("store.check.orphan").with("table", table).with("id", id).with("parent", parent)
            }
            Self::Orphan(Orphan { table, id: None, parent }) => {
                Message::new("store.check.orphans").with("table", table).with("parent", parent)
            }
            Self::Audit(finding) => finding.message(),
            Self::Manifest(ManifestDifference::Content) => Message::new("store.check.content"),
            Self::Manifest(ManifestDifference::Head) => Message::new("store.check.head"),
        }
    }
}
