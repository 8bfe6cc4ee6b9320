//! The port to a store: what a use case may ask of one, and how a unit of work is run. No backend is named here.

mod backend;
mod deliveries;
mod handle;
mod health;
mod leases;
mod retention;
pub mod sqlite;
mod unit;
mod webhooks;

pub use backend::{Backend, Job};
pub use deliveries::Deliveries;
pub use handle::Store;
pub use health::Health;
pub use leases::{Lease, Leases};
pub use retention::Retention;
pub use unit::{AuditLog, IdempotencyKeys, LedgerRefusal, People, Points, Recorded, Tickets, Tokens, Trail, Unit};
pub use webhooks::Webhooks;
