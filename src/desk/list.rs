//! The agents' list.

use crate::model::Error;
use crate::model::pagination::{Filter, Page, PageRequest};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::ticket::TicketDetails;
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ListTickets;

/// The tickets that pass the filter, in the order that the page asks for.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::Invalid`] for an order of ranks where nothing is searched for.
pub fn list(
    unit: &mut dyn Unit,
    caller: &Caller,
    filter: &Filter,
    ask: PageRequest,
) -> Result<Page<TicketDetails>, Error> {
    caller.require(REQUIRES)?;
    filter.takes(ask.after.sort)?;
    let rows = unit.tickets().list(filter, ask)?;
    let page = Page::from_rows(rows, ask.limit, |(place, _)| *place);
    Ok(Page { rows: page.rows.into_iter().map(|(_, details)| details).collect(), next: page.next })
}
