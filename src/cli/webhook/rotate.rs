//! `support webhook secret rotate`: a new secret, printed once, beside the one before for a day.

use clap::Args;

use super::super::each::one;
use super::super::session::Session;
use super::super::values;
use super::super::{Format, Ran};
use super::add::Revealed;
use crate::desk::webhook::rotate::rotate_secret;
use crate::model::webhook::ROTATION;
use crate::model::webhook::secret::SigningSecret;
use crate::model::{Message, Timestamp, WebhookId};

/// Whose.
#[derive(Debug, Args)]
pub struct Rotate {
    /// The webhook's id, as `support webhook list` shows it.
    #[arg(value_parser = values::read::<WebhookId>)]
    id: WebhookId,
}

impl Rotate {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
        let (id, secret) = (self.id, SigningSecret::fresh()?);
        let (caller, now) = (session.caller(false), Timestamp::now());
        let webhook = session.store()?.write_blocking(move |unit| rotate_secret(unit, &caller, id, &secret, now))?;
        let ran = one(session, &Revealed { webhook, now })?;
        if session.format() == Format::Table {
            let until = session.look.when(now.plus(ROTATION));
            session.hint(&Message::new("cli.webhook.rotated").with("id", id).with("until", until));
        }
        Ok(ran)
    }
}
