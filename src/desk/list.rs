//! The agents' list.

use super::mine::place_of;
use crate::model::Error;
use crate::model::page::{Ask, Filter, Page};
use crate::model::person::{Caller, Permission};
use crate::model::ticket::Shown;
use crate::store::Unit;

/// The tickets that pass the filter, in the order that the page asks for.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn list(unit: &mut dyn Unit, caller: &Caller, filter: &Filter, ask: Ask) -> Result<Page<Shown>, Error> {
    caller.may(Permission::Track)?;
    let rows = unit.tickets().list(filter, ask)?;
    Ok(Page::cut(rows, ask.limit, |shown| place_of(shown, ask.after.sort)))
}
