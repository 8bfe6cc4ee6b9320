//! Deliveries: events on their way to webhooks and notifications on their way to addresses, tried until they arrive.

mod attempt;
mod backoff;
mod progress;
mod queue;
mod state;

pub use attempt::{Attempt, DeliveryError, Outcome, Settled, Verdict, readable, retry_after};
pub use backoff::{BELIEVABLE, RETRIES};
pub use progress::DeliveryState;
pub use queue::{ChannelName, DeliveryKey, Queue, Queued, QueuedEvent, due};
pub use state::{Delivery, DeliveryFilter, Mail, WebhookEvent};
