//! The audit log: what an entry says, what it is about, and how entries are sealed to each other.

pub mod chain;
pub mod entry;
pub mod subject;

pub use chain::{AuditLine, AuditView, Hash, Head, NotAHead};
pub use entry::{AuditAction, AuditEntry, AuditFilter, AuditId};
pub use subject::{NotASubject, Subject};
