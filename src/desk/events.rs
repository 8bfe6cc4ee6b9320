//! Reads the events of the caller's own tickets, a page at a time.

use crate::model::Error;
use crate::model::event::PublishedEvent;
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::retention::RetentionClass;
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::TrackTicket;

/// Range of events that can be read: after `purged_through`, up to `newest`. Both are 0 before the first event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventRange {
    /// Number of the last purged event.
    pub purged_through: i64,
    /// Number of the newest event of any customer.
    pub newest: i64,
}

/// Page of the events after a number, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct EventPage {
    /// Events that concern the caller.
    pub events: Vec<PublishedEvent>,
    /// Number of the newest event of any customer.
    pub newest: i64,
}

/// Returns the range of events that can be read now.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn event_range(unit: &mut dyn Unit, caller: &Caller) -> Result<EventRange, Error> {
    caller.require(REQUIRES)?;
    Ok(EventRange {
        newest: unit.events().newest()?,
        purged_through: unit.retention().mark(RetentionClass::Events)?.through,
    })
}

/// Returns at most `limit` events after this number that concern the caller, who must be a customer.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::WrongRole`] if the caller is not a customer; [`Error::EventsGone`] if events
/// after this number were purged.
pub fn events_after(unit: &mut dyn Unit, caller: &Caller, after: i64, limit: u32) -> Result<EventPage, Error> {
    caller.require(REQUIRES)?;
    let customer = caller.principal().customer()?;
    let EventRange { purged_through, newest } = event_range(unit, caller)?;
    if after < purged_through {
        return Err(Error::EventsGone { through: purged_through });
    }
    Ok(EventPage { newest, events: unit.events().of_customer(customer, after, limit)? })
}
