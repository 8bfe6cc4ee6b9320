//! Attempts to deliver: outcome of one attempt, and the resulting state of the delivery.

use std::time::{Duration, UNIX_EPOCH};

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::backoff;
use super::progress::DeliveryState;
use super::queue::ChannelName;
use crate::model::Timestamp;
use crate::model::closed_list::closed_list;

closed_list!(
    /// Error of an attempt without a response.
    DeliveryError {
        /// The host name has no address.
        Unresolved = "unresolved",
        /// The host name has a non-public address, and the webhook does not allow one.
        NotPublic = "address_not_public",
        /// The connection failed, or the relay rejected the session.
        Unreachable = "unreachable",
        /// The certificate is invalid, or TLS failed otherwise.
        Tls = "tls",
        /// The attempt exceeded its time limit.
        TimedOut = "timed_out",
        /// The connection broke, or the response is invalid.
        Broken = "broken",
    }
);

/// Outcome of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// A response was received.
    Answered {
        /// HTTP status, or SMTP reply code (RFC 5321, 4.2.1).
        status: u16,
        /// Seconds in `Retry-After`, if any.
        retry_after: Option<i64>,
    },
    /// No response was received.
    Failed(DeliveryError),
}

/// Classification of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The receiver accepted the message.
    Delivered,
    /// The attempt may be repeated.
    Retry,
    /// The message will never be accepted.
    Dead,
    /// The receiver wants no more messages (HTTP 410).
    Gone,
}

/// Result of an attempt for its delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    Delivered,
    /// The delivery is retried at this time.
    Retried(Timestamp),
    /// The delivery failed permanently.
    Dead,
    /// The delivery failed permanently, and its webhook is disabled.
    Gone,
}

impl AttemptOutcome {
    /// Builds a response without `Retry-After`.
    pub const fn answered(status: u16) -> Self {
        Self::Answered { status, retry_after: None }
    }

    /// Returns the status of the response, if any.
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Answered { status, .. } => Some(status),
            Self::Failed(_) => None,
        }
    }

    /// Returns the error, if no response was received.
    pub const fn error(self) -> Option<DeliveryError> {
        match self {
            Self::Answered { .. } => None,
            Self::Failed(error) => Some(error),
        }
    }

    /// Classifies the outcome. Overload, restarts and network errors are retried. A webhook's refusals and redirects,
    /// and permanent SMTP replies, are not.
    pub const fn verdict(self, channel: ChannelName) -> Verdict {
        match self {
            Self::Failed(DeliveryError::NotPublic) => Verdict::Dead,
            Self::Failed(
                DeliveryError::Unresolved
                | DeliveryError::Unreachable
                | DeliveryError::Tls
                | DeliveryError::TimedOut
                | DeliveryError::Broken,
            ) => Verdict::Retry,
            Self::Answered { status, .. } => match (channel, status) {
                (_, 200..=299) => Verdict::Delivered,
                (ChannelName::Webhooks, 410) => Verdict::Gone,
                (ChannelName::Webhooks, 408 | 429 | 500..=599) => Verdict::Retry,
                (ChannelName::Webhooks, _) | (ChannelName::Mail, 500..=599) => Verdict::Dead,
                (ChannelName::Mail, _) => Verdict::Retry,
            },
        }
    }

    /// Returns the result after a number of attempts. `random` is a random number for jitter.
    pub fn settle(self, channel: ChannelName, attempts: u32, random: u32, now: Timestamp) -> Settled {
        let retry_after = match self {
            Self::Answered { retry_after, .. } => retry_after.unwrap_or(0),
            Self::Failed(_) => 0,
        };
        match self.verdict(channel) {
            Verdict::Delivered => Settled::Delivered,
            Verdict::Retry => {
                backoff::next_attempt(attempts, random, retry_after, now).map_or(Settled::Dead, Settled::Retried)
            }
            Verdict::Dead => Settled::Dead,
            Verdict::Gone => Settled::Gone,
        }
    }
}

impl Serialize for AttemptOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("AttemptOutcome", 2)?;
        members.serialize_field("status", &self.status())?;
        members.serialize_field("error", &self.error())?;
        members.end()
    }
}

