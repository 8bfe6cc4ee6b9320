//! Switches mail on and off.

use crate::model::Error;
use crate::model::webhook::Tag;
use crate::store::Unit;

/// Whether mail is on.
///
/// # Errors
/// Those of the store.
pub fn mail_is_on(unit: &mut dyn Unit) -> Result<bool, Error> {
    unit.deliveries().mail_is_on()
}

/// Switches mail on for the notifications from now on, unless it is on already. A store without a tag gets this one.
///
/// # Errors
/// Those of the store.
pub fn switch_on(unit: &mut dyn Unit, tag: &Tag) -> Result<(), Error> {
    unit.deliveries().switch_mail_on(tag)
}

/// Switches mail off, so that no notification from now on becomes a mail.
///
/// # Errors
/// Those of the store.
pub fn switch_off(unit: &mut dyn Unit) -> Result<(), Error> {
    unit.deliveries().switch_mail_off()
}
