//! Deliveries of every channel.

#![expect(
    clippy::missing_errors_doc,
    reason = "each method fails with the errors of the store; others are documented at the method"
)]

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
    /// Returns the channel's queues with work, each with the time at which its next delivery is due: for an enabled
    /// webhook that of its first waiting delivery, for mail the earliest. Events and notifications that are not queued
    /// yet are due now.
    fn pending(&mut self, channel: ChannelName, now: Timestamp) -> Result<Vec<(Queue, Timestamp)>, Error>;
    /// Reads the next events or notifications, at most `limit` of them, and creates deliveries for those that match the
    /// queue. Returns false if there were none to read.
    ///
    /// # Errors
    /// [`Error::Changed`] if another transaction has moved the queue's position since.
    fn enqueue(&mut self, queue: Queue, limit: u32, now: Timestamp) -> Result<bool, Error>;
    /// Returns the webhook's waiting delivery with the earliest event.
    fn next_event(&mut self, webhook: WebhookId) -> Result<Option<QueuedEvent>, Error>;
    /// Returns the mail with the earliest due time, if that is not after `now`.
    fn next_mail(&mut self, now: Timestamp) -> Result<Option<Queued<MailContent>>, Error>;
    /// Makes mails due whose due time is further ahead than any retry delay, because the clock was wrong. Returns their
    /// number.
    fn expedite_mails(&mut self, now: Timestamp) -> Result<usize, Error>;
    /// Stores an attempt, `attempts` being the number of attempts before it. Returns false if the delivery no longer
    /// waits or another attempt was stored since.
    fn record(&mut self, key: DeliveryKey, attempts: u32, attempt: &Attempt, settled: Settled) -> Result<bool, Error>;
    /// Makes a delivery due now and sets its number of attempts.
    ///
    /// # Errors
    /// [`Error::Changed`] if the number of attempts is not `attempts_before`.
    fn requeue(&mut self, key: DeliveryKey, attempts_before: u32, attempts: u32, now: Timestamp) -> Result<(), Error>;
    /// Returns the webhook delivery with this id, if any.
    fn event(&mut self, id: DeliveryId) -> Result<Option<Delivery<WebhookEvent>>, Error>;
    /// Returns the mail of a notification, if any.
    fn mail(&mut self, id: NotificationId) -> Result<Option<Delivery<Mail>>, Error>;
    /// Returns webhook deliveries that match the filter, newest first, with ids below `page.after.id`; at most
    /// `page.limit` + 1 of them.
    fn events(
        &mut self,
        filter: DeliveryFilter<WebhookId>,
        page: PageRequest,
    ) -> Result<Vec<Delivery<WebhookEvent>>, Error>;
    /// Returns mails that match the filter, newest first, with ids below `page.after.id`; at most `page.limit` + 1 of
    /// them.
    fn mails(&mut self, filter: DeliveryFilter<CustomerId>, page: PageRequest) -> Result<Vec<Delivery<Mail>>, Error>;
    /// Returns true if mail is on.
    fn mail_is_on(&mut self) -> Result<bool, Error>;
    /// Turns mail on for later notifications, unless it is on. The store keeps the first prefix that it was given.
    fn switch_mail_on(&mut self, prefix: &MessageIdPrefix) -> Result<(), Error>;
    /// Turns mail off.
    fn switch_mail_off(&mut self) -> Result<(), Error>;
}
