//! `support webhook test`: sends a test message to a webhook and prints the response.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::super::attempts::error_key;
use super::super::batch::{CommandOutcome, print_outcome};
use super::super::exit::Exit;
use super::super::output::display_options::DisplayOptions;
use super::super::output::sanitize::sanitize;
use super::super::session::Session;
use super::super::values;
use super::super::{CommandResult, Format};
use super::network;
use crate::desk::webhook::test_message::test_message;
use crate::model::delivery::{Attempt, ChannelName, DeliveryError, Verdict};
use crate::model::webhook::MessageIdPrefix;
use crate::model::{Message, WebhookId};
use crate::outbound::{Client, Sender};
use crate::system;

pub(super) const EXAMPLES: &str = "\
support webhook test 1
support webhook test 1 --ca company-ca.pem";

#[derive(Debug, Args)]
pub struct Test {
    /// Webhook id, as listed by `support webhook list`.
    #[arg(value_parser = values::parse::<WebhookId>)]
    id: WebhookId,
    /// File with certificate authorities (PEM) to trust, in addition to the system's.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

impl Test {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let client = Client::with_authorities(self.ca.as_deref())?;
        let (random, now) = (MessageIdPrefix::from_random(system::random()?), system::now());
        let caller = session.caller(false);
        let test_message = session.store()?.read_blocking(|unit| test_message(unit, &caller, self.id, &random, now))?;
        let attempt = network::run(Sender::new(&client, system::now).post(&test_message))?;
        let result = TestResult::new(self.id, test_message.id, &attempt);
        print_outcome(session, &result)?;
        if session.format() == Format::Table && !result.answer.is_empty() {
            session.hint(&Message::new("cli.webhook.answered").with("answer", &result.answer));
        }
        Ok(if result.delivered { Exit::Done } else { Exit::Failed })
    }
}

/// Result of a test message.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TestResult {
    webhook_id: WebhookId,
    message_id: String,
    delivered: bool,
    status: Option<u16>,
    error: Option<DeliveryError>,
    took_ms: u32,
    answer: String,
}

impl TestResult {
    fn new(webhook_id: WebhookId, message_id: String, attempt: &Attempt) -> Self {
        Self {
            webhook_id,
            message_id,
            delivered: attempt.outcome.verdict(ChannelName::Webhooks) == Verdict::Delivered,
            status: attempt.outcome.status(),
            error: attempt.outcome.error(),
            took_ms: attempt.took,
            answer: attempt.answer.clone(),
        }
    }
}

impl CommandOutcome for TestResult {
    const CSV: &'static [&'static str] =
        &["webhookId", "messageId", "delivered", "status", "error", "tookMs", "answer"];

    fn text(&self, display: &DisplayOptions) -> String {
        let key = if self.delivered { "cli.webhook.tried" } else { "cli.webhook.tried_in_vain" };
        let result = self.error.map_or_else(
            || self.status.map(|status| status.to_string()).unwrap_or_default(),
            |error| display.word(error_key(error, ChannelName::Webhooks)),
        );
        let message = Message::new(key).with("id", self.webhook_id).with("what", result).with("ms", self.took_ms);
        sanitize(&display.locale.translate(&message)).into_owned()
    }
}
