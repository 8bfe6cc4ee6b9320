//! A channel, as its worker drives it, and the context that its queues share.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::metrics::Deliveries;
use crate::model::delivery::{Attempt, ChannelName, Queue, Queued, Settled};
use crate::model::{Error, Timestamp};
use crate::store::{Store, Unit};

/// Pause after the store failed.
pub(super) const BREATH: Duration = Duration::from_secs(1);

/// A way out of the desk.
pub trait Channel: Send + Sync + Sized + 'static {
    /// Its name.
    const NAME: ChannelName;
    /// True where the lease is held while nothing waits too: it tells other servers that the channel is in use.
    const HELD_IDLE: bool;
    /// The content of one delivery.
    type Payload: Clone + Send + Sync;
    /// State between the deliveries of a queue: a connection, say.
    type Session: Default + Send;

    /// The delivery that is due in a queue, for the holder of the lease.
    ///
    /// # Errors
    /// Those of the store.
    fn next(
        unit: &mut dyn Unit,
        holder: &str,
        queue: Queue,
        now: Timestamp,
    ) -> Result<Option<Queued<Self::Payload>>, Error>;

    /// Sends a payload once.
    fn send(&self, session: &mut Self::Session, payload: &Self::Payload) -> impl Future<Output = Attempt> + Send;

    /// Ends the session of a queue in which nothing is due any more.
    fn end(session: Self::Session) -> impl Future<Output = ()> + Send;

    /// Logs what became of a delivery; none where it was settled meanwhile.
    fn log(delivery: &Queued<Self::Payload>, attempt: &Attempt, settled: Option<Settled>);
}

/// Everything that the queues of a channel share.
pub struct WorkerContext<C> {
    pub(super) store: Store,
    pub(super) channel: C,
    pub(super) clock: fn() -> Timestamp,
    /// This worker's name in the lease.
    pub(super) holder: String,
    /// Counts what came of the attempts.
    pub(super) counts: Option<Arc<Deliveries>>,
    pub(super) stop: watch::Receiver<bool>,
}

impl<C> WorkerContext<C> {
    pub(super) fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }
}
