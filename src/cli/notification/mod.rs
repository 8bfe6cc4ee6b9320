//! `support notification`: what customers were told.

mod list;

use clap::Subcommand;

use super::Ran;
use super::session::Session;

/// What to do with notifications.
#[derive(Debug, Subcommand)]
pub enum NotificationCommand {
    /// Show what a customer was told, newest first, in the language of this command.
    #[command(after_help = list::EXAMPLES)]
    List(list::List),
}

impl NotificationCommand {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
        match self {
            Self::List(list) => list.run(session),
        }
    }
}
