//! Mails, as a use case asks a store for them.

#![expect(clippy::missing_errors_doc, reason = "each fails with the store's own faults")]

use crate::model::mail::Letter;
use crate::model::mail::attempt::Attempt;
use crate::model::mail::posted::{MailFilter, Posted};
use crate::model::page::Ask;
use crate::model::webhook::Tag;
use crate::model::webhook::delivery::DeliveryState;
use crate::model::{Error, NotificationId, Timestamp};

/// Mails, each of which brings a notification.
pub trait Mails {
    /// Switches mail on for the notifications from now on, unless it is on; a store's first tag stays its own.
    fn switch_on(&mut self, tag: &Tag) -> Result<(), Error>;
    /// Switches mail off.
    fn switch_off(&mut self) -> Result<(), Error>;
    /// Whether there is something to do; none while mail is off.
    fn work(&mut self, now: Timestamp) -> Result<Option<bool>, Error>;
    /// Looks at the next notifications, at most so many, and makes a mail of each whose customer has an address. False
    /// where there were none to look at.
    fn enlist(&mut self, most: u32, now: Timestamp) -> Result<bool, Error>;
    /// The mail that has been due for longest.
    fn next(&mut self, now: Timestamp) -> Result<Option<Letter>, Error>;
    /// Keeps an attempt after so many before it. False where the mail no longer waits, or was tried since.
    fn record(
        &mut self,
        id: NotificationId,
        attempts: u32,
        attempt: &Attempt,
        state: DeliveryState,
        due_at: Timestamp,
    ) -> Result<bool, Error>;
    /// Mails, newest first: one more than the limit where there are more.
    fn list(&mut self, filter: MailFilter, ask: Ask) -> Result<Vec<Posted>, Error>;
    /// The mail that brings a notification.
    fn get(&mut self, id: NotificationId) -> Result<Option<Posted>, Error>;
    /// Lets a mail be tried now: from the start where it had ended.
    fn requeue(&mut self, id: NotificationId, now: Timestamp) -> Result<(), Error>;
}
