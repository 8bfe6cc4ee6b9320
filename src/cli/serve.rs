//! Options of `serve`. The application runs the server.

use std::net::SocketAddr;

use clap::{Args, ValueEnum};

use super::client_limits::ClientLimitArgs;
use super::identity::IdentityArgs;
use super::limits::LimitArgs;
use super::mail::MailArgs;
use super::values;
use crate::model::retention::RetentionRule;

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
    /// Limits on customers and client addresses.
    #[command(flatten)]
    pub client_limits: ClientLimitArgs,
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
