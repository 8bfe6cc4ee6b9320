//! Limits on connections, and on the size and time of requests and responses.

use std::time::Duration;

/// Maximum length of a request target, in bytes.
pub(super) const MAX_TARGET: usize = 2 * 1024;
/// Maximum number of request headers.
pub(super) const MAX_HEADERS: usize = 64;
/// Maximum total size of the request headers, in bytes.
pub(super) const MAX_HEADERS_SIZE: usize = 16 * 1024;
/// Maximum size of a request body, in bytes.
pub(super) const MAX_BODY: usize = 64 * 1024;

/// Limits that the operator sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Maximum number of connections.
    pub connections: u32,
    /// Maximum number of connections of one client address.
    pub connections_per_address: u32,
    /// Maximum time to receive a request head.
    pub head_timeout: Duration,
    /// Maximum time to receive a request body.
    pub body_timeout: Duration,
    /// Maximum time to handle a request, including the reading of its body.
    pub response_timeout: Duration,
    /// Maximum time without progress while a response is sent.
    pub write_timeout: Duration,
    /// Maximum idle time of a connection between requests.
    pub keep_alive: Duration,
    /// Memory for long responses that clients have not received yet, in bytes.
    pub response_memory: usize,
}

impl Limits {
    /// Default of [`Self::connections`].
    pub const CONNECTIONS: u32 = 12_000;

    /// Returns the default of [`Self::connections_per_address`]: one client cannot take all connections.
    pub const fn half(connections: u32) -> u32 {
        connections.div_ceil(2)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: Self::CONNECTIONS,
            connections_per_address: Self::half(Self::CONNECTIONS),
            head_timeout: Duration::from_secs(15),
            body_timeout: Duration::from_secs(10),
            response_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(30),
            // Longer than a proxy keeps an idle connection (nginx: 60 s).
            keep_alive: Duration::from_secs(75),
            response_memory: 16 * 1024 * 1024,
        }
    }
}
