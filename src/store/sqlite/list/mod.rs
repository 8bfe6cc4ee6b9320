//! The agents' list. A page is a merge of short walks along indexes, one for each cell of tickets that passes the filter;
//! or what the index of words finds; or, where one part of the filter leaves few tickets, those of them that pass the rest.

mod cell;
mod walk;
mod words;

use std::cmp::Reverse;
use std::ops::RangeInclusive;

use rusqlite::{Row, ToSql};

use super::row::{json_ids, json_numbers, json_words};
use super::sql;
use super::tickets::{one_more, shown};
use super::unit::SqliteUnit;
use crate::model::page::{Ask, Cursor, Filter, Sort};
use crate::model::ticket::Shown;
use crate::model::words::Words;
use crate::model::{Error, IssueType, ServiceType, Timestamp};
use walk::Along;

/// So many tickets are few: all of them are looked at, rather than walked along in the list's order until a page is full.
/// Where there are more, a page is full soon enough.
const FEW: usize = 6_000;
/// The same for a list by moves: a walk along the stretches is only long where a span holds hardly any.
const VERY_FEW: usize = 1_000;

/// Where a ticket stands in a list, the later the smaller: level or rank, time, id.
type Key = (i64, i64, i64);

impl SqliteUnit<'_> {
    /// The tickets that pass the filter, each with its place in the list.
    pub(super) fn listed(&self, filter: &Filter, ask: Ask) -> Result<Vec<(Cursor, Shown)>, Error> {
        let list = List::of(self, filter, ask);
        let sort = ask.after.sort;
        let cursor = |(level, second, id)| Cursor { sort, level, second, id };
        let places = match (&filter.search, sort) {
            (Some(words), Sort::Rank) => list.ranked(words)?,
            (Some(words), _) => list.with_words(words)?.into_iter().map(cursor).collect(),
            (None, _) => list.without_words()?.into_iter().map(cursor).collect(),
        };
        list.shown(places)
    }
}

/// An agent's filter as the list statements take it.
struct List<'l> {
    unit: &'l SqliteUnit<'l>,
    filter: &'l Filter,
    ask: Ask,
    after: Key,
    limit: usize,
    span: RangeInclusive<i64>,
    statuses: Option<String>,
    services: Option<String>,
    issues: Option<String>,
    levels: Option<String>,
    customers: Option<String>,
    words: Option<&'l str>,
}

/// A ticket that passes the filter.
struct Found {
    id: i64,
    rank: i64,
    level: i64,
    created: i64,
    updated: i64,
}

/// How much of the filter is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Much {
    All,
    /// What never changes of a ticket, but its time.
    Lasting,
}

impl<'l> List<'l> {
    fn of(unit: &'l SqliteUnit<'l>, filter: &'l Filter, ask: Ask) -> Self {
        let levels: Vec<_> = filter.levels.iter().map(ToString::to_string).collect();
        let customers = json_ids(filter.customers.iter().copied());
        Self {
            unit,
            filter,
            ask,
            after: (ask.after.level, ask.after.second, ask.after.id),
            limit: usize::try_from(one_more(ask)).unwrap_or(usize::MAX),
            // One second is added to its end.
            span: filter.since.map_or(i64::MIN, Timestamp::second)
                ..=filter.until.map_or(i64::MAX - 1, Timestamp::second),
            statuses: json_words(filter.statuses.iter().map(|status| status.as_str())),
            services: json_words(filter.services.iter().copied().map(ServiceType::as_str)),
            issues: json_words(filter.issues.iter().copied().map(IssueType::as_str)),
            levels: (!levels.is_empty()).then(|| format!("[{}]", levels.join(","))),
            customers: (!filter.customers.is_empty()).then_some(customers),
            words: filter.search.as_ref().map(Words::text),
        }
    }

    /// A page without a search.
    fn without_words(&self) -> Result<Vec<Key>, Error> {
        let sort = self.ask.after.sort;
        let owned = !self.filter.customers.is_empty();
        match sort {
            Sort::Created if owned && !self.names_cells() => self.walk(&Along::Customers, self.after, false),
            // A walk passes over what was opened at other times, or by others.
            _ if owned => self.few_or_in_order(FEW),
            Sort::Updated if self.names_span() => self.few_or_in_order(VERY_FEW),
            _ => self.in_order(false),
        }
    }

