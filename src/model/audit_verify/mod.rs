//! `audit verify`: comparison of the audit log with the rest of the store.

pub mod entry;
pub mod finding;
pub mod rows;
pub mod subjects;

pub use entry::{DecodedEntry, RowsOfEntry, TicketOfEntry};
pub use finding::{Finding, Table};
pub use rows::{Decoded, DecodedRow, OperationRow, OutboxRow, TableTotals};
pub use subjects::{TicketRow, TokenRow, WebhookRow};
