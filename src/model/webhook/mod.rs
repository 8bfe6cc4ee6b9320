//! Webhooks: receivers outside the desk to which its events are posted, signed as Standard Webhooks says.

pub mod address;
pub mod receipt;
mod receiver;
pub mod secret;
mod tag;
pub mod target;
pub mod view;

pub use receiver::{NewWebhook, ROTATION, WEBHOOKS_MAX, Webhook, WebhookMessage, WebhookState};
pub use tag::Tag;
