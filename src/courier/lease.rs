//! Whether an errand is this courier's to work off, by clocks that only run forward.

use std::time::{Duration, Instant};

use crate::desk::lease::{renew_lease, take_lease};
use crate::model::{Error, Timestamp};
use crate::store::{Errand, Lease, Store};

/// How often the holder shows that it lives.
const RENEWAL: Duration = Duration::from_secs(2);
/// How long the holder may believe that it still is, counted from the beginning of its last renewal.
const SURE: Duration = Duration::from_secs(4);
/// How long the holder must have been silent before another takes over.
pub(super) const SILENCE: Duration = Duration::from_secs(6);

/// What a courier knows about the lease.
pub(super) struct Tenure {
    errand: Errand,
    holder: String,
    /// Whether the log hears that the errand is worked off from here.
    told: bool,
    /// When its last renewal began, while it holds the lease.
    renewed: Option<Instant>,
    /// Another's lease as it was seen last, and since when it has stood so.
    seen: Option<(Lease, Instant)>,
}

impl Tenure {
    /// Of a courier that does not hold the lease yet.
    pub(super) const fn new(errand: Errand, holder: String) -> Self {
        Self { errand, holder, told: true, renewed: None, seen: None }
    }

    /// Of whoever takes the errand only to end it, and works nothing off.
    pub(super) fn to_end(errand: Errand, holder: String) -> Self {
        Self { told: false, ..Self::new(errand, holder) }
    }

    /// Whether it holds the lease, as far as it knows.
    pub(super) const fn was_held(&self) -> bool {
        self.renewed.is_some()
    }

    /// Takes, renews or watches the lease, which was read just now; true while the errand is this courier's.
    pub(super) async fn hold(&mut self, store: &Store, lease: Option<Lease>, now: Timestamp) -> Result<bool, Error> {
        let began = Instant::now();
        match lease {
            Some(lease) if lease.holder == self.holder => {
                if self.renewed.is_none_or(|renewed| renewed.elapsed() >= RENEWAL) {
                    let (errand, holder) = (self.errand, self.holder.clone());
                    let renewed = store.write(move |unit| renew_lease(unit, errand, &holder, now)).await?;
                    self.renewed = renewed.then_some(began);
                }
            }
            Some(lease) => {
                self.renewed = None;
                if self.is_silent(&lease) && self.take(store, Some(lease), now).await? {
                    self.renewed = Some(began);
                }
            }
            None => self.renewed = self.take(store, None, now).await?.then_some(began),
        }
        Ok(self.renewed.is_some_and(|renewed| renewed.elapsed() < SURE))
    }

    /// Whether the holder has given no other number for too long.
    fn is_silent(&mut self, lease: &Lease) -> bool {
        match &self.seen {
            Some((seen, since)) if seen == lease => since.elapsed() >= SILENCE,
            _ => {
                self.seen = Some((lease.clone(), Instant::now()));
                false
            }
        }
    }

    async fn take(&mut self, store: &Store, seen: Option<Lease>, now: Timestamp) -> Result<bool, Error> {
        let (errand, holder) = (self.errand, self.holder.clone());
        let taken = store.write(move |unit| take_lease(unit, errand, &holder, seen.as_ref(), now)).await?;
        if taken {
            match self.errand {
                Errand::Webhooks if self.told => tracing::info!("webhooks are delivered from here"),
                Errand::Mail if self.told => tracing::info!("mail is sent from here"),
                Errand::Webhooks | Errand::Mail => {}
            }
            self.seen = None;
        }
        Ok(taken)
    }
}
