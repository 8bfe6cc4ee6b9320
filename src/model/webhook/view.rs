//! Webhooks and deliveries as JSON shows them; a secret stands in it only when it was just made.

use serde::Serialize;

use super::attempt::Trouble;
use super::delivery::{Attempt, Delivery, DeliveryState};
use super::{Webhook, WebhookState};
use crate::model::event::EventName;
use crate::model::{DeliveryId, Timestamp, WebhookId};

/// A webhook.
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
    /// The members, flat, in their order.
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
    /// The same with the secret.
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

    /// The webhook as it stands at this instant, without its secrets and the values of its headers.
    pub fn new(webhook: &'w Webhook, now: Timestamp) -> Self {
        Self {
            webhook_id: webhook.id,
            url: webhook.is.target.as_str(),
            events: webhook.events(),
            secret: None,
            headers: webhook.is.headers.names().collect(),
            allow_private: webhook.is.target.is_private(),
            state: webhook.state(),
            old_secret_until: webhook.old_secret.as_ref().map(|(_, until)| *until).filter(|until| now < *until),
            created_at: webhook.created_at,
            created_by: webhook.is.by.as_str(),
            disabled_at: webhook.disabled_at,
        }
    }

    /// The same with the secret, which is shown once.
    #[must_use]
    pub fn revealing(self, webhook: &Webhook) -> Self {
        Self { secret: Some(webhook.is.secret.reveal()), ..self }
    }
}

/// A delivery.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryView<'d> {
    delivery_id: DeliveryId,
    webhook_id: WebhookId,
    event_id: i64,
    event: EventName,
    message_id: &'d str,
    state: DeliveryState,
    attempts: u32,
    next_attempt_at: Option<Timestamp>,
    created_at: Timestamp,
    last_attempt: Option<AttemptView<'d>>,
}

impl<'d> From<&'d Delivery> for DeliveryView<'d> {
    fn from(delivery: &'d Delivery) -> Self {
        Self {
            delivery_id: delivery.id,
            webhook_id: delivery.webhook,
            event_id: delivery.event,
            event: delivery.name,
            message_id: &delivery.message,
            state: delivery.state,
            attempts: delivery.attempts,
            next_attempt_at: delivery.due_at,
            created_at: delivery.created_at,
            last_attempt: delivery.last.as_ref().map(AttemptView::from),
        }
    }
}

impl DeliveryView<'_> {
    /// The members, flat, in their order.
    pub const CSV: &'static [&'static str] = &[
        "deliveryId",
        "webhookId",
        "eventId",
        "event",
        "messageId",
        "state",
        "attempts",
        "nextAttemptAt",
        "createdAt",
        "lastAttempt.at",
        "lastAttempt.status",
        "lastAttempt.trouble",
        "lastAttempt.tookMs",
        "lastAttempt.answer",
    ];
}

/// An attempt: the answer's status, or why none came.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttemptView<'a> {
    at: Timestamp,
    status: Option<u16>,
    trouble: Option<Trouble>,
    took_ms: u32,
    answer: &'a str,
}

impl<'a> From<&'a Attempt> for AttemptView<'a> {
    fn from(attempt: &'a Attempt) -> Self {
        Self {
            at: attempt.at,
            status: attempt.status(),
            trouble: attempt.trouble(),
            took_ms: attempt.took,
            answer: &attempt.answer,
        }
    }
}
