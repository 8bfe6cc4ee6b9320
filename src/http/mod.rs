//! The API: routes, and what every request passes through on its way to the desk.
//!
//! Each path is matched whole before its methods, each method before the token, the token before the body; so that
//! 404, 405, 401, 403 and 400 never hide each other. A refusal is a reply, never a rejection.

mod auth;
mod body;
mod close;
mod connection;
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
mod reply;
mod request;
mod routes;
mod serve;
mod socket;
mod state;
mod stream_supervisor;
mod streams;
mod track;
mod unread_body;

pub use rate_limit::RateLimit;
pub use serve::{BoundListener, serve, serve_routes};
pub use state::AppState;
pub use unread_body::TrackedBody;
