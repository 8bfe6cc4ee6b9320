//! Trait of a delivery channel, and the context that its queues share.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::metrics::Deliveries;
use crate::model::delivery::{Attempt, ChannelName, Queue, Queued, Settled};
use crate::model::{Error, Timestamp};
use crate::store::{Store, Unit};

/// Pause after an error of the store.
pub(super) const RETRY_DELAY: Duration = Duration::from_secs(1);

/// Delivery channel: webhooks or mail.
pub trait Channel: Send + Sync + Sized + 'static {
    /// Name of the channel.
    const NAME: ChannelName;
    /// True if a worker holds the lease while no delivery is pending, so that other servers know that the channel is in
    /// use.
    const HOLDS_LEASE_WHEN_IDLE: bool;
    /// Content of one delivery.
    type Payload: Clone + Send + Sync;
    /// State kept between the deliveries of a queue, such as a connection.
    type Session: Default + Send;

    /// Returns the delivery that is due in a queue, if `holder` holds the lease.
    ///
    /// # Errors
    /// Errors of the store.
    fn next(
        unit: &mut dyn Unit,
        holder: &str,
        queue: Queue,
        now: Timestamp,
    ) -> Result<Option<Queued<Self::Payload>>, Error>;

    /// Sends a payload once.
    fn send(&self, session: &mut Self::Session, payload: &Self::Payload) -> impl Future<Output = Attempt> + Send;

    /// Closes the session of a queue in which no delivery is due any more.
    fn close(session: Self::Session) -> impl Future<Output = ()> + Send;

    /// Logs the result of an attempt; `settled` is `None` if the delivery was settled meanwhile.
    fn log(delivery: &Queued<Self::Payload>, attempt: &Attempt, settled: Option<Settled>);
}

/// Context that the queues of a channel share.
pub struct WorkerContext<C> {
    pub(super) store: Store,
    pub(super) channel: C,
    pub(super) clock: fn() -> Timestamp,
    /// Name of this worker in the lease.
    pub(super) holder: String,
    /// Counters of attempts, if the server collects metrics.
    pub(super) counts: Option<Arc<Deliveries>>,
    pub(super) stop: watch::Receiver<bool>,
}

impl<C> WorkerContext<C> {
    pub(super) fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }
}
