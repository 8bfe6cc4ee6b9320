//! The port to a store: the reads and writes that a use case may ask for, and the way a unit of work runs. No backend is
//! named here.

mod audit_log;
mod backend;
mod customers;
mod deliveries;
mod events;
mod handle;
mod health;
mod idempotency;
mod leases;
mod ledger;
mod notifications;
mod operations;
mod references;
mod retention;
pub mod sqlite;
mod tickets;
mod tokens;
mod unit;
mod webhooks;

pub use audit_log::AuditLog;
pub use backend::{Backend, Job};
pub use customers::Customers;
pub use deliveries::Deliveries;
pub use events::Events;
pub use handle::Store;
pub use health::Health;
pub use idempotency::IdempotencyKeys;
pub use leases::{Lease, Leases};
pub use ledger::Ledger;
pub use notifications::Notifications;
pub use operations::{LedgerRefusal, Operations, Recorded};
pub use references::References;
pub use retention::Retention;
pub use tickets::Tickets;
pub use tokens::Tokens;
pub use unit::Unit;
pub use webhooks::Webhooks;
