//! Use cases of agents for webhooks.

pub mod add;
pub mod enable;
pub(super) mod find;
pub mod list;
pub mod remove;
pub mod rotate;
pub mod test_message;
