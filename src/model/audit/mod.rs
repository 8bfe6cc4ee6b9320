//! The audit log: what an entry says, what it is about, and how entries are sealed to each other.

pub mod chain;
pub mod entry;
mod id;
pub mod subject;

pub use chain::{AuditLine, AuditView, Hash, Head, HeadParseError};
pub use entry::{AuditAction, AuditEntry, AuditFilter};
pub use id::AuditId;
pub use subject::{Subject, SubjectParseError};
