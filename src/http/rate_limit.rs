//! Rate limit per principal: decides which requests get 429.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::refusal::Refusal;
use crate::model::CustomerId;
use crate::model::rate::Rate;

/// Number of tracked customers above which those at their full quota are removed.
const MAX_TRACKED_CUSTOMERS: usize = 10_000;

/// Counts requests per customer.
pub(super) struct Limiter {
    keyed: DefaultKeyedRateLimiter<CustomerId>,
    clock: DefaultClock,
}

impl Limiter {
    /// Creates a limiter with this rate for each customer.
    pub(super) fn new(rate: Rate) -> Self {
        let requests = NonZeroU32::new(rate.amount).unwrap_or(NonZeroU32::MIN);
        let each = (Duration::from_secs(rate.period.into()) / requests.get()).max(Duration::from_nanos(1));
        let quota = Quota::with_period(each).expect("a nanosecond or more is a period").allow_burst(requests);
        Self { keyed: RateLimiter::keyed(quota), clock: DefaultClock::default() }
    }

    /// Counts one request of this customer, or returns the refusal with the time to wait.
    pub(super) fn check(&self, customer: CustomerId) -> Result<(), Refusal> {
        if self.keyed.len() > MAX_TRACKED_CUSTOMERS {
            self.keyed.retain_recent();
        }
        self.keyed.check_key(&customer).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            Refusal::Rate { seconds: wait.as_secs() + u64::from(wait.subsec_nanos() > 0) }
        })
    }
}
