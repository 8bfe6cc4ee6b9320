//! Options of `serve`. The application runs the server.

use std::net::SocketAddr;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::identity::IdentityArgs;
use super::limits::LimitArgs;
use super::mail::MailArgs;
use super::values;
use crate::model::retention::RetentionRule;
use crate::model::{Message, timestamp};

pub(super) const EXAMPLES: &str = "\
support serve  # plain
support serve --bind 127.0.0.1:0  # free_port
support serve --demo  # demo
support serve --rate-limit 600/1m  # rate_limit
support serve --retain events=7d,notifications=off  # retain
support serve --jwks https://id.example.com/jwks.json --jwt-audience support  # jwks
support serve --smtp smtps://desk@mail.example.com --smtp-password-file smtp.txt \
    --mail-from 'Support <support@example.com>'  # mail";

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address and port to listen on; port 0 selects a free port.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080", value_parser = values::address)]
    pub bind: SocketAddr,
    /// Serve a temporary store with demo data instead of --db, and print a token and a curl command.
    #[arg(long)]
    pub demo: bool,
    /// Format of the log on standard error.
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
    /// Maximum number of requests per customer and period, such as 600/1m; by default, unlimited.
    #[arg(long, value_name = "COUNT/PERIOD", value_parser = values::parse::<RateLimit>)]
    pub rate_limit: Option<RateLimit>,
    /// Retention period of a kind of record, such as events=30d, or notifications=off to keep them forever; repeatable
    /// or comma-separated. Defaults: events=30d, notifications=90d, deliveries=30d, keys=1d, audit=off, ledger=off.
    #[arg(long, value_name = "NAME=LENGTH", env = "SUPPORT_RETAIN", value_delimiter = ',', value_parser = values::parse::<RetentionRule>)]
    pub retain: Vec<RetentionRule>,
    /// Publish Prometheus metrics at GET /metrics, without authentication.
    #[arg(long)]
    pub metrics: bool,
    /// Limits on connections, requests and responses.
    #[command(flatten)]
    pub limits: LimitArgs,
    /// Options of the identity service.
    #[command(flatten)]
    pub identity: IdentityArgs,
    /// Options of email notifications.
    #[command(flatten)]
    pub mail: MailArgs,
}

/// Format of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Human-readable text.
    Text,
    /// One JSON object per line.
    Json,
}

/// Maximum number of requests per period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Number of requests, at least 1.
    pub count: u32,
    /// Period in seconds, from 1 to 86 400.
    pub period: u32,
}

/// Parse error of a [`RateLimit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a rate")]
pub struct RateLimitParseError;

impl From<RateLimitParseError> for Message {
    fn from(RateLimitParseError: RateLimitParseError) -> Self {
        Self::new("argument.rate")
    }
}

impl FromStr for RateLimit {
    type Err = RateLimitParseError;

    /// Parses a rate such as `600/1m`.
    fn from_str(text: &str) -> Result<Self, RateLimitParseError> {
        let (count, period) = text.split_once('/').ok_or(RateLimitParseError)?;
        let count = count.parse().ok().filter(|count| *count > 0).ok_or(RateLimitParseError)?;
        let period = timestamp::parse_duration(period)
            .filter(|seconds| *seconds <= timestamp::DAY)
            .ok_or(RateLimitParseError)?;
        Ok(Self { count, period: u32::try_from(period).map_err(|_| RateLimitParseError)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_count_in_a_period() {
        assert_eq!("600/1m".parse(), Ok(RateLimit { count: 600, period: 60 }));
        assert_eq!("1/1d".parse(), Ok(RateLimit { count: 1, period: 86_400 }));
        for text in ["", "600", "600/", "/1m", "0/1m", "-1/1m", "600/0s", "600/2d", "600/1m/1"] {
            assert_eq!(text.parse::<RateLimit>(), Err(RateLimitParseError), "{text:?}");
        }
    }
}
