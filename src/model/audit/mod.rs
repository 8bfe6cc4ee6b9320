//! Audit log: entries, their subjects and their hash chain.

pub mod chain;
pub mod entry;
mod id;
pub mod subject;

pub use chain::{AuditLine, AuditView, Hash, Head, HeadParseError};
pub use entry::{AuditAction, AuditEntry, AuditFilter};
pub use id::AuditId;
pub use subject::{Subject, SubjectParseError};