    fn few_or_in_order(&self, most: usize) -> Result<Vec<Key>, Error> {
        match self.few(most)? {
            Some(few) => Ok(self.page(&self.among(&few, Much::All)?)),
            None if !self.filter.customers.is_empty() && self.ask.after.sort == Sort::Created => {
                self.walk(&Along::Customers, self.after, true)
            }
            None => self.in_order(!self.filter.customers.is_empty()),
        }
    }

    fn names_cells(&self) -> bool {
        let Filter { statuses, services, issues, levels, .. } = self.filter;
        !(statuses.is_empty() && services.is_empty() && issues.is_empty() && levels.is_empty())
    }

    fn names_span(&self) -> bool {
        self.filter.since.is_some() || self.filter.until.is_some()
    }

    /// The tickets among which all are that pass, the highest id first, where some part of the filter leaves so many at most.
    fn few(&self, most: usize) -> Result<Option<Vec<i64>>, Error> {
        let mut ways = Vec::new();
        if !self.filter.customers.is_empty() {
            ways.push(Along::Customers);
        }
        if self.names_cells() {
            ways.push(Along::Cells(self.cells(None)));
        }
        if ways.is_empty() && self.names_span() {
            ways.push(Along::All);
        }
        for along in ways {
            if let Some(mut few) = self.few_along(&along, most)? {
                few.sort_unstable_by_key(|id| Reverse(*id));
                return Ok(Some(few));
            }
        }
        Ok(None)
    }

    /// Those of some tickets that pass the filter, in no order.
    fn among(&self, ids: &[i64], much: Much) -> Result<Vec<Found>, Error> {
        let all = much == Much::All;
        let ids = json_numbers(ids.iter().copied());
        let (since, until) = if all { (*self.span.start(), *self.span.end()) } else { (i64::MIN, i64::MAX) };
        let none = None;
        let (statuses, levels) = if all { (&self.statuses, &self.levels) } else { (&none, &none) };
        let params: [&dyn ToSql; 9] =
            [&ids, &since, &until, statuses, levels, &self.services, &self.issues, &self.customers, &self.words];
        let mut found = self.unit.all(sql!("ticket/among"), params, Found::read)?;
        found.retain(|found| found.rank > 0);
        Ok(found)
    }

    /// A page of some tickets that pass, in the list's order.
    fn page(&self, found: &[Found]) -> Vec<Key> {
        let sort = self.ask.after.sort;
        let mut places: Vec<_> = found.iter().map(|found| found.key(sort)).collect();
        places.retain(|place| *place < self.after);
        places.sort_unstable_by_key(|place| Reverse(*place));
        places.truncate(self.limit);
        places
    }

    /// The tickets of some places, in their order.
    fn shown(&self, places: Vec<Cursor>) -> Result<Vec<(Cursor, Shown)>, Error> {
        let ids = json_numbers(places.iter().map(|place| place.id));
        let mut tickets = self.unit.all(sql!("ticket/shown_all"), [ids], shown)?;
        tickets.sort_unstable_by_key(|shown| shown.ticket.id);
        let found = |place: Cursor| {
            let at = tickets.binary_search_by_key(&place.id, |shown| shown.ticket.id.get()).ok()?;
            Some((place, tickets[at].clone()))
        };
        Ok(places.into_iter().filter_map(found).collect())
    }
}

impl Found {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { id: row.get(0)?, rank: row.get(1)?, level: row.get(2)?, created: row.get(3)?, updated: row.get(4)? })
    }

    /// Its place in a list; in the order of ranks, its rank alone.
    fn key(&self, sort: Sort) -> Key {
        match sort {
            Sort::Created => (0, self.created, self.id),
            Sort::Updated => (0, self.updated, self.id),
            Sort::Level => (self.level, self.created, self.id),
            Sort::Rank => (self.rank, 0, self.id),
        }
    }
}
