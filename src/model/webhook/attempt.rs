//! How one attempt to deliver ended, and what follows from it: done, again later, or never.

use std::time::{Duration, UNIX_EPOCH};

use crate::model::kind::closed_list;
use crate::model::{Timestamp, backoff};

closed_list!(
    /// Why no answer came.
    Trouble {
        /// The host has no address.
        Unresolved = "unresolved",
        /// The host has an address that is not public, and the webhook was not added for one.
        NotPublic = "address_not_public",
        /// No connection could be made.
        Unreachable = "unreachable",
        /// The receiver's certificate is not good, or TLS failed otherwise.
        Tls = "tls",
        /// It took longer than it may.
        TimedOut = "timed_out",
        /// The connection broke, or what came was no HTTP.
        Broken = "broken",
    }
);

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// With an answer.
    Answered {
        /// Its status.
        status: u16,
        /// For how many seconds it asks to wait, where it does.
        retry_after: Option<i64>,
    },
    /// With none.
    Failed(Trouble),
}

/// What an attempt means for its delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is done.
    Delivered,
    /// It may be tried again.
    Again,
    /// It will never be taken.
    Dead,
    /// The receiver wants nothing more, ever.
    Gone,
}

impl Ended {
    /// What it means for the delivery: a receiver that is overloaded, restarting or out of reach may take it later; one
    /// that refuses it, or sends it elsewhere, will not.
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Answered { status: 200..=299, .. } => Verdict::Delivered,
            Self::Answered { status: 410, .. } => Verdict::Gone,
            Self::Answered { status: 408 | 429 | 500..=599, .. }
            | Self::Failed(
                Trouble::Unresolved | Trouble::Unreachable | Trouble::Tls | Trouble::TimedOut | Trouble::Broken,
            ) => Verdict::Again,
            Self::Answered { .. } | Self::Failed(Trouble::NotPublic) => Verdict::Dead,
        }
    }

    /// When to try again after so many attempts; none where there will be no other. `roll` is any number, for jitter.
    pub fn next(self, attempts: u32, roll: u32, now: Timestamp) -> Option<Timestamp> {
        if self.verdict() != Verdict::Again {
            return None;
        }
        let asked = match self {
            Self::Answered { retry_after, .. } => retry_after.unwrap_or(0),
            Self::Failed(_) => 0,
        };
        backoff::again(attempts, roll, asked, now)
    }
}

/// Reads `Retry-After`: seconds, or an HTTP date (RFC 9110, 10.2.3). Never negative.
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
    use crate::model::backoff::WAIT_MAX;

    const MIDDLE: u32 = u32::MAX / 2;

    fn now() -> Timestamp {
        Timestamp::from_second(1_750_000_000).unwrap()
    }

    fn answered(status: u16) -> Ended {
        Ended::Answered { status, retry_after: None }
    }

    #[test]
    fn every_status_has_its_meaning() {
        for status in 100..=999 {
            let expected = match status {
                200..=299 => Verdict::Delivered,
                410 => Verdict::Gone,
                408 | 429 | 500..=599 => Verdict::Again,
                _ => Verdict::Dead,
            };
            assert_eq!(answered(status).verdict(), expected, "{status}");
        }
    }

    #[test]
    fn network_faults_are_tried_again_and_a_refused_address_is_not() {
        for trouble in Trouble::ALL {
            let again = Ended::Failed(*trouble).verdict() == Verdict::Again;
            assert_eq!(again, *trouble != Trouble::NotPublic, "{trouble}");
        }
    }

    #[test]
    fn what_the_receiver_asks_for_is_the_least_within_bounds() {
        let next = |seconds| {
            let ended = Ended::Answered { status: 429, retry_after: Some(seconds) };
            ended.next(1, MIDDLE, now()).unwrap().second() - now().second()
        };
        assert_eq!(next(0), 2);
        assert_eq!(next(120), 121);
        assert_eq!(next(i64::MAX), WAIT_MAX + 1);
        assert_eq!(next(-5), 2);
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
}
