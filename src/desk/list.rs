//! Lists tickets for agents.

use crate::model::Error;
use crate::model::pagination::{Page, PageRequest, TicketFilter};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::ticket::TicketDetails;
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ListTickets;

/// Returns the tickets that match the filter, in the order that the page requests.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::Invalid`] for an order by rank without a search.
pub fn list(
    unit: &mut dyn Unit,
    caller: &Caller,
    filter: &TicketFilter,
    page: PageRequest,
) -> Result<Page<TicketDetails>, Error> {
    caller.require(REQUIRES)?;
    filter.check_sort(page.after.sort)?;
    let rows = unit.tickets().list(filter, page)?;
    let page = Page::from_rows(rows, page.limit, |(cursor, _)| *cursor);
    Ok(Page { rows: page.rows.into_iter().map(|(_, details)| details).collect(), next: page.next })
}
