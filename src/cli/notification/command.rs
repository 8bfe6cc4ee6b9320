//! `support notification`: lists notifications and emails, and resends emails.

use clap::Subcommand;

use super::super::failure::CommandResult;
use super::super::session::Session;
use super::{list, mails, resend};

#[derive(Debug, Subcommand)]
pub enum NotificationCommand {
    /// List the notifications of a customer, newest first.
    #[command(after_help = list::EXAMPLES)]
    List(list::List),
    /// List notification emails and their delivery status, newest first.
    #[command(after_help = mails::EXAMPLES)]
    Mails(mails::Mails),
    /// Send emails again immediately, with the same content and ids.
    #[command(after_help = resend::EXAMPLES)]
    Resend(resend::Resend),
}

impl NotificationCommand {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        match self {
            Self::List(list) => list.run(session),
            Self::Mails(mails) => mails.run(session),
            Self::Resend(resend) => resend.run(session),
        }
    }
}
