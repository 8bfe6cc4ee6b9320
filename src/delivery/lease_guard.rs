//! The lease as a worker sees it, by clocks that only run forward.
//!
//! A holder raises its heartbeat while something waits in its channel, and an idle one only when it is asked. Others watch it
//! for as long as something waits: a heartbeat that stands still then is that of a dead holder.

use std::time::{Duration, Instant};

use crate::model::delivery::ChannelName;
use crate::model::{Error, Timestamp};
use crate::store::{Lease, Store};

/// Interval of the holder's heartbeats.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(2);
/// Time for which the holder may believe that it still is, from the beginning of its last heartbeat.
const SURE: Duration = Duration::from_secs(4);
/// Time for which a heartbeat must have stood still before another takes over.
pub(super) const SILENCE: Duration = Duration::from_secs(6);

/// A worker's view of its channel's lease.
pub(super) struct LeaseGuard {
    channel: ChannelName,
    holder: String,
    /// The beginning of its last heartbeat, while it holds the lease.
    renewed: Option<Instant>,
    /// Another's lease as it was seen last, and since when it has stood so.
    seen: Option<(Lease, Instant)>,
}

impl LeaseGuard {
    /// The guard of a worker that does not hold the lease yet.
    pub(super) const fn new(channel: ChannelName, holder: String) -> Self {
        Self { channel, holder, renewed: None, seen: None }
    }

    /// True while it holds the lease, as far as it knows.
    pub(super) const fn was_held(&self) -> bool {
        self.renewed.is_some()
    }

    /// Takes, renews or watches the lease, which was read just now, while something waits; true while the channel is this
    /// worker's.
    pub(super) async fn hold(&mut self, store: &Store, lease: Option<Lease>, now: Timestamp) -> Result<bool, Error> {
        match lease {
            Some(lease) if lease.holder == self.holder => {
                if lease.challenged || self.renewed.is_none_or(|renewed| renewed.elapsed() >= HEARTBEAT) {
                    self.renew(store, now).await?;
                }
            }
            Some(lease) => {
                self.renewed = None;
                if self.is_silent(&lease) {
                    self.take(store, Some(lease), now).await?;
                }
            }
            None => self.take(store, None, now).await?,
        }
        Ok(self.renewed.is_some_and(|renewed| renewed.elapsed() < SURE))
    }

    /// True where a lease that is held while nothing waits too is vacant, or its holder is asked and may be dead.
    pub(super) fn is_wanted(&self, lease: Option<&Lease>) -> bool {
        lease.is_none_or(|lease| lease.holder != self.holder && lease.challenged)
    }

    /// Answers whoever asks, while nothing waits. Whoever was watched then may be silent.
    pub(super) async fn rest(&mut self, store: &Store, lease: Option<Lease>, now: Timestamp) -> Result<(), Error> {
        self.seen = None;
        match lease {
            Some(lease) if lease.holder == self.holder && lease.challenged => self.renew(store, now).await,
            Some(_) | None => Ok(()),
        }
    }

    /// Time until it has to be looked at again while something waits.
    pub(super) fn interval(&self) -> Duration {
        match &self.seen {
            Some((_, since)) => SILENCE.saturating_sub(since.elapsed()),
            None => HEARTBEAT,
        }
    }

    /// True where the holder's heartbeat has stood still for too long.
    fn is_silent(&mut self, lease: &Lease) -> bool {
        let same = |seen: &Lease| (&seen.holder, seen.heartbeat) == (&lease.holder, lease.heartbeat);
        match &self.seen {
            Some((seen, since)) if same(seen) => since.elapsed() >= SILENCE,
            _ => {
                self.seen = Some((lease.clone(), Instant::now()));
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

    async fn take(&mut self, store: &Store, seen: Option<Lease>, now: Timestamp) -> Result<(), Error> {
        let (began, channel, holder) = (Instant::now(), self.channel, self.holder.clone());
        let taken = store.write(move |unit| unit.leases().acquire(channel, &holder, seen.as_ref(), now)).await?;
        self.renewed = taken.then_some(began);
        self.seen = None;
        Ok(())
    }
}
