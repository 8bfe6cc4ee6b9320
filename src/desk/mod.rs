//! Use cases, one in each file. A use case is a function over a unit of work: it opens no transaction, reads no clock
//! and depends on neither HTTP nor SQL.

pub mod audit;
pub mod authenticate;
pub mod back_up;
pub mod balance;
pub mod check_store;
pub mod close;
pub mod create;
pub mod delivery;
mod effects;
pub mod escalate;
pub mod events;
mod find;
pub mod generate;
pub mod grant_points;
pub mod health_report;
pub mod idempotency;
pub mod inspect;
pub mod issue_token;
pub mod list;
pub mod list_notifications;
pub mod list_own;
pub mod load_fixtures;
pub mod notifications;
pub mod retention;
pub mod revoke_token;
pub mod track;
pub mod webhook;

pub use effects::Outcome;
