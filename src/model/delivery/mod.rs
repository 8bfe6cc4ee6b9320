//! Deliveries of events to webhooks and of notifications by mail, retried until they succeed or fail permanently.

mod attempt;
mod backoff;
mod progress;
mod queue;
mod state;

pub use attempt::{Attempt, AttemptOutcome, DeliveryError, Settled, Verdict, readable, retry_after};
pub use backoff::{MAX_DUE_DELAY, MAX_RETRIES};
pub use progress::DeliveryState;
pub use queue::{ChannelName, DeliveryKey, Queue, Queued, QueuedEvent, due};
pub use state::{Delivery, DeliveryFilter, Mail, WebhookEvent};
