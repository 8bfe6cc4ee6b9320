//! `support points`: what customers earned and were granted.

use clap::Subcommand;

use super::super::failure::Ran;
use super::super::session::Session;
use super::{balance, grant, history};

/// What to do with points.
#[derive(Debug, Subcommand)]
pub enum PointsCommand {
    /// Grant a customer points, credit, or both.
    #[command(after_help = grant::EXAMPLES)]
    Grant(grant::Grant),
    /// Show what a customer has.
    Balance(balance::Balance),
    /// Show a customer's ledger, newest first.
    History(history::History),
}

impl PointsCommand {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
        match self {
            Self::Grant(grant) => grant.run(session),
            Self::Balance(balance) => balance.run(session),
            Self::History(history) => history.run(session),
        }
    }
}
