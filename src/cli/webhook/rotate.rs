//! `support webhook secret rotate`: creates a new signing secret and prints it once. The previous secret stays valid
//! for a day. A second rotation within that day needs a confirmation, because it invalidates the oldest secret early.

use clap::Args;

use super::super::batch::print_outcome;
use super::super::confirm::confirm;
use super::super::session::Session;
use super::super::values;
use super::super::{CommandResult, Format};
use super::add::WebhookWithSecret;
use crate::desk::webhook::rotate::{previous_secret_expiry, rotate_secret};
use crate::model::webhook::OLD_SECRET_LIFETIME;
use crate::model::webhook::secret::SigningSecret;
use crate::model::{Message, WebhookId};
use crate::system;

#[derive(Debug, Args)]
pub struct Rotate {
    /// Webhook id, as listed by `support webhook list`.
    #[arg(value_parser = values::parse::<WebhookId>)]
    id: WebhookId,
    /// Skip the confirmation.
    #[arg(long)]
    yes: bool,
}

impl Rotate {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let (id, secret) = (self.id, SigningSecret::from_random(system::random()?));
        let (store, caller, now) = (session.store()?, session.caller(false), system::now());
        let previous_expiry = store.read_blocking(|unit| previous_secret_expiry(unit, &caller, id, now))?;
        if let Some(until) = previous_expiry {
            let until = session.display.time(until);
            confirm(session, self.yes, &Message::new("cli.webhook.rotate").with("id", id).with("until", until))?;
        }
        let (confirmed, now) = (self.yes || previous_expiry.is_some(), system::now());
        let webhook = store.write_blocking(move |unit| rotate_secret(unit, &caller, id, &secret, confirmed, now))?;
        let exit = print_outcome(session, &WebhookWithSecret { webhook, now })?;
        if session.format() == Format::Table {
            let until = session.display.time(now.plus(OLD_SECRET_LIFETIME));
            session.hint(&Message::new("cli.webhook.rotated").with("id", id).with("until", until));
        }
        Ok(exit)
    }
}
