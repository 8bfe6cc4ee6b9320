//! The agents' list. A page is a merge of short walks along indexes, one for each cell of tickets that passes the
//! filter; or what the index of words finds.

use std::cmp::Reverse;
use std::ops::RangeInclusive;

use rusqlite::{Row, ToSql};

use super::row::{json_ids, json_numbers, json_words};
use super::search;
use super::sql;
use super::tickets::{one_more, shown};
use super::unit::SqliteUnit;
use crate::model::page::{Ask, Cursor, Filter, Sort};
use crate::model::ticket::Shown;
use crate::model::words::Words;
use crate::model::{CustomerId, Error, IssueType, Level, ServiceType, Status, Timestamp};

/// Tickets whose words are compared with each other for one order of ranks.
const WINDOW: usize = 1_000;
/// Tickets that a search gathers before it takes the words for common, and walks along the list's order instead.
const GATHER: usize = 4_000;
/// Places that are looked at together where some of them may not pass.
const STRIDE: usize = 1_000;

/// Where a ticket stands in a list, the later the smaller: level or rank, time, id.
type Key = (i64, i64, i64);

impl SqliteUnit<'_> {
    /// The tickets that pass the filter, each with its place in the list.
    pub(super) fn listed(&self, filter: &Filter, ask: Ask) -> Result<Vec<(Cursor, Shown)>, Error> {
        let list = List::of(self, filter, ask);
        let sort = ask.after.sort;
        let places = match (&filter.search, sort) {
            _ if !filter.customers.is_empty() && sort != Sort::Created => list.of_customers()?,
            _ if !filter.customers.is_empty() => list.walk(&Along::Customers(&filter.customers), list.after, true)?,
            (Some(words), Sort::Rank) => return list.ranked(words),
            (Some(words), Sort::Created | Sort::Updated | Sort::Level) => match list.gathered(words)? {
                Some(places) => places,
                None => list.in_order(true)?,
            },
            (None, _) => list.in_order(false)?,
        };
        let cursor = |(level, second, id)| Cursor { sort, level, second, id };
        list.shown(places.into_iter().map(cursor).collect())
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

/// A ticket that the index of words found.
struct Found {
    id: i64,
    rank: i64,
    level: i64,
    created: i64,
    updated: i64,
    passes: bool,
}

/// What a list walks along.
enum Along<'a> {
    /// All tickets.
    All,
    /// Those of some cells.
    Cells(Vec<i64>),
    /// Those of some customers.
    Customers(&'a [CustomerId]),
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

    /// A page in the order of time, or of levels: all that one level has comes before the next.
    fn in_order(&self, sift: bool) -> Result<Vec<Key>, Error> {
        if self.ask.after.sort != Sort::Level {
            let along = if self.names_no_cell() { Along::All } else { Along::Cells(self.cells(None)) };
            return self.walk(&along, self.after, sift);
        }
        let mut places = Vec::new();
        for level in [Level::TOP, Level::SECOND, Level::FIRST] {
            let height = i64::from(level.get());
            let after = if height < self.after.0 { (height, i64::MAX, i64::MAX) } else { self.after };
            if height <= self.after.0 && places.len() < self.limit {
                let walked = self.walk(&Along::Cells(self.cells(Some(level))), after, sift)?;
                places.extend(walked.into_iter().map(|(_, second, id)| (height, second, id)));
            }
        }
        places.truncate(self.limit);
        Ok(places)
    }

    fn names_no_cell(&self) -> bool {
        let Filter { statuses, services, issues, levels, .. } = self.filter;
        statuses.is_empty() && services.is_empty() && issues.is_empty() && levels.is_empty()
    }

    /// The cells that pass the filter, of this level or of any.
    fn cells(&self, only: Option<Level>) -> Vec<i64> {
        let filter = self.filter;
        let levels = [Level::FIRST, Level::SECOND, Level::TOP];
        let mut cells = Vec::new();
        for status in wanted(Status::ALL, &filter.statuses) {
            for level in wanted(&levels, &filter.levels).filter(|level| only.is_none_or(|only| only == *level)) {
                for service in wanted(ServiceType::ALL, &filter.services) {
                    for issue in wanted(IssueType::ALL, &filter.issues) {
                        cells.push(cell(status, level, service, issue));
                    }
                }
            }
        }
        cells
    }

    /// Places in the order of time; where some may not pass what is walked along, they are sifted, more at a time the
    /// rarer they are.
    fn walk(&self, along: &Along<'_>, after: Key, sift: bool) -> Result<Vec<Key>, Error> {
        let (mut after, mut stride) = ((after.1, after.2), self.limit);
        let mut places = Vec::new();
        loop {
            let page = self.merged(along, after, stride)?;
            let last = page.last().copied().filter(|_| page.len() == stride);
            places.extend(if sift { self.sifted(page)? } else { page });
            match last {
                Some(place) if places.len() < self.limit => after = place,
                _ => break,
            }
            stride = (stride * 4).min(STRIDE.max(self.limit));
        }
        places.truncate(self.limit);
        Ok(places.into_iter().map(|(second, id)| (0, second, id)).collect())
    }

    /// The first places along several walks: each need only go back to the last place of a page that is full already.
    fn merged(&self, along: &Along<'_>, after: (i64, i64), limit: usize) -> Result<Vec<(i64, i64)>, Error> {
        let updated = self.ask.after.sort == Sort::Updated;
        let (since, until) = (*self.span.start(), *self.span.end());
        let born = (self.filter.since.is_some() || self.filter.until.is_some()).then_some(since);
        // A ticket moves after it was opened, never before.
        let (mut floor, count) = (since, i64::try_from(limit).unwrap_or(i64::MAX));
        let after = if updated || after.0 <= until { after } else { (until + 1, 0) };
        let walks = match along {
            Along::All => vec![None],
            Along::Cells(cells) => cells.iter().copied().map(Some).collect(),
            Along::Customers(customers) => {
                let mut ids: Vec<_> = customers.iter().map(|customer| customer.get()).collect();
                ids.sort_unstable();
                ids.dedup();
                ids.into_iter().map(Some).collect()
            }
        };
        let sql = match (along, updated) {
            (Along::All, false) => sql!("ticket/newest"),
            (Along::All, true) => sql!("ticket/updated"),
            (Along::Cells(_), false) => sql!("ticket/cell_newest"),
            (Along::Cells(_), true) => sql!("ticket/cell_updated"),
            (Along::Customers(_), _) => sql!("ticket/customer_newest"),
        };
        let mut page: Vec<(i64, i64)> = Vec::new();
        for walk in walks {
            let mut params: Vec<&dyn ToSql> = vec![&floor, &after.0, &after.1, &count];
            if let Some(place) = &walk {
                params.push(place);
            }
            if updated {
                params.extend([&born as &dyn ToSql, &until]);
            }
            let found = self.unit.all(sql, &*params, |row| Ok((row.get(0)?, row.get(1)?)))?;
            if found.is_empty() {
                continue;
            }
            page.extend(found);
            page.sort_unstable_by_key(|place| Reverse(*place));
            page.truncate(limit);
            if let Some(last) = page.last().filter(|_| page.len() == limit) {
                floor = last.0;
            }
        }
        Ok(page)
    }

    /// Those of some places whose tickets pass the filter.
    fn sifted(&self, page: Vec<(i64, i64)>) -> Result<Vec<(i64, i64)>, Error> {
        let ids = json_numbers(page.iter().map(|(_, id)| *id));
        let params: [&dyn ToSql; 6] = [&ids, &self.statuses, &self.services, &self.issues, &self.levels, &self.words];
        let mut passing: Vec<i64> = self.unit.all(sql!("ticket/passing"), params, |row| row.get(0))?;
        passing.sort_unstable();
        Ok(page.into_iter().filter(|(_, id)| passing.binary_search(id).is_ok()).collect())
    }

    /// The tickets of some customers in any order: all are gathered.
    fn of_customers(&self) -> Result<Vec<Key>, Error> {
        let (level, second, id) = self.after;
        let (since, until, sort) = (self.span.start(), self.span.end(), self.ask.after.sort.as_str());
        let limit = one_more(self.ask);
        let params: [&dyn ToSql; 13] = [
            since,
            until,
            &second,
            &id,
            &self.statuses,
            &self.services,
            &self.issues,
            &self.levels,
            &self.words,
            &limit,
            &level,
            &self.customers,
            &sort,
        ];
        self.unit.all(sql!("ticket/of_customers"), params, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    /// A page of what holds the words, in any order, unless that is more than can be gathered.
    fn gathered(&self, words: &Words) -> Result<Option<Vec<Key>>, Error> {
        let found = self.found(words, i64::MAX, GATHER + 1)?;
        if found.len() > GATHER {
            return Ok(None);
        }
        let key = |one: &Found| match self.ask.after.sort {
            Sort::Updated => (0, one.updated, one.id),
            Sort::Level => (one.level, one.created, one.id),
            Sort::Created | Sort::Rank => (0, one.created, one.id),
        };
        let mut places: Vec<_> = found.iter().filter(|one| one.passes).map(key).collect();
        places.retain(|place| *place < self.after);
        places.sort_unstable_by_key(|place| Reverse(*place));
        places.truncate(self.limit);
        Ok(Some(places))
    }

    /// A page of what holds the words, the best of the newest thousand first, then of the thousand before. A place names
    /// the first of its thousand, so that tickets added since do not disturb it.
    fn ranked(&self, words: &Words) -> Result<Vec<(Cursor, Shown)>, Error> {
        let (rank, mut top, id) = self.after;
        let mut after = (rank, id);
        let mut places = Vec::new();
        loop {
            let mut window = self.found(words, top, WINDOW + 1)?;
            let Some(first) = window.first().map(|one| one.id) else { break };
            let next = window.get(WINDOW).map(|one| one.id);
            window.truncate(WINDOW);
            let mut best: Vec<_> = window.iter().filter(|one| one.passes).map(|one| (one.rank, one.id)).collect();
            best.retain(|place| *place < after);
            best.sort_unstable_by_key(|place| Reverse(*place));
            places.extend(best.into_iter().map(|(rank, id)| Cursor {
                sort: Sort::Rank,
                level: rank,
                second: first,
                id,
            }));
            match next {
                Some(next) if places.len() < self.limit => (top, after) = (next, (i64::MAX, i64::MAX)),
                _ => break,
            }
        }
        places.truncate(self.limit);
        self.shown(places)
    }

    /// What holds the words, services and issues, up to this id, the highest first.
    fn found(&self, words: &Words, top: i64, limit: usize) -> Result<Vec<Found>, Error> {
        let (since, until) = (self.span.start(), self.span.end());
        let found = |sql: &str, limit: usize, last: &[&dyn ToSql]| {
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let mut params: Vec<&dyn ToSql> = vec![since, until];
            params.extend([&self.statuses as &dyn ToSql, &self.levels, &self.customers, &self.words, &top, &limit]);
            params.extend(last);
            self.unit.all(sql, &*params, Found::read)
        };
        let mut rows = if top > self.unit.words_end()? {
            found(sql!("ticket/found_new"), limit, &[&self.services, &self.issues])?
        } else {
            Vec::new()
        };
        if rows.len() < limit {
            let grams = search::expression(words, self.filter);
            rows.extend(found(sql!("ticket/found"), limit - rows.len(), &[&grams])?);
        }
        Ok(rows)
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
        Ok(Self {
            id: row.get(0)?,
            rank: row.get(1)?,
            level: row.get(2)?,
            created: row.get(3)?,
            updated: row.get(4)?,
            passes: row.get(5)?,
        })
    }
}

/// Those of a closed list that a filter names, each once; all where it names none.
fn wanted<T: Copy + PartialEq>(all: &[T], named: &[T]) -> impl Iterator<Item = T> {
    all.iter().copied().filter(move |one| named.is_empty() || named.contains(one))
}

/// The cell of a ticket, as the indexes `tickets_of_cell` count.
fn cell(status: Status, level: Level, service: ServiceType, issue: IssueType) -> i64 {
    let status = match status {
        Status::Open => 0,
        Status::Escalated => 1,
        Status::Closed => 2,
    };
    let service = match service {
        ServiceType::Ride => 0,
        ServiceType::Order => 1,
        ServiceType::Booking => 2,
        ServiceType::EventService => 3,
        ServiceType::InDiningOrder => 4,
    };
    let issue = match issue {
        IssueType::PaymentIssue => 0,
        IssueType::ServiceQuality => 1,
        IssueType::Cancellation => 2,
        IssueType::DeliveryIssue => 3,
        IssueType::BookingIssue => 4,
        IssueType::Other => 5,
    };
    ((status * 3 + i64::from(level.get()) - 1) * 5 + service) * 6 + issue
}
