//! The agents' list. A page is one walk along the index of its order, past what the filter leaves out; where customers are
//! named or the words are rare, the few tickets that may pass are looked at instead.

use std::cmp::Reverse;
use std::fmt::Display;

use rusqlite::{ToSql, params};

use super::row::{json_ids, json_numbers};
use super::search::expression;
use super::sql;
use super::tickets::{details, one_more};
use super::unit::SqliteUnit;
use crate::model::pagination::{Cursor, Filter, PageRequest, Sort};
use crate::model::search::SearchQuery;
use crate::model::ticket::TicketDetails;
use crate::model::{CustomerId, Error, IssueType, Level, ServiceType, Status, Timestamp};

/// Candidates of a search up to which all are looked at; a walk finds a page among more of them soon enough.
const FEW: u16 = 5_000;
/// Answers to a search that are compared with each other for one order of ranks.
const WINDOW: usize = 1_000;

/// Ticket that passes: id, rank, level, when it was opened, when it last moved.
type Found = (i64, i64, i64, i64, i64);
/// Position of a ticket in a list, the later the smaller: level or rank, time, id.
type Key = (i64, i64, i64);
const START: Key = (i64::MAX, i64::MAX, i64::MAX);

impl SqliteUnit<'_> {
    /// The tickets that pass the filter, each with its place in the list.
    pub(super) fn listed(&self, filter: &Filter, ask: PageRequest) -> Result<Vec<(Cursor, TicketDetails)>, Error> {
        let PageRequest { after: Cursor { sort, level, second, id }, .. } = ask;
        let limit = usize::try_from(one_more(ask)).unwrap_or(usize::MAX);
        if let Some(one) = alone(filter, sort) {
            let since = filter.since.map_or(i64::MIN, Timestamp::second);
            let before = filter.until.map_or((second, id), |until| (second, id).min((until.second() + 1, 0)));
            let newest = self.newest_of(one, &filter.statuses, since, before, one_more(ask))?;
            let place =
                |details: TicketDetails| (Cursor::newest(details.ticket.created_at, details.ticket.id.get()), details);
            return Ok(newest.into_iter().map(place).collect());
        }
        let list = List::of(self, filter)?;
        let places = match sort {
            Sort::Rank => list.ranked((level, second, id), limit)?,
            Sort::Created | Sort::Updated | Sort::Level => list.page(sort, (level, second, id), limit)?,
        };
        list.details(places.into_iter().map(|(level, second, id)| Cursor { sort, level, second, id }))
    }
}

/// The one customer whose newest tickets are asked for by nothing but status and time, and whether groups count.
fn alone(filter: &Filter, sort: Sort) -> Option<(CustomerId, bool)> {
    let Filter { services, issues, levels, owners, customers, search, .. } = filter;
    let plain = services.is_empty() && issues.is_empty() && levels.is_empty() && search.is_none();
    match (customers.as_slice(), owners.as_slice()) {
        ([one], []) if plain && sort == Sort::Created => Some((*one, true)),
        ([], [one]) if plain && sort == Sort::Created => Some((*one, false)),
        _ => None,
    }
}

/// The levels that pass a filter, the highest first.
fn heights(named: &[Level]) -> Vec<Level> {
    Level::ALL.iter().rev().copied().filter(|level| named.is_empty() || named.contains(level)).collect()
}

/// A filter as the statements take it.
struct List<'l> {
    unit: &'l SqliteUnit<'l>,
    since: i64,
    until: i64,
    statuses: Members,
    levels: Members,
    services: Members,
    issues: Members,
    owners: Option<String>,
    undone: bool,
    /// The levels that pass, the highest first.
    heights: Vec<Level>,
    grams: Option<String>,
    words: Option<&'l str>,
    /// Those among which all are that pass, where they are few.
    few: Option<Vec<i64>>,
}

/// The members of a closed list that pass: the first, and all as a JSON array; none where every member passes.
struct Members {
    first: Option<String>,
    all: Option<String>,
}

