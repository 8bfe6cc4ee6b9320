//! Webhooks: external receivers of events, signed according to Standard Webhooks.

pub mod address;
mod message_id;
pub mod receipt;
mod receiver;
pub mod secret;
pub mod target;

pub use message_id::MessageIdPrefix;
pub use receiver::{MAX_WEBHOOKS, NewWebhook, OLD_SECRET_LIFETIME, Webhook, WebhookMessage, WebhookState};
