//! Deliveries of every channel, as a use case asks a store for them.

#![expect(clippy::missing_errors_doc, reason = "each fails with the store's own errors")]

use crate::model::delivery::{
    Attempt, ChannelName, Delivery, DeliveryFilter, DeliveryKey, Mail, Queue, Queued, QueuedEvent, Settled,
    WebhookEvent,
};
use crate::model::mail::MailContent;
use crate::model::pagination::PageRequest;
use crate::model::webhook::MessageIdPrefix;
use crate::model::{CustomerId, DeliveryId, Error, NotificationId, Timestamp, WebhookId};

/// Deliveries of every channel.
pub trait Deliveries {
    /// The queues of a channel in which something waits, each with the instant at which its next is due: of a webhook that
    /// gets its events the first that waits, of the mails the earliest. Events and notifications that were not looked at
    /// yet are due now.
    fn pending(&mut self, channel: ChannelName, now: Timestamp) -> Result<Vec<(Queue, Timestamp)>, Error>;
    /// Looks at the next events or notifications, at most so many, and queues those that the queue is for. False where
    /// there was nothing to look at.
    ///
    /// # Errors
    /// [`Error::Changed`] where another looked at them meanwhile.
    fn enqueue(&mut self, queue: Queue, most: u32, now: Timestamp) -> Result<bool, Error>;
    /// Of the deliveries that wait for a webhook, the one of the earliest event.
    fn next_event(&mut self, webhook: WebhookId) -> Result<Option<QueuedEvent>, Error>;
    /// The mail that has been due for longest.
    fn next_mail(&mut self, now: Timestamp) -> Result<Option<Queued<MailContent>>, Error>;
    /// Makes mails due that a wrong clock put off for longer than any wait, and says how many.
    fn expedite_mails(&mut self, now: Timestamp) -> Result<usize, Error>;
    /// Keeps an attempt after so many before it. False where the delivery no longer waits, or was tried since.
    fn record(&mut self, key: DeliveryKey, attempts: u32, attempt: &Attempt, settled: Settled) -> Result<bool, Error>;
    /// Lets a delivery be tried now, after so many attempts in place of those it `had`.
    ///
    /// # Errors
    /// [`Error::Changed`] where it was tried meanwhile.
    fn requeue(&mut self, key: DeliveryKey, had: u32, attempts: u32, now: Timestamp) -> Result<(), Error>;
    /// A webhook's delivery.
    fn event(&mut self, id: DeliveryId) -> Result<Option<Delivery<WebhookEvent>>, Error>;
    /// The mail that brings a notification.
    fn mail(&mut self, id: NotificationId) -> Result<Option<Delivery<Mail>>, Error>;
    /// Webhooks' deliveries, newest first: ids below `ask.after.id`, one more than the limit, where there is one.
    fn events(
        &mut self,
        filter: DeliveryFilter<WebhookId>,
        ask: PageRequest,
    ) -> Result<Vec<Delivery<WebhookEvent>>, Error>;
    /// Mails, newest first, in the same way.
    fn mails(&mut self, filter: DeliveryFilter<CustomerId>, ask: PageRequest) -> Result<Vec<Delivery<Mail>>, Error>;
    /// True while mail is on.
    fn mail_is_on(&mut self) -> Result<bool, Error>;
    /// Switches mail on for the notifications from now on, unless it is on; a store's first tag stays its own.
    fn switch_mail_on(&mut self, tag: &MessageIdPrefix) -> Result<(), Error>;
    /// Switches mail off.
    fn switch_mail_off(&mut self) -> Result<(), Error>;
}
