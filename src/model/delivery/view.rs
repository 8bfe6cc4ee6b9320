//! Deliveries as JSON shows them.

use serde::Serialize;

use super::attempt::{Attempt, DeliveryError};
use super::state::{Delivery, DeliveryState, Mail, WebhookEvent};
use crate::model::event::EventName;
use crate::model::mail::EmailAddress;
use crate::model::{CustomerId, DeliveryId, NotificationId, TicketId, Timestamp, WebhookId};

/// The members of a webhook's delivery, flat, in their order.
pub const WEBHOOK_CSV: &[&str] = &[
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

/// The members of a mail, flat, in their order.
pub const MAIL_CSV: &[&str] = &[
    "notificationId",
    "customerId",
    "ticketId",
    "to",
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

/// A delivery.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryView<V> {
    #[serde(flatten)]
    of: V,
    state: DeliveryState,
    attempts: u32,
    next_attempt_at: Option<Timestamp>,
    created_at: Timestamp,
    last_attempt: Option<AttemptView>,
}

impl<V> DeliveryView<V> {
    fn new<T>(delivery: &Delivery<T>, of: V) -> Self {
        Self {
            of,
            state: delivery.state,
            attempts: delivery.attempts,
            next_attempt_at: delivery.due_at,
            created_at: delivery.created_at,
            last_attempt: delivery.last.as_ref().map(AttemptView::from),
        }
    }
}

/// An event for a webhook.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookEventView<'d> {
    delivery_id: DeliveryId,
    webhook_id: WebhookId,
    event_id: i64,
    event: EventName,
    message_id: &'d str,
}

impl<'d> From<&'d Delivery<WebhookEvent>> for DeliveryView<WebhookEventView<'d>> {
    fn from(delivery: &'d Delivery<WebhookEvent>) -> Self {
        let WebhookEvent { id, webhook, event, name, message } = &delivery.of;
        let of = WebhookEventView {
            delivery_id: *id,
            webhook_id: *webhook,
            event_id: *event,
            event: *name,
            message_id: message,
        };
        Self::new(delivery, of)
    }
}

/// The mail that brings a notification.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MailView<'d> {
    notification_id: NotificationId,
    customer_id: CustomerId,
    ticket_id: TicketId,
    to: Option<&'d str>,
}

impl<'d> From<&'d Delivery<Mail>> for DeliveryView<MailView<'d>> {
    fn from(delivery: &'d Delivery<Mail>) -> Self {
        let Mail { id, customer, ticket, to } = &delivery.of;
        let of = MailView {
            notification_id: *id,
            customer_id: *customer,
            ticket_id: *ticket,
            to: to.as_ref().map(EmailAddress::as_str),
        };
        Self::new(delivery, of)
    }
}

/// An attempt: the answer's status, or why none came.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttemptView {
    at: Timestamp,
    status: Option<u16>,
    trouble: Option<DeliveryError>,
    took_ms: u32,
    answer: String,
}

impl From<&Attempt> for AttemptView {
    fn from(attempt: &Attempt) -> Self {
        Self {
            at: attempt.at,
            status: attempt.outcome.status(),
            trouble: attempt.outcome.error(),
            took_ms: attempt.took,
            answer: attempt.answer.clone(),
        }
    }
}
