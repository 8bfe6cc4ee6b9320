//! Full-text search: the SQL functions `mentions` and `grams`, and the FTS5 index of grams.

use std::convert::Infallible;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;

use super::sql;
use super::unit::SqliteUnit;
use crate::model::search::{self, SearchQuery};
use crate::model::{Error, TicketId};

/// Number of new tickets that are indexed together, which costs a fraction of as many single inserts.
const INDEX_BATCH: i64 = 128;
/// Maximum number of index pages that are merged with each batch: slightly more than a batch adds, so that merges keep
/// up and no commit pays for others.
const MERGE_PAGES: i64 = 16;
/// Maximum number of grams in a query; the descriptions of its matches are checked for all words.
const MAX_GRAMS: usize = 32;

/// Registers the SQL functions `mentions(description, words)`, the rank of a description or 0 if it lacks a word, and
/// `grams(description)`, its text for the index.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("mentions", 2, flags, |context| {
        let words = parse_query(context)?;
        let description = context.get_raw(0).as_str()?;
        Ok(words.as_ref().as_ref().map_or(0, |words| words.rank(description)))
    })?;
    connection.create_scalar_function("grams", 1, flags, |context| Ok(search::grams(context.get_raw(0).as_str()?)))
}

/// Parses the search words of the second argument once for each statement.
fn parse_query(context: &Context<'_>) -> rusqlite::Result<Arc<Option<SearchQuery>>> {
    context.get_or_create_aux(1, |value: ValueRef<'_>| {
        Ok::<_, Infallible>(value.as_str().ok().and_then(SearchQuery::parse))
    })
}

/// Returns the FTS5 query for the grams of the words. Grams are quoted and contain no quotes.
pub(super) fn match_expression(words: &SearchQuery) -> String {
    let quoted = |(gram, begins): &(String, bool)| format!("\"{gram}\"{}", if *begins { " *" } else { "" });
    words.grams().iter().take(MAX_GRAMS).map(quoted).collect::<Vec<_>>().join(" AND ")
}

impl SqliteUnit<'_> {
    /// Indexes the descriptions of a batch once its last ticket is inserted.
    pub(super) fn index_new_ticket(&self, ticket: TicketId) -> Result<(), Error> {
        if ticket.get() % INDEX_BATCH == 0 { self.index_loaded_ticket(ticket) } else { Ok(()) }
    }

    /// Indexes a ticket with an explicit id: immediately if the index is past it, otherwise with its batch.
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
