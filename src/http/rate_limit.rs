//! Rate limit per principal: decides which requests get 429.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::refusal::Refusal;
use crate::model::principal::Principal;

/// Maximum number of requests per period and principal; all of them may come in one burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Number of requests, at least 1.
    pub requests: u32,
    /// Length of the period in seconds, at least 1.
    pub period: u32,
}

/// Number of tracked principals above which those at their full quota are removed.
const MAX_TRACKED_PRINCIPALS: usize = 10_000;

/// Counts requests per principal.
pub(super) struct Limiter {
    keyed: DefaultKeyedRateLimiter<Principal>,
    clock: DefaultClock,
}

impl Limiter {
    /// Creates a limiter with this rate for each principal.
    pub(super) fn new(rate: RateLimit) -> Self {
        let requests = NonZeroU32::new(rate.requests).unwrap_or(NonZeroU32::MIN);
        let each = (Duration::from_secs(rate.period.into()) / requests.get()).max(Duration::from_nanos(1));
        let quota = Quota::with_period(each).expect("a nanosecond or more is a period").allow_burst(requests);
        Self { keyed: RateLimiter::keyed(quota), clock: DefaultClock::default() }
    }

    /// Counts one request of this principal, or returns the refusal with the time to wait.
    pub(super) fn check(&self, principal: &Principal) -> Result<(), Refusal> {
        if self.keyed.len() > MAX_TRACKED_PRINCIPALS {
            self.keyed.retain_recent();
        }
        self.keyed.check_key(principal).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            Refusal::Rate { seconds: wait.as_secs() + u64::from(wait.subsec_nanos() > 0) }
        })
    }
}
