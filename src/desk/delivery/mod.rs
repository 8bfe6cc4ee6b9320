//! Deliveries: sent by the holder of their channel's lease, listed and requeued by agents.

pub mod list;
pub mod mail;
pub mod queue;
pub mod record;
pub mod requeue;
