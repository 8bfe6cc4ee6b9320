//! How often a principal may ask.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::reply::Refusal;
use crate::model::principal::Principal;

/// So many requests in so long, for each principal; all of them may come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// How many, from 1.
    pub requests: u32,
    /// In how many seconds, from 1.
    pub period: u32,
}

/// How many principals are remembered before those who kept quiet are forgotten.
const REMEMBERED: usize = 10_000;

/// Counts each principal's requests.
pub(super) struct Limiter {
    keyed: DefaultKeyedRateLimiter<Principal>,
    clock: DefaultClock,
}

impl Limiter {
    /// Holds each principal to this rate.
    pub(super) fn new(rate: RateLimit) -> Self {
        let requests = NonZeroU32::new(rate.requests).unwrap_or(NonZeroU32::MIN);
        let each = (Duration::from_secs(rate.period.into()) / requests.get()).max(Duration::from_nanos(1));
        let quota = Quota::with_period(each).expect("a nanosecond or more is a period").allow_burst(requests);
        Self { keyed: RateLimiter::keyed(quota), clock: DefaultClock::default() }
    }

    /// Counts one request of this principal.
    pub(super) fn check(&self, principal: &Principal) -> Result<(), Refusal> {
        if self.keyed.len() > REMEMBERED {
            self.keyed.retain_recent();
        }
        self.keyed.check_key(principal).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            Refusal::Rate { seconds: wait.as_secs() + u64::from(wait.subsec_nanos() > 0) }
        })
    }
}
