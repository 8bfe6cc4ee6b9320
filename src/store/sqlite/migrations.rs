//! Migrations, one file each.

use super::sql;

/// Migrations from an empty file to a store of this program, in order. A store's version is the number of its
/// migrations.
pub const MIGRATIONS: &[&str] = &[
    sql!("migrations/0001_customers"),
    sql!("migrations/0002_references"),
    sql!("migrations/0003_tickets"),
    sql!("migrations/0004_audit"),
    sql!("migrations/0005_notifications"),
    sql!("migrations/0006_outbox"),
    sql!("migrations/0007_ledger"),
    sql!("migrations/0008_tokens"),
    sql!("migrations/0009_idempotency"),
    sql!("migrations/0010_webhooks"),
    sql!("migrations/0011_mail"),
    sql!("migrations/0012_leases"),
    sql!("migrations/0013_retention"),
    sql!("migrations/0014_pulse"),
    sql!("migrations/0015_lists"),
    sql!("migrations/0016_search"),
];
