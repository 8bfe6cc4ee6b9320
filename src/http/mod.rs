//! The HTTP API: routing, request processing and responses.
//!
//! A request is checked in this order: path (404), method (405), token (401), permission (403), body (400), so that no
//! check hides an earlier one. A refusal is a reply, never a warp rejection.

mod auth;
mod auth_failures;
mod body;
mod client_address;
mod close;
mod connection;
mod connections;
mod create;
mod endpoint;
mod escalate;
mod events;
mod exchange;
mod health;
mod limits;
mod list_own;
mod malformed;
mod metrics;
mod middleware;
mod notifications;
mod operation;
mod query;
mod rate_limit;
mod readiness;
mod refusal;
mod reply;
mod request;
mod response_memory;
mod routes;
mod serve;
mod socket;
mod state;
mod stream_supervisor;
mod streams;
mod track;
mod unread_body;

pub use limits::Limits;
pub use serve::{BoundListener, serve, serve_routes};
pub use state::{AppState, ClientLimits};
pub use unread_body::TrackedBody;
