//! `support points`: grants points and credit, and prints balances and ledgers.

use clap::Subcommand;

use super::super::failure::CommandResult;
use super::super::session::Session;
use super::{balance, grant, history};

#[derive(Debug, Subcommand)]
pub enum PointsCommand {
    /// Grant points, credit or both to a customer.
    #[command(after_help = grant::EXAMPLES)]
    Grant(grant::Grant),
    /// Show the balance of a customer.
    Balance(balance::Balance),
    /// List the ledger entries of a customer, newest first.
    History(history::History),
}

impl PointsCommand {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        match self {
            Self::Grant(grant) => grant.run(session),
            Self::Balance(balance) => balance.run(session),
            Self::History(history) => history.run(session),
        }
    }
}
