//! Leases of the delivery workers.

#![expect(
    clippy::missing_errors_doc,
    reason = "each method fails with the errors of the store; others are documented at the method"
)]

use crate::model::delivery::ChannelName;
use crate::model::{Error, Timestamp};

/// Lease on a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Id of the server that holds the lease, 32 hexadecimal digits.
    pub holder: String,
    /// Counter that the holder increments while it has work, and when challenged.
    pub heartbeat: i64,
    /// True if another server has asked for a heartbeat since the last one.
    pub challenged: bool,
}

/// Leases of the delivery workers, one for each channel.
pub trait Leases {
    /// Returns the lease on a channel, if any.
    fn find(&mut self, channel: ChannelName) -> Result<Option<Lease>, Error>;
    /// Acquires the lease if it is free, or if holder and heartbeat are still those in `seen`. Returns false otherwise.
    fn acquire(
        &mut self,
        channel: ChannelName,
        holder: &str,
        seen: Option<&Lease>,
        now: Timestamp,
    ) -> Result<bool, Error>;
    /// Increments the heartbeat. Returns false if another server holds the lease.
    fn renew(&mut self, channel: ChannelName, holder: &str, now: Timestamp) -> Result<bool, Error>;
    /// Asks the holder for a heartbeat.
    fn challenge(&mut self, channel: ChannelName) -> Result<(), Error>;
    /// Releases the lease, if this holder has it.
    fn release(&mut self, channel: ChannelName, holder: &str) -> Result<(), Error>;
}
