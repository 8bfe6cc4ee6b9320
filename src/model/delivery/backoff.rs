//! Delays between delivery attempts: exponential with jitter, for three days.

use crate::model::Timestamp;

/// Maximum delay between two attempts before jitter, in seconds: 6 hours. It also caps `Retry-After`.
pub(super) const MAX_BACKOFF: i64 = 6 * 3_600;
/// Number of retries before a delivery fails permanently: 3 days in total (see the test below).
pub const MAX_RETRIES: u32 = 26;
/// Maximum delay that the queue accepts, in seconds: more than the maximum delay with jitter. A later due time was
/// written by a wrong clock.
pub const MAX_DUE_DELAY: i64 = 8 * 3_600;

/// Returns the time of the next attempt, not earlier than `retry_after` seconds from now; none after the last attempt.
/// `random` is a random number for jitter.
pub(super) fn next_attempt(attempts: u32, random: u32, retry_after: i64, now: Timestamp) -> Option<Timestamp> {
    // One second is added because `now` is rounded down and the requested delay is a minimum.
    (attempts <= MAX_RETRIES).then(|| now.plus(backoff(attempts, random).max(retry_after.clamp(0, MAX_BACKOFF)) + 1))
}

/// Returns the delay after a number of attempts, from 1, in seconds: 1, 2, 4 … up to 6 hours, ±25 % jitter.
fn backoff(attempts: u32, random: u32) -> i64 {
    let doubled = 1_i64.checked_shl(attempts.saturating_sub(1)).filter(|seconds| *seconds > 0);
    let base = doubled.map_or(MAX_BACKOFF, |seconds| seconds.min(MAX_BACKOFF));
    let quarter = base / 4;
    base - quarter + 2 * quarter * i64::from(random) / i64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::timestamp::DAY;

    const MIDDLE: u32 = u32::MAX / 2;

    #[test]
    fn delays_double_up_to_six_hours_and_last_three_days_in_total() {
        let waits: Vec<i64> = (1..=MAX_RETRIES).map(|attempts| backoff(attempts, MIDDLE)).collect();
        assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]), "{waits:?}");
        assert!(waits.iter().all(|wait| *wait <= MAX_BACKOFF));
        let total: i64 = waits.iter().sum();
        assert!((3 * DAY..3 * DAY + MAX_BACKOFF).contains(&total), "{total}");
        let now = Timestamp::from_second(1_750_000_000).unwrap();
        assert!(next_attempt(MAX_RETRIES, 0, 0, now).is_some());
        assert_eq!(next_attempt(MAX_RETRIES + 1, 0, 0, now), None);
    }

    #[test]
    fn jitter_is_at_most_a_quarter_of_the_delay() {
        for attempts in 1..=100 {
            let (min, max) = (backoff(attempts, 0), backoff(attempts, u32::MAX));
            let base = 1_i64.checked_shl(attempts - 1).filter(|base| *base > 0).unwrap_or(MAX_BACKOFF).min(MAX_BACKOFF);
            assert!(min >= base * 3 / 4 && max <= base * 5 / 4, "{attempts}: {min} to {max}");
            assert!(min >= 1 && (base < 4 || min < max));
        }
    }
}
