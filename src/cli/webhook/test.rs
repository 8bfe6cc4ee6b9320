//! `support webhook test`: a message that tries a webhook out, sent from here.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::super::each::{Outcome, one};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::output::look::Look;
use super::super::output::visible::visible;
use super::super::session::Session;
use super::super::values;
use super::super::{Format, Ran};
use super::network;
use crate::desk::webhook::trial::{Trial, trial};
use crate::model::webhook::Tag;
use crate::model::webhook::attempt::{Trouble, Verdict};
use crate::model::webhook::delivery::Attempt;
use crate::model::{Message, WebhookId};
use crate::outbound::{Client, Outgoing, Sender};
use crate::system;

pub(super) const EXAMPLES: &str = "\
support webhook test 1
support webhook test 1 --ca company-ca.pem";

/// Which.
#[derive(Debug, Args)]
pub struct Test {
    /// The webhook's id, as `support webhook list` shows it.
    #[arg(value_parser = values::read::<WebhookId>)]
    id: WebhookId,
    /// A PEM file of certificate authorities to believe beside the system's.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

impl Test {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
        let client = Client::trusting(self.ca.as_deref())?;
        let (random, now) = (Tag::from_random(system::random()?), system::now());
        let trial = session.store()?.read(|unit| trial(unit, self.id, &random, now))?;
        let attempt = send(&Sender::new(&client, system::now), &trial)?;
        let tried = Tried::new(self.id, trial.message, &attempt);
        one(session, &tried)?;
        if session.format() == Format::Table && !tried.answer.is_empty() {
            session.hint(&Message::new("cli.webhook.answered").with("answer", &tried.answer));
        }
        Ok(if tried.delivered { Exit::Done } else { Exit::Failed })
    }
}

fn send(sender: &Sender, trial: &Trial) -> Result<Attempt, Failure> {
    let Trial { webhook, message, body } = trial;
    network::run(sender.post(Outgoing { webhook, message, body }))
}

/// What came of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tried {
    webhook_id: WebhookId,
    message_id: String,
    delivered: bool,
    status: Option<u16>,
    trouble: Option<Trouble>,
    took_ms: u32,
    answer: String,
}

impl Tried {
    fn new(webhook_id: WebhookId, message_id: String, attempt: &Attempt) -> Self {
        Self {
            webhook_id,
            message_id,
            delivered: attempt.ended.verdict() == Verdict::Delivered,
            status: attempt.status(),
            trouble: attempt.trouble(),
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
            |trouble| look.word(super::deliveries::words(trouble)),
        );
        let message = Message::new(key).with("id", self.webhook_id).with("what", what).with("ms", self.took_ms);
        visible(&look.locale.say(&message)).into_owned()
    }
}
