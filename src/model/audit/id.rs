//! Numbers of audit entries.

/// Number of a stored audit entry. All rows that an operation writes refer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditId(pub i64);
