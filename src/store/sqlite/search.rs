//! Words in descriptions: the SQL functions `mentions` and `grams`, and what is asked of the index of grams.

use std::convert::Infallible;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;

use super::sql;
use super::unit::SqliteUnit;
use crate::model::search::{self, SearchQuery};
use crate::model::{Error, TicketId};

/// New tickets that wait to be put into the index together: many at once cost a fraction of one at a time.
const INDEX_BATCH: i64 = 128;
/// Pages of the index that are merged with each batch: a little more than a batch comes to once it was merged for good, so
/// that no commit pays for those before it.
const MERGE_PAGES: i64 = 16;
/// Grams that are looked up; what further ones would tell is seen in the descriptions.
const MAX_GRAMS: usize = 32;

/// Lets the connection's statements call `mentions(description, words)`, the rank of a description, 0 where it lacks a
/// word; and `grams(description)`, what the index holds of one.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("mentions", 2, flags, |context| {
        let words = parse_query(context)?;
        let description = context.get_raw(0).as_str()?;
        Ok(words.as_ref().as_ref().map_or(0, |words| words.rank(description)))
    })?;
    connection.create_scalar_function("grams", 1, flags, |context| Ok(search::grams(context.get_raw(0).as_str()?)))
}

/// The words of the second argument, read once for a statement.
fn parse_query(context: &Context<'_>) -> rusqlite::Result<Arc<Option<SearchQuery>>> {
    context.get_or_create_aux(1, |value: ValueRef<'_>| {
        Ok::<_, Infallible>(value.as_str().ok().and_then(SearchQuery::parse))
    })
}

/// Every gram of the words, as the index is asked for them. Each is quoted, and none holds a quote.
pub(super) fn match_expression(words: &SearchQuery) -> String {
    let quoted = |(gram, begins): &(String, bool)| format!("\"{gram}\"{}", if *begins { " *" } else { "" });
    words.grams().iter().take(MAX_GRAMS).map(quoted).collect::<Vec<_>>().join(" AND ")
}

impl SqliteUnit<'_> {
    /// Sees to the words of a ticket that was opened, whose id is the highest.
    pub(super) fn index_new_ticket(&self, ticket: TicketId) -> Result<(), Error> {
        if ticket.get() % INDEX_BATCH == 0 { self.index_loaded_ticket(ticket) } else { Ok(()) }
    }

    /// Sees to the words of a ticket that came with its id: new ones wait for each other, an old one goes in by itself.
    pub(super) fn index_loaded_ticket(&self, ticket: TicketId) -> Result<(), Error> {
        let (id, end) =
            (ticket.get(), self.query_optional(sql!("tickets/grams_position"), [], |row| row.get(0))?.unwrap_or(0));
        if id <= end {
            self.execute(sql!("tickets/index_grams"), [id - 1, id])?;
        } else if id - end >= INDEX_BATCH {
            self.execute(sql!("tickets/index_grams"), [end, id])?;
            self.execute(sql!("tickets/move_grams_position"), [id])?;
            self.execute(sql!("tickets/merge_grams"), [MERGE_PAGES])?;
        }
        Ok(())
    }
}
