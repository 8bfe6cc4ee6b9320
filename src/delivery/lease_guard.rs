//! A worker's view of its channel's lease, by monotonic clocks.
//!
//! The holder renews its heartbeat while deliveries are pending; an idle holder renews it only when challenged. Other
//! workers observe the heartbeat while deliveries are pending and take over the lease of a holder whose heartbeat does
//! not change.

use std::time::{Duration, Instant};

use crate::model::delivery::ChannelName;
use crate::model::{Error, Timestamp};
use crate::store::{Lease, Store};

/// Interval between heartbeats of the holder.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(2);
/// Time from the start of its last heartbeat during which the holder may send.
const VALIDITY: Duration = Duration::from_secs(4);
/// Time without a heartbeat after which another worker takes over. Longer than `VALIDITY`, so that two workers never
/// send at once.
pub(super) const TAKEOVER_DELAY: Duration = Duration::from_secs(6);

pub(super) struct LeaseGuard {
    channel: ChannelName,
    holder: String,
    /// Start of the last successful heartbeat, while this worker holds the lease.
    renewed: Option<Instant>,
    /// Lease of another worker as last observed, and the time since which it has not changed.
    observed: Option<(Lease, Instant)>,
}

impl LeaseGuard {
    /// Creates the guard of a worker that does not hold the lease yet.
    pub(super) const fn new(channel: ChannelName, holder: String) -> Self {
        Self { channel, holder, renewed: None, observed: None }
    }

    /// Returns true if the worker acquired the lease and has not observed its loss.
    pub(super) const fn is_held(&self) -> bool {
        self.renewed.is_some()
    }

    /// Acquires, renews or observes the lease, which was read just now, while deliveries are pending. Returns true if
    /// this worker may send.
    pub(super) async fn hold(&mut self, store: &Store, lease: Option<Lease>, now: Timestamp) -> Result<bool, Error> {
        match lease {
            Some(lease) if lease.holder == self.holder => {
                if lease.challenged || self.renewed.is_none_or(|renewed| renewed.elapsed() >= HEARTBEAT) {
                    self.renew(store, now).await?;
                }
            }
            Some(lease) => {
                self.renewed = None;
                if self.is_holder_silent(&lease) {
                    self.acquire(store, Some(lease), now).await?;
                }
            }
            None => self.acquire(store, None, now).await?,
        }
        Ok(self.renewed.is_some_and(|renewed| renewed.elapsed() < VALIDITY))
    }

    /// Returns true if no worker holds the lease, or if another worker holds it and was challenged.
    pub(super) fn is_vacant_or_challenged(&self, lease: Option<&Lease>) -> bool {
        lease.is_none_or(|lease| lease.holder != self.holder && lease.challenged)
    }

    /// Renews the lease if it was challenged, while no delivery is pending. Forgets the observed lease, because an idle
    /// holder sends no heartbeats.
    pub(super) async fn renew_if_challenged(
        &mut self,
        store: &Store,
        lease: Option<Lease>,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.observed = None;
        match lease {
            Some(lease) if lease.holder == self.holder && lease.challenged => self.renew(store, now).await,
            Some(_) | None => Ok(()),
        }
    }

    /// Returns the time until the next call of [`Self::hold`], while deliveries are pending.
    pub(super) fn interval(&self) -> Duration {
        match &self.observed {
            Some((_, since)) => TAKEOVER_DELAY.saturating_sub(since.elapsed()),
            None => HEARTBEAT,
        }
    }

    /// Returns true if the holder has sent no heartbeat for [`TAKEOVER_DELAY`].
    fn is_holder_silent(&mut self, lease: &Lease) -> bool {
        let is_unchanged =
            |observed: &Lease| (&observed.holder, observed.heartbeat) == (&lease.holder, lease.heartbeat);
        match &self.observed {
            Some((observed, since)) if is_unchanged(observed) => since.elapsed() >= TAKEOVER_DELAY,
            _ => {
                self.observed = Some((lease.clone(), Instant::now()));
                false
            }
        }
    }

    async fn renew(&mut self, store: &Store, now: Timestamp) -> Result<(), Error> {
        let (began, channel, holder) = (Instant::now(), self.channel, self.holder.clone());
        let renewed = store.write(move |unit| unit.leases().renew(channel, &holder, now)).await?;
        self.renewed = renewed.then_some(began);
        Ok(())
    }

    async fn acquire(&mut self, store: &Store, observed: Option<Lease>, now: Timestamp) -> Result<(), Error> {
        let (began, channel, holder) = (Instant::now(), self.channel, self.holder.clone());
        let acquired = store.write(move |unit| unit.leases().acquire(channel, &holder, observed.as_ref(), now)).await?;
        self.renewed = acquired.then_some(began);
        self.observed = None;
        Ok(())
    }
}
