//! One event on its way to one webhook: what is sent, what came of it, and where it stands.

use super::Webhook;
use super::attempt::{Ended, Trouble};
use crate::model::backoff::WAIT_BELIEVED;
use crate::model::event::EventName;
use crate::model::kind::closed_list;
use crate::model::{DeliveryId, Timestamp, WebhookId};

/// The most of a receiver's answer that is read and kept, in bytes.
pub const ANSWER_MAX: usize = 4_096;

closed_list!(
    /// Where a delivery stands.
    DeliveryState {
        /// It will be tried, for the first time or again.
        Waiting = "waiting",
        /// The receiver took it.
        Delivered = "delivered",
        /// It was given up.
        Dead = "dead",
    }
);

/// The delivery that is next for a webhook, with the event as it was stored.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Its id.
    pub id: DeliveryId,
    /// Attempts so far.
    pub attempts: u32,
    /// When it is due.
    pub due_at: Timestamp,
    /// The event's sequence number.
    pub event: i64,
    /// The event's name.
    pub name: EventName,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Its data, as JSON.
    pub data: String,
}

impl Waiting {
    /// Whether it is due at this instant. One that is further away than any wait can be was set by a clock that was
    /// wrong, and is due too.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.due_at <= now || self.due_at > now.plus(WAIT_BELIEVED)
    }
}

/// What to send now, where, and for which delivery.
#[derive(Debug, Clone)]
pub struct Dispatch {
    /// The webhook as it stood when this was read.
    pub webhook: Webhook,
    /// The delivery.
    pub delivery: DeliveryId,
    /// Attempts before this one.
    pub attempts: u32,
    /// The message's id: the same on each try.
    pub message: String,
    /// The message's body: the same on each try.
    pub body: String,
}

/// One attempt, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// How it ended.
    pub ended: Ended,
    /// When it ended.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub took: u32,
    /// The beginning of what the receiver answered, as text.
    pub answer: String,
}

impl Attempt {
    /// The status of the answer, where one came.
    pub const fn status(&self) -> Option<u16> {
        match self.ended {
            Ended::Answered { status, .. } => Some(status),
            Ended::Failed(_) => None,
        }
    }

    /// Why none came.
    pub const fn trouble(&self) -> Option<Trouble> {
        match self.ended {
            Ended::Answered { .. } => None,
            Ended::Failed(trouble) => Some(trouble),
        }
    }
}

/// A delivery as agents see it.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// Whose.
    pub webhook: WebhookId,
    /// The event's sequence number.
    pub event: i64,
    /// The event's name.
    pub name: EventName,
    /// The message's id.
    pub message: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// Attempts so far; a redelivery counts anew.
    pub attempts: u32,
    /// When it is tried next, where it is.
    pub due_at: Option<Timestamp>,
    /// When the event came up for delivery.
    pub created_at: Timestamp,
    /// The last attempt.
    pub last: Option<Attempt>,
}

impl Delivery {
    /// The delivery once it is requested again: due now, and counted anew where it had ended.
    #[must_use]
    pub fn requeued(self, now: Timestamp) -> Self {
        let attempts = self.state.attempts_of_requeued(self.attempts);
        Self { state: DeliveryState::Waiting, attempts, due_at: Some(now), ..self }
    }
}

impl DeliveryState {
    /// Attempts of a delivery or mail in this state once it is requested again: one that had ended is counted anew.
    pub const fn attempts_of_requeued(self, attempts: u32) -> u32 {
        match self {
            Self::Waiting => attempts,
            Self::Delivered | Self::Dead => 0,
        }
    }
}

/// Which deliveries an agent asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Only those of this webhook.
    pub webhook: Option<WebhookId>,
    /// Only those whose last attempt did not reach its end: waiting for another, or given up.
    pub failed: bool,
}

/// A receiver's answer as text: what is no UTF-8, and control characters but line breaks and tabs, become U+FFFD.
pub fn readable(bytes: &[u8]) -> String {
    let safe = |sign: char| if sign.is_control() && !matches!(sign, '\n' | '\t') { '\u{fffd}' } else { sign };
    String::from_utf8_lossy(bytes).chars().map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_set_by_a_wrong_clock_is_due() {
        let now = Timestamp::from_second(1_750_000_000).unwrap();
        let waiting = |seconds| Waiting {
            id: DeliveryId::FIRST,
            attempts: 1,
            due_at: now.plus(seconds),
            event: 1,
            name: EventName::TicketCreated,
            occurred_at: now,
            data: "{}".to_owned(),
        };
        assert!(waiting(0).is_due(now) && waiting(-400 * 86_400).is_due(now));
        assert!(!waiting(1).is_due(now) && !waiting(WAIT_BELIEVED).is_due(now));
        assert!(waiting(400 * 86_400).is_due(now));
    }

    #[test]
    fn an_answer_is_made_readable() {
        assert_eq!(readable(b"ok\x1b[2J\n\xff"), "ok\u{fffd}[2J\n\u{fffd}");
    }
}
