//! How one attempt to deliver ended, and what follows from it: done, again later, or never.

use std::time::{Duration, UNIX_EPOCH};

use crate::model::Timestamp;
use crate::model::kind::closed_list;

/// The longest wait between two attempts before jitter, in seconds: 6 hours. A receiver that asks for a longer one is
/// tried after this all the same.
pub const WAIT_MAX: i64 = 6 * 3_600;
/// How many waits there are before a delivery is given up: together, 3 days (see the test below).
pub const WAITS: u32 = 26;

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
        if self.verdict() != Verdict::Again || attempts > WAITS {
            return None;
        }
        let asked = match self {
            Self::Answered { retry_after, .. } => retry_after.unwrap_or(0).clamp(0, WAIT_MAX),
            Self::Failed(_) => 0,
        };
        // A second more: `now` may be almost over, and what was asked for is the least.
        Some(now.plus(wait(attempts, roll).max(asked) + 1))
    }
}

/// The wait after so many attempts, from 1, in seconds: 1, 2, 4 … up to 6 hours, and up to a quarter less or more.
fn wait(attempts: u32, roll: u32) -> i64 {
    let doubled = 1_i64.checked_shl(attempts.saturating_sub(1)).filter(|seconds| *seconds > 0);
    let base = doubled.map_or(WAIT_MAX, |seconds| seconds.min(WAIT_MAX));
    let quarter = base / 4;
    base - quarter + 2 * quarter * i64::from(roll) / i64::from(u32::MAX)
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
    use crate::model::clock::DAY;

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
    fn the_waits_double_up_to_six_hours_and_last_three_days() {
        let waits: Vec<i64> = (1..=WAITS).map(|attempts| wait(attempts, MIDDLE)).collect();
        assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]), "{waits:?}");
        assert!(waits.iter().all(|wait| *wait <= WAIT_MAX));
        let total: i64 = waits.iter().sum();
        assert!((3 * DAY..3 * DAY + WAIT_MAX).contains(&total), "{total}");
        assert!(answered(500).next(WAITS, 0, now()).is_some());
        assert_eq!(answered(500).next(WAITS + 1, 0, now()), None);
    }

    #[test]
    fn jitter_is_a_quarter_either_way() {
        for attempts in 1..=100 {
            let (least, most) = (wait(attempts, 0), wait(attempts, u32::MAX));
            let base = 1_i64.checked_shl(attempts - 1).filter(|base| *base > 0).unwrap_or(WAIT_MAX).min(WAIT_MAX);
            assert!(least >= base * 3 / 4 && most <= base * 5 / 4, "{attempts}: {least} to {most}");
            assert!(least >= 1 && (base < 4 || least < most));
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