impl Members {
    fn of<T: Copy + PartialEq + Display>(named: &[T], list: &[T]) -> Self {
        let words: Vec<_> = list.iter().filter(|one| named.contains(one)).map(ToString::to_string).collect();
        let narrows = !words.is_empty() && words.len() < list.len();
        let all = narrows.then(|| format!("[\"{}\"]", words.join("\",\"")));
        Self { first: words.into_iter().next().filter(|_| narrows), all }
    }

    /// All, where they are several.
    fn several(&self) -> Option<&str> {
        self.all.as_deref().filter(|array| array.contains(','))
    }
}

impl<'l> List<'l> {
    fn of(unit: &'l SqliteUnit<'l>, filter: &'l Filter) -> Result<Self, Error> {
        let list = Self {
            unit,
            since: filter.since.map_or(i64::MIN, Timestamp::second),
            // One second is added to it.
            until: filter.until.map_or(i64::MAX - 1, Timestamp::second),
            statuses: Members::of(&filter.statuses, Status::ALL),
            levels: Members::of(&filter.levels, Level::ALL),
            services: Members::of(&filter.services, ServiceType::ALL),
            issues: Members::of(&filter.issues, IssueType::ALL),
            owners: (!filter.owners.is_empty()).then(|| json_ids(filter.owners.iter().copied())),
            undone: !filter.statuses.is_empty() && !filter.statuses.iter().any(|status| status.is_done()),
            heights: heights(&filter.levels),
            grams: filter.search.as_ref().map(expression),
            words: filter.search.as_ref().map(SearchQuery::text),
            few: None,
        };
        let few = list.few(filter)?;
        Ok(Self { few, ..list })
    }

    fn few(&self, filter: &Filter) -> Result<Option<Vec<i64>>, Error> {
        let id = |row: &rusqlite::Row<'_>| row.get(0);
        let members = json_ids(filter.customers.iter().copied());
        if !filter.customers.is_empty() {
            return self.unit.all(sql!("tickets/of_customers"), [&members, &members], id).map(Some);
        }
        if let Some(owners) = &self.owners {
            return self.unit.all(sql!("tickets/of_customers"), [owners, &members], id).map(Some);
        }
        let Some(grams) = &self.grams else { return Ok(None) };
        let found = self.unit.all(sql!("tickets/found"), params![grams, FEW + 1], id)?;
        Ok(Some(found).filter(|found| found.len() <= usize::from(FEW)))
    }

    /// A page in the order of times or levels.
    fn page(&self, sort: Sort, after: Key, limit: usize) -> Result<Vec<Key>, Error> {
        let Some(few) = &self.few else { return self.walk(sort, after, limit) };
        let key = |(id, _, level, created, updated)| match sort {
            Sort::Created | Sort::Rank => (0, created, id),
            Sort::Updated => (0, updated, id),
            Sort::Level => (level, created, id),
        };
        let mut places: Vec<Key> = self.among(few, sort)?.into_iter().map(key).collect();
        places.retain(|place| *place < after);
        places.sort_unstable_by_key(|place| Reverse(*place));
        places.truncate(limit);
        Ok(places)
    }

    /// A page along an index of times; in the order of levels, all that one level has comes before the next.
    fn walk(&self, sort: Sort, (height, time, id): Key, limit: usize) -> Result<Vec<Key>, Error> {
        if sort != Sort::Level {
            return self.walk_times(sort, &self.levels, (time, id), limit);
        }
        let mut places = Vec::new();
        for level in &self.heights {
            let (this, left) = (i64::from(level.get()), limit - places.len());
            let before = if this < height { (i64::MAX, i64::MAX) } else { (time, id) };
            if this <= height && left > 0 {
                let only = Members::of(&[*level], Level::ALL);
                let walked = self.walk_times(sort, &only, before, left)?;
                places.extend(walked.into_iter().map(|(_, time, id)| (this, time, id)));
            }
        }
        Ok(places)
    }

