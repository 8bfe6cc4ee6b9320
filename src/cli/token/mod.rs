//! `support token`: the tokens that open the API.

mod issue;
mod list;
mod revoke;

use clap::Subcommand;

use super::Ran;
use super::session::Session;

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

/// The permissions of a token, as a sentence names them.
fn permissions(record: &crate::model::token::TokenRecord) -> String {
    record.permissions.iter().map(|permission| permission.to_string()).collect::<Vec<_>>().join(", ")
}
