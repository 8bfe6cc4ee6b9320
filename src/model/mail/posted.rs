//! A mail as agents see it: to whom, how far it is, and what the relay said last.

use serde::Serialize;

use super::EmailAddress;
use super::attempt::{Attempt, Trouble};
use crate::model::webhook::delivery::DeliveryState;
use crate::model::{CustomerId, NotificationId, TicketId, Timestamp};

/// A mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The notification that it brings.
    pub id: NotificationId,
    /// Where it stands.
    pub state: DeliveryState,
    /// Attempts so far; one that was let go anew counts anew.
    pub attempts: u32,
    /// When it is tried next, where it is.
    pub due_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// To which customer.
    pub customer: CustomerId,
    /// About which ticket.
    pub ticket: TicketId,
    /// The customer's address as it is now; none where they have none any more.
    pub to: Option<EmailAddress>,
    /// The last attempt.
    pub last: Option<Attempt>,
}

impl Posted {
    /// The mail once it is requested again: due now, and counted anew where it had ended.
    #[must_use]
    pub fn requeued(self, now: Timestamp) -> Self {
        let attempts = self.state.attempts_of_requeued(self.attempts);
        Self { state: DeliveryState::Waiting, attempts, due_at: Some(now), ..self }
    }
}

/// Which mails an agent asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MailFilter {
    /// Only those to this customer.
    pub customer: Option<CustomerId>,
    /// Only those whose last attempt did not reach its end: waiting for another, or given up.
    pub failed: bool,
}

/// A mail as JSON shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PostedView<'p> {
    notification_id: NotificationId,
    customer_id: CustomerId,
    ticket_id: TicketId,
    to: Option<&'p str>,
    state: DeliveryState,
    attempts: u32,
    next_attempt_at: Option<Timestamp>,
    created_at: Timestamp,
    last_attempt: Option<AttemptView<'p>>,
}

impl PostedView<'_> {
    /// The members, flat, in their order.
    pub const CSV: &'static [&'static str] = &[
        "notificationId",
        "customerId",
        "ticketId",
        "to",
        "state",
        "attempts",
        "nextAttemptAt",
        "createdAt",
        "lastAttempt.at",
        "lastAttempt.code",
        "lastAttempt.trouble",
        "lastAttempt.answer",
    ];
}

impl<'p> From<&'p Posted> for PostedView<'p> {
    fn from(mail: &'p Posted) -> Self {
        Self {
            notification_id: mail.id,
            customer_id: mail.customer,
            ticket_id: mail.ticket,
            to: mail.to.as_ref().map(EmailAddress::as_str),
            state: mail.state,
            attempts: mail.attempts,
            next_attempt_at: mail.due_at,
            created_at: mail.created_at,
            last_attempt: mail.last.as_ref().map(AttemptView::from),
        }
    }
}

/// An attempt: the relay's code, or why none came.
#[derive(Debug, Serialize)]
struct AttemptView<'a> {
    at: Timestamp,
    code: Option<u16>,
    trouble: Option<Trouble>,
    answer: &'a str,
}

impl<'a> From<&'a Attempt> for AttemptView<'a> {
    fn from(attempt: &'a Attempt) -> Self {
        Self { at: attempt.at, code: attempt.code(), trouble: attempt.trouble(), answer: &attempt.answer }
    }
}
