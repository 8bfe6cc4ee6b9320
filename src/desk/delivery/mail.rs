//! Switches mail on and off.

use crate::model::Error;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::webhook::MessageIdPrefix;
use crate::store::Unit;

/// Returns true if mail is on.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn mail_is_on(unit: &mut dyn Unit, caller: &Caller) -> Result<bool, Error> {
    caller.require(Permission::DeliverMessages)?;
    unit.deliveries().mail_is_on()
}

/// Switches mail on for new notifications. Has no effect if mail is on already. A store without a message id prefix
/// stores this one.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn switch_on(unit: &mut dyn Unit, caller: &Caller, prefix: &MessageIdPrefix) -> Result<(), Error> {
    caller.require(Permission::DeliverMessages)?;
    unit.deliveries().switch_mail_on(prefix)
}

/// Switches mail off: new notifications are not mailed.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn switch_off(unit: &mut dyn Unit, caller: &Caller) -> Result<(), Error> {
    caller.require(Permission::DeliverMessages)?;
    unit.deliveries().switch_mail_off()
}
