//! Webhooks: receivers outside the desk to which its events are posted, signed as Standard Webhooks says.

pub mod address;
mod message_id;
pub mod receipt;
mod receiver;
pub mod secret;
pub mod target;

pub use message_id::MessageIdPrefix;
pub use receiver::{MAX_WEBHOOKS, NewWebhook, ROTATION, Webhook, WebhookMessage, WebhookState};
