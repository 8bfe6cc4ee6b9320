//! Switches mail on and off.

use crate::model::Error;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::webhook::MessageIdPrefix;
use crate::store::Unit;

/// Whether mail is on.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn mail_is_on(unit: &mut dyn Unit, caller: &Caller) -> Result<bool, Error> {
    caller.require(Permission::DeliverMessages)?;
    unit.deliveries().mail_is_on()
}

/// Switches mail on for the notifications from now on, unless it is on already. A store without a tag gets this one.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn switch_on(unit: &mut dyn Unit, caller: &Caller, tag: &MessageIdPrefix) -> Result<(), Error> {
    caller.require(Permission::DeliverMessages)?;
    unit.deliveries().switch_mail_on(tag)
}

/// Switches mail off, so that no notification from now on becomes a mail.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn switch_off(unit: &mut dyn Unit, caller: &Caller) -> Result<(), Error> {
    caller.require(Permission::DeliverMessages)?;
    unit.deliveries().switch_mail_off()
}