    fn walk_times(&self, sort: Sort, levels: &Members, before: (i64, i64), limit: usize) -> Result<Vec<Key>, Error> {
        // Beyond the span nothing is walked past.
        let (time, id) = before.min((self.until + 1, 0));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let Self { since, statuses, services, issues, grams, words, .. } = self;
        let several = [statuses, levels, services, issues].map(Members::several);
        let mut params: Vec<&dyn ToSql> = vec![&time, &id, since];
        for (members, several) in [statuses, levels, services, issues].into_iter().zip(&several) {
            params.extend([&members.first as &dyn ToSql, several]);
        }
        params.extend([grams as &dyn ToSql, words, &limit]);
        let sql = match sort {
            Sort::Updated => sql!("tickets/updated"),
            Sort::Created | Sort::Level | Sort::Rank if self.undone => sql!("tickets/newest_undone"),
            Sort::Created | Sort::Level | Sort::Rank => sql!("tickets/newest"),
        };
        self.unit.all(sql, &*params, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    /// Those of some tickets that pass.
    fn among(&self, ids: &[i64], sort: Sort) -> Result<Vec<Found>, Error> {
        let Self { since, until, statuses, levels, services, issues, owners, words, .. } = self;
        let ids = json_numbers(ids.iter().copied());
        let by_moves = sort == Sort::Updated;
        let [statuses, levels, services, issues] = [statuses, levels, services, issues].map(|members| &members.all);
        let params = params![ids, by_moves, since, until, statuses, levels, services, issues, owners, words];
        let mut found: Vec<Found> = self.unit.all(sql!("tickets/among"), params, |row| row.try_into())?;
        found.retain(|(_, rank, ..)| *rank > 0);
        Ok(found)
    }

    /// A page of what holds the words, the best of the newest thousand first, then of the thousand before. A place names
    /// the first of its thousand, so that tickets added since do not disturb it.
    fn ranked(&self, (rank, first, id): Key, limit: usize) -> Result<Vec<Key>, Error> {
        let opened = self.unit.one(sql!("tickets/find"), [first], |row| row.get("created_at"))?;
        let mut top = opened.map_or(START, |opened| (0, opened, first + 1));
        let (mut after, mut places) = ((rank, id), Vec::new());
        while places.len() < limit {
            let mut window = self.page(Sort::Created, top, WINDOW + 1)?;
            let next = window.get(WINDOW).copied();
            window.truncate(WINDOW);
            let ids: Vec<_> = window.iter().map(|(.., id)| *id).collect();
            let Some(first) = ids.first().copied() else { break };
            let ranks = self.among(&ids, Sort::Rank)?.into_iter().map(|(id, rank, ..)| (rank, id));
            let mut best: Vec<_> = ranks.filter(|place| *place < after).collect();
            best.sort_unstable_by_key(|place| Reverse(*place));
            places.extend(best.into_iter().map(|(rank, id)| (rank, first, id)));
            let Some((_, opened, id)) = next else { break };
            (top, after) = ((0, opened, id + 1), (i64::MAX, i64::MAX));
        }
        places.truncate(limit);
        Ok(places)
    }

    /// The tickets of some places, in their order.
    fn details(&self, places: impl Iterator<Item = Cursor>) -> Result<Vec<(Cursor, TicketDetails)>, Error> {
        let places: Vec<_> = places.collect();
        let ids = json_numbers(places.iter().map(|place| place.id));
        let mut tickets = self.unit.all(sql!("tickets/details_of"), [ids], details)?;
        tickets.sort_unstable_by_key(|details| details.ticket.id);
        let found = |place: Cursor| {
            let at = tickets.binary_search_by_key(&place.id, |details| details.ticket.id.get()).ok()?;
            Some((place, tickets[at].clone()))
        };
        Ok(places.into_iter().filter_map(found).collect())
    }
}
