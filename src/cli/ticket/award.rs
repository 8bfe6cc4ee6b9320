//! Options of the ticket commands that award the customer.

use clap::Args;

use super::super::client_limits::DEFAULT_AWARD_LIMIT;
use super::super::session::Session;
use super::super::values;
use crate::model::customer_limits::CustomerLimits;
use crate::model::principal::Caller;
use crate::model::rate::CountLimit;

/// Award for an agent's operation, under the limit of a customer's own operations.
#[derive(Debug, Args)]
pub(super) struct AwardArgs {
    /// Award the customer the points and credit for this action, as if the customer had done it.
    #[arg(long)]
    award: bool,
    /// Maximum number of awards per customer and period, or off. Beyond it, operations succeed without an award.
    #[arg(long, value_name = "COUNT/PERIOD", env = "SUPPORT_AWARD_LIMIT", default_value = DEFAULT_AWARD_LIMIT)]
    #[arg(value_parser = values::parse::<CountLimit>)]
    award_limit: CountLimit,
}

impl AwardArgs {
    /// Returns the operator as caller of use cases.
    pub(super) fn caller(&self, session: &Session<'_>) -> Caller {
        session.caller(self.award).with_limits(CustomerLimits { awards: self.award_limit.0 })
    }
}
