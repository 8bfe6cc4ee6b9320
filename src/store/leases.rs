//! Leases: the server that works a channel off, as a use case asks a store for them.

#![expect(clippy::missing_errors_doc, reason = "each fails with the store's own errors")]

use crate::model::delivery::ChannelName;
use crate::model::{Error, Timestamp};

/// The holder of a channel, and the number by which others see that it lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// 32 hexadecimal digits.
    pub holder: String,
    /// Raised while there is something to deliver, and when somebody asks.
    pub heartbeat: i64,
    /// Somebody asks whether the holder lives.
    pub challenged: bool,
}

/// Leases, one for each channel.
pub trait Leases {
    /// The lease of a channel.
    fn find(&mut self, channel: ChannelName) -> Result<Option<Lease>, Error>;
    /// Takes it over where nobody has it, or where its heartbeat is still as it was `seen`. False where it is not.
    fn take(&mut self, channel: ChannelName, holder: &str, seen: Option<&Lease>, now: Timestamp)
    -> Result<bool, Error>;
    /// Shows that the holder lives. False where it is another's.
    fn renew(&mut self, channel: ChannelName, holder: &str, now: Timestamp) -> Result<bool, Error>;
    /// Asks the holder for a heartbeat.
    fn challenge(&mut self, channel: ChannelName) -> Result<(), Error>;
    /// Leaves it to whoever comes.
    fn leave(&mut self, channel: ChannelName, holder: &str) -> Result<(), Error>;
}
