//! `support webhook test`: a message that tries a webhook out, sent from here.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::super::attempts::words;
use super::super::each::{Outcome, one};
use super::super::exit::Exit;
use super::super::output::look::Look;
use super::super::output::visible::visible;
use super::super::session::Session;
use super::super::values;
use super::super::{Format, Ran};
use super::network;
use crate::desk::webhook::trial::trial;
use crate::model::delivery::{Attempt, ChannelName, DeliveryError, Verdict};
use crate::model::webhook::Tag;
use crate::model::{Message, WebhookId};
use crate::outbound::{Client, Sender};
use crate::system;

pub(super) const EXAMPLES: &str = "\
support webhook test 1
support webhook test 1 --ca company-ca.pem";

/// Which.
#[derive(Debug, Args)]
pub struct Test {
    /// Webhook id, as listed by `support webhook list`.
    #[arg(value_parser = values::read::<WebhookId>)]
    id: WebhookId,
    /// File with certificate authorities (PEM) to trust, in addition to the system's.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

impl Test {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
        let client = Client::trusting(self.ca.as_deref())?;
        let (random, now) = (Tag::from_random(system::random()?), system::now());
        let caller = session.caller(false);
        let trial = session.store()?.read_blocking(|unit| trial(unit, &caller, self.id, &random, now))?;
        let attempt = network::run(Sender::new(&client, system::now).post(&trial))?;
        let tried = Tried::new(self.id, trial.id, &attempt);
        one(session, &tried)?;
        if session.format() == Format::Table && !tried.answer.is_empty() {
            session.hint(&Message::new("cli.webhook.answered").with("answer", &tried.answer));
        }
        Ok(if tried.delivered { Exit::Done } else { Exit::Failed })
    }
}

/// What came of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tried {
    webhook_id: WebhookId,
    message_id: String,
    delivered: bool,
    status: Option<u16>,
    trouble: Option<DeliveryError>,
    took_ms: u32,
    answer: String,
}

impl Tried {
    fn new(webhook_id: WebhookId, message_id: String, attempt: &Attempt) -> Self {
        Self {
            webhook_id,
            message_id,
            delivered: attempt.outcome.verdict(ChannelName::Webhooks) == Verdict::Delivered,
            status: attempt.outcome.status(),
            trouble: attempt.outcome.error(),
            took_ms: attempt.took,
            answer: attempt.answer.clone(),
        }
    }
}

impl Outcome for Tried {
    const CSV: &'static [&'static str] =
        &["webhookId", "messageId", "delivered", "status", "trouble", "tookMs", "answer"];

    fn text(&self, look: &Look) -> String {
        let key = if self.delivered { "cli.webhook.tried" } else { "cli.webhook.tried_in_vain" };
        let what = self.trouble.map_or_else(
            || self.status.map(|status| status.to_string()).unwrap_or_default(),
            |trouble| look.word(words(trouble, ChannelName::Webhooks)),
        );
        let message = Message::new(key).with("id", self.webhook_id).with("what", what).with("ms", self.took_ms);
        visible(&look.locale.say(&message)).into_owned()
    }
}
