//! `support webhook`: who outside is told what happens here.

use clap::Subcommand;

use super::super::failure::Ran;
use super::super::session::Session;
use super::{add, deliveries, enable, list, listen, redeliver, remove, rotate, test};

/// What to do with webhooks.
#[derive(Debug, Subcommand)]
pub enum WebhookCommand {
    /// Add a webhook, which gets what happens from now on, and print its signing secret once.
    #[command(after_help = add::EXAMPLES)]
    Add(add::Add),
    /// List webhooks, newest first, and never their secrets.
    List(list::List),
    /// Remove webhooks with all their deliveries.
    Remove(remove::Remove),
    /// Let webhooks get their events again whose receivers had answered that they were gone.
    Enable(enable::Enable),
    /// Send webhooks a message that tries them out, now, and print what came of it.
    #[command(after_help = test::EXAMPLES)]
    Test(test::Test),
    /// Change the secret of a webhook.
    #[command(subcommand)]
    Secret(SecretCommand),
    /// List deliveries, newest first: how far each is, and what its receiver said last.
    #[command(after_help = deliveries::EXAMPLES)]
    Deliveries(deliveries::Deliveries),
    /// Let deliveries be tried now, however they ended: the same messages with the same ids.
    #[command(after_help = redeliver::EXAMPLES)]
    Redeliver(redeliver::Redeliver),
    /// Receive messages here, verify them and print them: for whoever writes a receiver.
    #[command(after_help = listen::EXAMPLES)]
    Listen(listen::Listen),
}

/// What to do with a webhook's secret.
#[derive(Debug, Subcommand)]
pub enum SecretCommand {
    /// Give a webhook a new secret and print it once; the one it had stays good beside it for a day.
    Rotate(rotate::Rotate),
}

impl WebhookCommand {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
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
