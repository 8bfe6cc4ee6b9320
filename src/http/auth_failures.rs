//! Limit on failed tokens per client address, which slows guessing. A token that was valid lately passes in any case.
//!
//! Memory is constant, and nothing takes a lock: addresses and tokens are slots of tables of atomics, found by a keyed
//! hash that no client can predict.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::client_address::network;
use super::refusal::Refusal;
use crate::model::rate::Rate;

/// Number of slots of each table of addresses. Addresses that share a slot in both tables share their limit.
const ADDRESS_SLOTS: usize = 1 << 15;
/// Number of slots for valid tokens. A token takes the slot of an older one.
const TOKEN_SLOTS: usize = 1 << 16;
/// Number of minutes for which a token counts as valid lately.
const VALID_MINUTES: u16 = 60;
/// Age in minutes above which the time of a valid token is written again.
const REFRESH_MINUTES: u16 = 10;
/// Bits of a token's slot that hold the minute of its last success; the others are bits of its hash.
const MINUTE_BITS: u64 = 0xffff;
const MICROSECONDS: u64 = 1_000_000;

/// Counts failed tokens per client address.
pub(super) struct AuthFailures {
    started: Instant,
    hashers: [RandomState; 2],
    /// For each address, the time in µs since the start at which no failure counts any more (generic cell rate
    /// algorithm).
    addresses: [Box<[AtomicU64]>; 2],
    tokens: Box<[AtomicU64]>,
    /// Time in which one failure is forgotten, in µs.
    interval: u64,
    /// Time in which all failures of a full limit are forgotten, in µs.
    burst: u64,
}

/// Attempt to authenticate. An attempt by a token that was not valid lately counts as failed until it succeeds, so that
/// concurrent and aborted attempts count.
#[must_use]
pub(super) struct Attempt<'a> {
    failures: &'a AuthFailures,
    client: IpAddr,
    /// Hash of the token.
    token: u64,
    is_counted: bool,
}

impl AuthFailures {
    /// Creates a limit with this rate for each address.
    pub(super) fn new(rate: Rate) -> Self {
        let slots = |number| (0..number).map(|_| AtomicU64::new(0)).collect();
        let period = u64::from(rate.period) * MICROSECONDS;
        let interval = (period / u64::from(rate.amount.max(1))).max(1);
        Self {
            started: Instant::now(),
            hashers: [RandomState::new(), RandomState::new()],
            addresses: [slots(ADDRESS_SLOTS), slots(ADDRESS_SLOTS)],
            tokens: slots(TOKEN_SLOTS),
            interval,
            burst: interval * u64::from(rate.amount.max(1)),
        }
    }

    /// Begins an attempt, or returns the refusal with the time to wait. A client without an address shares the limit of
    /// all such clients.
    pub(super) fn begin(&self, client: Option<IpAddr>, token: &str) -> Result<Attempt<'_>, Refusal> {
        let client = network(client.unwrap_or(IpAddr::from([0; 4])));
        let token = self.hashers[0].hash_one(token);
        let is_valid_lately = self.age(token).is_some_and(|minutes| minutes < VALID_MINUTES);
        if !is_valid_lately {
            self.count(client).map_err(|seconds| Refusal::AuthFailures { seconds })?;
        }
        Ok(Attempt { failures: self, client, token, is_counted: !is_valid_lately })
    }

    /// Counts a failure, or returns the seconds until the limit allows another.
    fn count(&self, client: IpAddr) -> Result<(), u64> {
        let now = self.now();
        let waits = self.address_slots(client).map(|slot| {
            let mut wait = 0;
            let add = |full: u64| {
                let next = full.max(now) + self.interval;
                wait = next.saturating_sub(now + self.burst);
                (wait == 0).then_some(next)
            };
            let _ = slot.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
            wait
        });
        let wait = waits[0].min(waits[1]);
        if wait == 0 { Ok(()) } else { Err(wait.div_ceil(MICROSECONDS)) }
    }

    /// Takes a counted failure back.
    fn uncount(&self, client: IpAddr) {
        for slot in self.address_slots(client) {
            let subtract = |full: u64| Some(full.saturating_sub(self.interval));
            let _ = slot.fetch_update(Ordering::Relaxed, Ordering::Relaxed, subtract);
        }
    }

    fn address_slots(&self, client: IpAddr) -> [&AtomicU64; 2] {
        [0, 1].map(|table| &self.addresses[table][index(self.hashers[table].hash_one(client), ADDRESS_SLOTS)])
    }

    /// Returns the minutes since the token was last known to be valid, if the table has it.
    fn age(&self, token: u64) -> Option<u16> {
        let stored = self.tokens[index(token, TOKEN_SLOTS)].load(Ordering::Relaxed);
        let is_same = stored != 0 && stored & !MINUTE_BITS == token & !MINUTE_BITS;
        is_same.then(|| self.minute().wrapping_sub((stored & MINUTE_BITS) as u16))
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX / 2)
    }

    /// Returns the minute since the start, at least 1, modulo 2^16.
    fn minute(&self) -> u16 {
        ((self.now() / MICROSECONDS / 60 + 1) & MINUTE_BITS) as u16
    }
}

