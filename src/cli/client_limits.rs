//! Options of `serve` for the share of each customer and client address.

use clap::Args;

use super::values;
use crate::model::ip_range::IpRange;
use crate::model::rate::CountLimit;

/// Default of `--award-limit`, of `serve` and of the commands for agents.
pub(super) const DEFAULT_AWARD_LIMIT: &str = "50/1d";

/// Limits on customers and client addresses, each of which `off` switches off.
#[derive(Debug, Args)]
#[command(next_help_heading = "cli.help.client_limits")]
pub struct ClientLimitArgs {
    /// Maximum number of requests per customer and period, or off.
    #[arg(long, value_name = "COUNT/PERIOD", env = "SUPPORT_RATE_LIMIT", default_value = "600/1m")]
    #[arg(value_parser = values::parse::<CountLimit>)]
    pub rate_limit: CountLimit,
    /// Maximum number of failed tokens per client address and period, or off. Beyond it, only tokens that were valid
    /// within the last hour are accepted from the address.
    #[arg(long, value_name = "COUNT/PERIOD", env = "SUPPORT_AUTH_FAILURE_LIMIT", default_value = "30/1m")]
    #[arg(value_parser = values::parse::<CountLimit>)]
    pub auth_failure_limit: CountLimit,
    /// Maximum number of awards per customer and period, or off. Beyond it, operations succeed without an award.
    #[arg(long, value_name = "COUNT/PERIOD", env = "SUPPORT_AWARD_LIMIT", default_value = DEFAULT_AWARD_LIMIT)]
    #[arg(value_parser = values::parse::<CountLimit>)]
    pub award_limit: CountLimit,
    /// Address range of reverse proxies, such as 10.0.0.0/8; repeatable or comma-separated. Only from them, the client
    /// address is taken from Forwarded or X-Forwarded-For.
    #[arg(long, value_name = "RANGE", env = "SUPPORT_TRUSTED_PROXY", value_delimiter = ',')]
    #[arg(value_parser = values::parse::<IpRange>)]
    pub trusted_proxy: Vec<IpRange>,
}
