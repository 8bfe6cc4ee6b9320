//! `support webhook add`: adds a webhook and prints its signing secret once.

use clap::Args;
use serde::Serialize;

use super::super::batch::{CommandOutcome, print_outcome};
use super::super::output::display_options::DisplayOptions;
use super::super::session::Session;
use super::super::{CommandResult, Failure, Format, values};
use super::list::events;
use super::network::check_addresses;
use crate::desk::webhook::add::add_webhook;
use crate::model::event::EventName;
use crate::model::webhook::secret::SigningSecret;
use crate::model::webhook::target::{Headers, Target};
use crate::model::webhook::{MessageIdPrefix, NewWebhook, Webhook};
use crate::model::{Code, Error, Message, Timestamp, ValidationErrors};
use crate::system;
use crate::view::WebhookView;

pub(super) const EXAMPLES: &str = "\
SECRET=$(support webhook add https://example.com/hooks/support)
support webhook add https://example.com/closed --event support:ticket_closed --header 'X-Team: desk'
support webhook add http://127.0.0.1:8081/ --allow-private  # listen";

#[derive(Debug, Args)]
pub struct Add {
    /// URL to post the events to, with https or http.
    url: String,
    /// Event to deliver; repeatable or comma-separated; by default, all events.
    #[arg(long, value_delimiter = ',', value_name = "NAME", value_parser = values::one_of(EventName::ALL))]
    event: Vec<EventName>,
    /// Additional header to send, such as 'Authorization: Bearer …'; repeatable.
    #[arg(long, value_name = "NAME: VALUE", allow_hyphen_values = true)]
    header: Vec<String>,
    /// Allow an address that is not public, such as loopback or a private network.
    #[arg(long)]
    allow_private: bool,
}

impl Add {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let webhook = self.validate(session)?;
        let store = session.store()?;
        check_addresses(session, &webhook.target)?;
        let (caller, new, now) = (session.caller(false), webhook.clone(), system::now());
        let webhook = store.write_blocking(move |unit| add_webhook(unit, &caller, &new, now))?;
        let added = WebhookWithSecret { webhook, now };
        let exit = print_outcome(session, &added)?;
        if session.format() == Format::Table {
            let webhook = &added.webhook;
            session.hint(
                &Message::new("cli.webhook.added")
                    .with("id", webhook.id)
                    .with("url", webhook.settings.target.as_str())
                    .with("events", events(webhook)),
            );
        }
        if added.webhook.settings.target.is_unencrypted() && !self.allow_private {
            session.warn(&Message::new("cli.webhook.plain"));
        }
        Ok(exit)
    }

    /// Validates the arguments.
    fn validate(&self, session: &Session<'_>) -> Result<NewWebhook, Failure> {
        let mut errors = ValidationErrors::default();
        let target = Target::parse(&self.url, self.allow_private);
        let target = target.map_err(|message| errors.add(Code::InvalidWebhook, "url", message)).ok();
        let headers = Headers::parse(&self.header, &mut errors);
        let mut events = self.event.clone();
        events.sort_unstable();
        events.dedup();
        let Some(target) = target.filter(|_| errors.is_empty()) else {
            return Err(Failure::Usage(Error::Invalid(errors.into_sorted())));
        };
        let (secret, id_prefix) =
            (SigningSecret::from_random(system::random()?), MessageIdPrefix::from_random(system::random()?));
        Ok(NewWebhook { target, events, headers, secret, id_prefix, by: session.agent() })
    }
}

/// Webhook with its signing secret.
pub(super) struct WebhookWithSecret {
    pub(super) webhook: Webhook,
    pub(super) now: Timestamp,
}

impl Serialize for WebhookWithSecret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WebhookView::new(&self.webhook, self.now).revealing(&self.webhook).serialize(serializer)
    }
}

impl CommandOutcome for WebhookWithSecret {
    const CSV: &'static [&'static str] = WebhookView::CSV_REVEALING;

    /// Returns the secret only, for use in a shell.
    fn text(&self, _: &DisplayOptions) -> String {
        self.webhook.settings.secret.reveal()
    }
}
