//! Options of `serve` for the limits on connections, requests and responses.

use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use super::values;
use crate::model::{Message, timestamp};

/// Maximum value of the options that count connections.
const MAX_CONNECTIONS: u32 = 1_000_000;

/// Maximum value of `--response-memory`, in MiB.
const MAX_RESPONSE_MEMORY: u32 = 16 * 1024;

/// Limits of the server.
#[derive(Debug, Args)]
#[command(next_help_heading = "cli.help.limits")]
pub struct LimitArgs {
    /// Maximum number of open connections; beyond it, only health checks are answered.
    #[arg(long, value_name = "N", env = "SUPPORT_MAX_CONNECTIONS", default_value = "12000", value_parser = values::number(1..=MAX_CONNECTIONS))]
    pub max_connections: u32,
    /// Maximum number of open connections of one IPv4 address or IPv6 network (/64); by default, half of
    /// --max-connections.
    #[arg(long, value_name = "N", env = "SUPPORT_MAX_CONNECTIONS_PER_ADDRESS", value_parser = values::number(1..=MAX_CONNECTIONS))]
    pub max_connections_per_address: Option<u32>,
    /// Maximum time to receive the head of a request.
    #[arg(long, value_name = "LENGTH", env = "SUPPORT_HEAD_TIMEOUT", default_value = "15s", value_parser = values::parse::<Timeout>)]
    pub head_timeout: Timeout,
    /// Maximum time to receive the body of a request.
    #[arg(long, value_name = "LENGTH", env = "SUPPORT_BODY_TIMEOUT", default_value = "10s", value_parser = values::parse::<Timeout>)]
    pub body_timeout: Timeout,
    /// Maximum time from the head of a request to its response, including the time to receive its body.
    #[arg(long, value_name = "LENGTH", env = "SUPPORT_RESPONSE_TIMEOUT", default_value = "30s", value_parser = values::parse::<Timeout>)]
    pub response_timeout: Timeout,
    /// Maximum time in which a client accepts no byte of its response.
    #[arg(long, value_name = "LENGTH", env = "SUPPORT_WRITE_TIMEOUT", default_value = "30s", value_parser = values::parse::<Timeout>)]
    pub write_timeout: Timeout,
    /// Idle time-out of client connections, such as 75s; must be longer than that of a reverse proxy.
    #[arg(long, value_name = "LENGTH", env = "SUPPORT_KEEP_ALIVE", default_value = "75s", value_parser = values::parse::<Timeout>)]
    pub keep_alive: Timeout,
    /// Memory for lists that clients have not received yet, in MiB; beyond it, further lists wait.
    #[arg(long, value_name = "MIB", env = "SUPPORT_RESPONSE_MEMORY", default_value = "16", value_parser = values::number(4..=MAX_RESPONSE_MEMORY))]
    pub response_memory: u32,
}

/// Maximum length of time, from 1 s to 1 day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeout(pub Duration);

/// Parse error of a [`Timeout`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a length of time up to a day")]
pub struct TimeoutParseError;

impl From<TimeoutParseError> for Message {
    fn from(TimeoutParseError: TimeoutParseError) -> Self {
        Self::new("argument.timeout")
    }
}

impl FromStr for Timeout {
    type Err = TimeoutParseError;

    fn from_str(text: &str) -> Result<Self, TimeoutParseError> {
        let seconds = timestamp::parse_duration(text)
            .filter(|seconds| (1..=timestamp::DAY).contains(seconds))
            .ok_or(TimeoutParseError)?;
        u64::try_from(seconds).map(|seconds| Self(Duration::from_secs(seconds))).map_err(|_| TimeoutParseError)
    }
}
