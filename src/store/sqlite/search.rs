//! Words in descriptions: the SQL functions `mentions` and `grams`, and what is asked of the index of grams.

use std::convert::Infallible;
use std::sync::Arc;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::sql;
use super::unit::SqliteUnit;
use crate::model::page::Filter;
use crate::model::words::{self, Words};
use crate::model::{Error, IssueType, ServiceType, TicketId, Timestamp};

/// New tickets that wait to be put into the index together: many at once cost a fraction of one at a time.
const BATCH: i64 = 128;
/// Pages of the index that are merged with each batch: a little more than a batch comes to once it was merged for good, so
/// that no commit pays for those before it.
const MERGE: i64 = 16;
/// Grams that are looked up; what further ones would tell is seen in the descriptions.
const GRAMS_MAX: usize = 32;
/// Customers that are looked up by their marks; where there are more, each ticket is asked whose it is.
const CUSTOMERS_MAX: usize = 64;
/// Marks a gram that is no part of a description: `§` is in none.
const MARK: char = '§';

/// Lets the connection's statements call `mentions(description, words)`, the rank of a description, 0 where it lacks a
/// word; and `grams(description, service, issue, customer)`, what the index holds of a ticket.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("mentions", 2, flags, |context| {
        let words = sought(context)?;
        let description = context.get_raw(0).as_str()?;
        Ok(words.as_ref().as_ref().map_or(0, |words| words.rank(description)))
    })?;
    connection.create_scalar_function("grams", 4, flags, |context| {
        let mut grams = words::grams(context.get_raw(0).as_str()?);
        grams.extend(ServiceType::parse(context.get_raw(1).as_str()?).map(|word| service(word) + " "));
        grams.extend(IssueType::parse(context.get_raw(2).as_str()?).map(issue));
        grams.push(' ');
        grams.push_str(&customer(context.get(3)?));
        Ok(grams)
    })
}

/// The words of the second argument, read once for a statement.
fn sought(context: &Context<'_>) -> rusqlite::Result<Arc<Option<Words>>> {
    context.get_or_create_aux(1, |value: ValueRef<'_>| Ok::<_, Infallible>(value.as_str().ok().and_then(Words::parse)))
}

fn service(service: ServiceType) -> String {
    format!("{MARK}{}", service.as_str().replace('_', ""))
}

fn issue(issue: IssueType) -> String {
    format!("{MARK}{}", issue.as_str().replace('_', ""))
}

fn customer(customer: i64) -> String {
    format!("{MARK}{customer}")
}

/// What is asked of the index: every gram of the words, and one mark of each kind that the filter names. Each is quoted,
/// and none holds a quote.
pub(super) fn expression(words: &Words, filter: &Filter) -> String {
    let quoted = |(gram, begins): &(String, bool)| format!("\"{gram}\"{}", if *begins { " *" } else { "" });
    let mut parts: Vec<_> = words.grams().iter().take(GRAMS_MAX).map(quoted).collect();
    let any = |marks: Vec<String>| format!("(\"{}\")", marks.join("\" OR \""));
    if !filter.services.is_empty() {
        parts.push(any(filter.services.iter().copied().map(service).collect()));
    }
    if !filter.issues.is_empty() {
        parts.push(any(filter.issues.iter().copied().map(issue).collect()));
    }
    if (1..=CUSTOMERS_MAX).contains(&filter.customers.len()) {
        parts.push(any(filter.customers.iter().map(|one| customer(one.get())).collect()));
    }
    parts.join(" AND ")
}

/// How far the index of words goes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WordsEnd {
    /// The last ticket in it.
    pub(super) ticket: i64,
    /// Up to this ticket, one may have been opened before another whose id is lower; none beyond it.
    pub(super) mixed: i64,
}

impl SqliteUnit<'_> {
    /// Sees to the words of a ticket that was opened, whose id is the highest.
    pub(super) fn index_opened(&self, ticket: TicketId) -> Result<(), Error> {
        if ticket.get() % BATCH == 0 { self.index_up_to(ticket.get()) } else { Ok(()) }
    }

    /// Sees to the words of a ticket that came with its id.
    pub(super) fn index_loaded(&self, ticket: TicketId, created: Timestamp) -> Result<(), Error> {
        let (id, end) = (ticket.get(), self.words_end()?.ticket);
        if id <= end {
            self.run(sql!("ticket/index_words"), [id - 1, id])?;
            self.run(sql!("ticket/mix_words_end"), [created.second()])?;
            Ok(())
        } else if id - end >= BATCH {
            self.index_up_to(id)
        } else {
            Ok(())
        }
    }

    /// How far the index goes.
    pub(super) fn words_end(&self) -> Result<WordsEnd, Error> {
        let end = |row: &Row<'_>| Ok(WordsEnd { ticket: row.get(0)?, mixed: row.get(1)? });
        self.one(sql!("ticket/words_end"), [], end).map(Option::unwrap_or_default)
    }

    fn index_up_to(&self, id: i64) -> Result<(), Error> {
        self.run(sql!("ticket/index_words"), [self.words_end()?.ticket, id])?;
        self.run(sql!("ticket/move_words_end"), [id])?;
        self.run(sql!("ticket/merge_words"), [MERGE])?;
        Ok(())
    }
}
