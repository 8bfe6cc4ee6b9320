//! `support token`: issues, lists and revokes API tokens.

use clap::Subcommand;

use super::super::failure::CommandResult;
use super::super::session::Session;
use super::{issue, list, revoke};

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Issue a token for a customer, and print it once.
    #[command(after_help = issue::EXAMPLES)]
    Issue(issue::Issue),
    /// List issued tokens, newest first, without the secrets.
    List(list::List),
    /// Revoke tokens immediately and permanently.
    Revoke(revoke::Revoke),
}

impl TokenCommand {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        match self {
            Self::Issue(issue) => issue.run(session),
            Self::List(list) => list.run(session),
            Self::Revoke(revoke) => revoke.run(session),
        }
    }
}