impl Attempt<'_> {
    /// Records that the token is valid.
    pub(super) fn succeed(self) {
        if self.is_counted {
            self.failures.uncount(self.client);
        }
        // Most requests find a recent time, and write nothing to memory that threads share.
        if self.failures.age(self.token).is_none_or(|minutes| minutes >= REFRESH_MINUTES) {
            let entry = self.token & !MINUTE_BITS | u64::from(self.failures.minute());
            self.failures.tokens[index(self.token, TOKEN_SLOTS)].store(entry, Ordering::Relaxed);
        }
    }

    /// Records that the token is invalid.
    pub(super) fn fail(self) {
        if !self.is_counted {
            self.failures.tokens[index(self.token, TOKEN_SLOTS)].store(0, Ordering::Relaxed);
            let _ = self.failures.count(self.client);
        }
    }

    /// Records that the token could not be checked.
    pub(super) fn abandon(self) {
        if self.is_counted {
            self.failures.uncount(self.client);
        }
    }
}

/// Returns the slot of a hash, by its low bits.
#[expect(clippy::cast_possible_truncation, reason = "the remainder is below the number of slots")]
fn index(hash: u64, slots: usize) -> usize {
    (hash % slots as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit() -> AuthFailures {
        AuthFailures::new(Rate { amount: 3, period: 3_600 })
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// Returns the number of attempts that are admitted before the first refusal.
    fn admitted(failures: &AuthFailures, client: IpAddr) -> usize {
        (0..10)
            .take_while(|guess| failures.begin(Some(client), &format!("guess {guess}")).map(Attempt::fail).is_ok())
            .count()
    }

    #[test]
    fn failures_count_by_address_and_by_network() {
        let failures = limit();
        assert_eq!(admitted(&failures, address("192.0.2.1")), 3);
        assert_eq!(admitted(&failures, address("::ffff:192.0.2.1")), 0);
        assert_eq!(admitted(&failures, address("192.0.2.2")), 3);
        assert_eq!(admitted(&failures, address("2001:db8::1")), 3);
        assert_eq!(admitted(&failures, address("2001:db8::ffff:1")), 0);
        assert_eq!(admitted(&failures, address("2001:db8:0:1::1")), 3);
    }

    #[test]
    fn only_failures_count() {
        let failures = limit();
        let client = address("192.0.2.1");
        for token in 0..100 {
            failures.begin(Some(client), &format!("token {token}")).map(Attempt::succeed).unwrap();
            failures.begin(Some(client), &format!("other {token}")).map(Attempt::abandon).unwrap();
        }
        assert_eq!(admitted(&failures, client), 3);
    }

    #[test]
    fn an_attempt_counts_while_it_is_in_progress() {
        let failures = limit();
        let attempts: Vec<_> = (0..10).map(|guess| failures.begin(None, &format!("guess {guess}"))).collect();
        assert_eq!(attempts.iter().filter(|attempt| attempt.is_ok()).count(), 3);
    }

    #[test]
    fn a_token_that_was_valid_lately_passes_until_it_fails() {
        let failures = limit();
        let client = address("192.0.2.1");
        failures.begin(Some(client), "good").map(Attempt::succeed).unwrap();
        assert_eq!(admitted(&failures, client), 3);
        failures.begin(Some(client), "good").map(Attempt::succeed).unwrap();
        failures.begin(Some(client), "good").map(Attempt::fail).unwrap();
        assert!(matches!(failures.begin(Some(client), "good"), Err(Refusal::AuthFailures { seconds: 1.. })));
    }
}
