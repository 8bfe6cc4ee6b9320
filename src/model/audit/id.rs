//! Numbers of audit entries.

/// Number of a written audit entry: it orders everything that one operation wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditId(pub i64);
