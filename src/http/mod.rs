//! The API: routes, and what every request passes through on its way to the desk.
//!
//! Each path is matched whole before its methods, each method before the token, the token before the body; so that
//! 404, 405, 401, 403 and 400 never hide each other. A refusal is a reply, never a rejection.

mod auth;
mod body;
mod bounds;
mod close;
mod connection;
mod create;
mod endpoint;
mod escalate;
mod events;
mod exchange;
mod health;
mod limit;
mod malformed;
mod metrics;
mod middleware;
mod mine;
mod notifications;
mod operation;
mod query;
mod reply;
mod request;
mod routes;
mod serve;
mod socket;
mod state;
mod stream_supervisor;
mod streams;
mod track;
mod unread;

pub use limit::RateLimit;
pub use serve::{Listening, serve, serve_routes};
pub use state::AppState;
pub use unread::Lent;
