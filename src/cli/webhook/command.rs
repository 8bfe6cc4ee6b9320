//! `support webhook`: manages webhooks and their deliveries.

use clap::Subcommand;

use super::super::failure::CommandResult;
use super::super::session::Session;
use super::{add, deliveries, enable, list, listen, redeliver, remove, rotate, test};

#[derive(Debug, Subcommand)]
pub enum WebhookCommand {
    /// Add a webhook for future events, and print its signing secret once.
    #[command(after_help = add::EXAMPLES)]
    Add(add::Add),
    /// List webhooks, newest first, without their secrets.
    List(list::List),
    /// Remove webhooks and all their deliveries.
    Remove(remove::Remove),
    /// Enable webhooks disabled after their receiver answered 410 Gone.
    Enable(enable::Enable),
    /// Send a test message to a webhook and print the response.
    #[command(after_help = test::EXAMPLES)]
    Test(test::Test),
    /// Manage the secret of a webhook.
    #[command(subcommand)]
    Secret(SecretCommand),
    /// List deliveries and their status, newest first.
    #[command(after_help = deliveries::EXAMPLES)]
    Deliveries(deliveries::Deliveries),
    /// Send deliveries again immediately, with the same content and ids.
    #[command(after_help = redeliver::EXAMPLES)]
    Redeliver(redeliver::Redeliver),
    /// Run a test receiver that verifies and prints webhook messages.
    #[command(after_help = listen::EXAMPLES)]
    Listen(listen::Listen),
}

#[derive(Debug, Subcommand)]
pub enum SecretCommand {
    /// Create and print a new secret; the previous one expires after a day.
    Rotate(rotate::Rotate),
}

impl WebhookCommand {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        match self {
            Self::Add(add) => add.run(session),
            Self::List(list) => list.run(session),
            Self::Remove(remove) => remove.run(session),
            Self::Enable(enable) => enable.run(session),
            Self::Test(test) => test.run(session),
            Self::Secret(SecretCommand::Rotate(rotate)) => rotate.run(session),
            Self::Deliveries(deliveries) => deliveries.run(session),
            Self::Redeliver(redeliver) => redeliver.run(session),
            Self::Listen(listen) => listen.run(session),
        }
    }
}
