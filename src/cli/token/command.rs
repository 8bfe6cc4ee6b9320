//! `support token`: the tokens that open the API.

use clap::Subcommand;

use super::super::failure::Ran;
use super::super::session::Session;
use super::{issue, list, revoke};

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Issue a token for a customer, and print it once.
    #[command(after_help = issue::EXAMPLES)]
    Issue(issue::Issue),
    /// List the tokens that were issued, newest first, and never the tokens themselves.
    List(list::List),
    /// Take tokens back, at once and for good.
    Revoke(revoke::Revoke),
}

impl TokenCommand {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
        match self {
            Self::Issue(issue) => issue.run(session),
            Self::List(list) => list.run(session),
            Self::Revoke(revoke) => revoke.run(session),
        }
    }
}
