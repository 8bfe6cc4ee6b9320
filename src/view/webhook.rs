//! Webhooks as JSON. The secret is included only when it was just generated.

use serde::Serialize;

use crate::model::event::EventName;
use crate::model::webhook::{Webhook, WebhookState};
use crate::model::{Timestamp, WebhookId};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookView<'w> {
    webhook_id: WebhookId,
    url: &'w str,
    events: &'w [EventName],
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    headers: Vec<&'w str>,
    allow_private: bool,
    state: WebhookState,
    old_secret_until: Option<Timestamp>,
    created_at: Timestamp,
    created_by: &'w str,
    disabled_at: Option<Timestamp>,
}

impl<'w> WebhookView<'w> {
    /// Columns of the CSV format.
    pub const CSV: &'static [&'static str] = &[
        "webhookId",
        "url",
        "events",
        "headers",
        "allowPrivate",
        "state",
        "oldSecretUntil",
        "createdAt",
        "createdBy",
        "disabledAt",
    ];
    /// Columns of the CSV format with the secret.
    pub const CSV_REVEALING: &'static [&'static str] = &[
        "webhookId",
        "url",
        "events",
        "secret",
        "headers",
        "allowPrivate",
        "state",
        "oldSecretUntil",
        "createdAt",
        "createdBy",
        "disabledAt",
    ];

    /// Builds the view without the secret and without the values of headers.
    pub fn new(webhook: &'w Webhook, now: Timestamp) -> Self {
        Self {
            webhook_id: webhook.id,
            url: webhook.settings.target.as_str(),
            events: webhook.events(),
            secret: None,
            headers: webhook.settings.headers.names().collect(),
            allow_private: webhook.settings.target.is_private(),
            state: webhook.state(),
            old_secret_until: webhook.old_secret.as_ref().map(|(_, until)| *until).filter(|until| now < *until),
            created_at: webhook.created_at,
            created_by: webhook.settings.by.as_str(),
            disabled_at: webhook.disabled_at,
        }
    }

    /// Adds the secret, which is shown once.
    #[must_use]
    pub fn revealing(self, webhook: &Webhook) -> Self {
        Self { secret: Some(webhook.settings.secret.reveal()), ..self }
    }
}
