//! `support notification`: what customers were told.

use clap::Subcommand;

use super::super::failure::Ran;
use super::super::session::Session;
use super::{list, mails, resend};

/// What to do with notifications.
#[derive(Debug, Subcommand)]
pub enum NotificationCommand {
    /// Show what a customer was told, newest first, in the language of this command.
    #[command(after_help = list::EXAMPLES)]
    List(list::List),
    /// List the mails that bring notifications, newest first: how far each is, and what the relay said last.
    #[command(after_help = mails::EXAMPLES)]
    Mails(mails::Mails),
    /// Let mails be tried now, however they ended: the same messages with the same ids.
    #[command(after_help = resend::EXAMPLES)]
    Resend(resend::Resend),
}

impl NotificationCommand {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
        match self {
            Self::List(list) => list.run(session),
            Self::Mails(mails) => mails.run(session),
            Self::Resend(resend) => resend.run(session),
        }
    }
}
