//! Deliveries: worked off by the holder of their channel's lease, looked into and let go once more by agents.

pub mod list;
pub mod mail;
pub mod queue;
pub mod record;
pub mod requeue;