impl Settled {
    /// Returns the state of the delivery.
    pub const fn state(self) -> DeliveryState {
        match self {
            Self::Delivered => DeliveryState::Delivered,
            Self::Retried(_) => DeliveryState::Waiting,
            Self::Dead | Self::Gone => DeliveryState::Dead,
        }
    }

    /// Returns the label in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Retried(_) => "retried",
            Self::Dead => "dead",
            Self::Gone => "gone",
        }
    }
}

/// Attempt as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// Time of its end.
    pub at: Timestamp,
    #[serde(flatten)]
    pub outcome: AttemptOutcome,
    /// Duration in milliseconds.
    #[serde(rename = "tookMs")]
    pub took: u32,
    /// Beginning of the response as text, or the error of an SMTP session.
    pub answer: String,
}

/// Converts a response to text. Invalid UTF-8 and control characters except line breaks and tabs become U+FFFD.
pub fn readable(bytes: &[u8]) -> String {
    let safe = |sign: char| if sign.is_control() && !matches!(sign, '\n' | '\t') { '\u{fffd}' } else { sign };
    String::from_utf8_lossy(bytes).chars().map(safe).collect()
}

/// Parses `Retry-After`: seconds or an HTTP date (RFC 9110, 10.2.3). Never negative.
pub fn retry_after(text: &str, now: Timestamp) -> Option<i64> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().unwrap_or(i64::MAX));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    let second = date.duration_since(UNIX_EPOCH).as_ref().map_or(0, Duration::as_secs);
    Some(i64::try_from(second).unwrap_or(i64::MAX).saturating_sub(now.second()).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::delivery::backoff::{MAX_BACKOFF, MAX_RETRIES};

    const MIDDLE: u32 = u32::MAX / 2;

    fn now() -> Timestamp {
        Timestamp::from_second(1_750_000_000).unwrap()
    }

    #[test]
    fn every_status_is_classified() {
        for status in 100..=999 {
            let webhook = match status {
                200..=299 => Verdict::Delivered,
                410 => Verdict::Gone,
                408 | 429 | 500..=599 => Verdict::Retry,
                _ => Verdict::Dead,
            };
            let mail = match status {
                200..=299 => Verdict::Delivered,
                500..=599 => Verdict::Dead,
                _ => Verdict::Retry,
            };
            let verdict = |channel| AttemptOutcome::answered(status).verdict(channel);
            assert_eq!((verdict(ChannelName::Webhooks), verdict(ChannelName::Mail)), (webhook, mail), "{status}");
        }
    }

    #[test]
    fn network_errors_are_retried_except_for_a_forbidden_address() {
        for (error, channel) in DeliveryError::ALL.iter().flat_map(|e| ChannelName::ALL.iter().map(move |c| (*e, *c))) {
            let settled = |attempts| AttemptOutcome::Failed(error).settle(channel, attempts, 0, now());
            let first = if error == DeliveryError::NotPublic { Settled::Dead } else { Settled::Retried(now().plus(2)) };
            assert_eq!((settled(1), settled(MAX_RETRIES + 1)), (first, Settled::Dead), "{error}");
        }
    }

    #[test]
    fn retry_after_is_a_minimum_with_an_upper_limit() {
        let wait = |seconds| {
            let outcome = AttemptOutcome::Answered { status: 429, retry_after: Some(seconds) };
            match outcome.settle(ChannelName::Webhooks, 1, MIDDLE, now()) {
                Settled::Retried(at) => at.second() - now().second(),
                settled => panic!("{settled:?}"),
            }
        };
        assert_eq!((wait(0), wait(120), wait(i64::MAX), wait(-5)), (2, 121, MAX_BACKOFF + 1, 2));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(retry_after("120", now()), Some(120));
        assert_eq!(retry_after("Sun, 15 Jun 2025 15:08:40 GMT", now()), Some(120));
        assert_eq!(retry_after("Sun, 15 Jun 2025 15:00:00 GMT", now()), Some(0));
        assert_eq!(retry_after("99999999999999999999", now()), Some(i64::MAX));
        for text in ["", "soon", "-1", "1.5", "+3"] {
            assert_eq!(retry_after(text, now()), None, "{text:?}");
        }
    }

    #[test]
    fn control_characters_of_a_response_are_replaced() {
        assert_eq!(readable(b"ok\x1b[2J\n\xff"), "ok\u{fffd}[2J\n\u{fffd}");
    }
}
