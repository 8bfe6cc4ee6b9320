//! List of tickets for agents. A page is one scan of the index for its order, with a filter. If customers are named or
//! the search words are rare, it filters and sorts the few candidates instead.

use std::cmp::Reverse;
use std::fmt::Display;

use rusqlite::{ToSql, params};

use super::row::{json_ids, json_numbers};
use super::search::match_expression;
use super::sql;
use super::tickets::{details, limit_plus_one};
use super::unit::SqliteUnit;
use crate::model::pagination::{Cursor, PageRequest, Sort, TicketFilter};
use crate::model::search::SearchQuery;
use crate::model::ticket::TicketDetails;
use crate::model::{CustomerId, Error, IssueType, Level, ServiceType, Status, Timestamp};

/// Maximum number of search matches that are read and sorted; with more of them, an index scan fills a page soon.
const MAX_CANDIDATES: u16 = 5_000;
/// Number of matches that are sorted by rank together.
const RANK_WINDOW: usize = 1_000;

/// Ticket that matches: id, rank, level, time of creation, time of update.
type Candidate = (i64, i64, i64, i64, i64);
/// Sort key in descending order: level or rank, time, id.
type SortKey = (i64, i64, i64);
const FIRST_KEY: SortKey = (i64::MAX, i64::MAX, i64::MAX);

impl SqliteUnit<'_> {
    /// Returns the tickets that match the filter, each with its cursor.
    pub(super) fn list_tickets(
        &self,
        filter: &TicketFilter,
        page: PageRequest,
    ) -> Result<Vec<(Cursor, TicketDetails)>, Error> {
        let PageRequest { after: Cursor { sort, level, second, id }, .. } = page;
        let limit = usize::try_from(limit_plus_one(page)).unwrap_or(usize::MAX);
        if let Some(one) = single_customer(filter, sort) {
            let since = filter.since.map_or(i64::MIN, Timestamp::second);
            let before = filter.until.map_or((second, id), |until| (second, id).min((until.second() + 1, 0)));
            let newest = self.newest_of(one, &filter.statuses, since, before, limit_plus_one(page))?;
            let key =
                |details: TicketDetails| (Cursor::at_row(details.ticket.created_at, details.ticket.id.get()), details);
            return Ok(newest.into_iter().map(key).collect());
        }
        let query = ListQuery::of(self, filter)?;
        let keys = match sort {
            Sort::Rank => query.page_by_rank((level, second, id), limit)?,
            Sort::Created | Sort::Updated | Sort::Level => query.page(sort, (level, second, id), limit)?,
        };
        query.details(keys.into_iter().map(|(level, second, id)| Cursor { sort, level, second, id }))
    }
}

/// Returns the customer if the filter restricts only one customer, statuses and times, and true if tickets of groups
/// are included.
fn single_customer(filter: &TicketFilter, sort: Sort) -> Option<(CustomerId, bool)> {
    let TicketFilter { services, issues, levels, owners, customers, search, .. } = filter;
    let plain = services.is_empty() && issues.is_empty() && levels.is_empty() && search.is_none();
    match (customers.as_slice(), owners.as_slice()) {
        ([one], []) if plain && sort == Sort::Created => Some((*one, true)),
        ([], [one]) if plain && sort == Sort::Created => Some((*one, false)),
        _ => None,
    }
}

/// Returns the levels that match a filter, highest first.
fn descending_levels(named: &[Level]) -> Vec<Level> {
    Level::ALL.iter().rev().copied().filter(|level| named.is_empty() || named.contains(level)).collect()
}

/// Filter as parameters of the statements.
struct ListQuery<'l> {
    unit: &'l SqliteUnit<'l>,
    since: i64,
    until: i64,
    statuses: FilterValues,
    levels: FilterValues,
    services: FilterValues,
    issues: FilterValues,
    owners: Option<String>,
    undone: bool,
    /// Levels that match, highest first.
    descending_levels: Vec<Level>,
    grams: Option<String>,
    words: Option<&'l str>,
    /// Ids that include all matches, if they are few.
    candidates: Option<Vec<i64>>,
}

/// Enum values that match: the first, and all as a JSON array; none if every value matches.
struct FilterValues {
    first: Option<String>,
    all: Option<String>,
}

impl FilterValues {
    fn of<T: Copy + PartialEq + Display>(named: &[T], list: &[T]) -> Self {
        let words: Vec<_> = list.iter().filter(|one| named.contains(one)).map(ToString::to_string).collect();
        let narrows = !words.is_empty() && words.len() < list.len();
        let all = narrows.then(|| format!("[\"{}\"]", words.join("\",\"")));
        Self { first: words.into_iter().next().filter(|_| narrows), all }
    }

    /// Returns the JSON array if it has several values.
    fn several_values(&self) -> Option<&str> {
        self.all.as_deref().filter(|array| array.contains(','))
    }
}

impl<'l> ListQuery<'l> {
    fn of(unit: &'l SqliteUnit<'l>, filter: &'l TicketFilter) -> Result<Self, Error> {
        let query = Self {
            unit,
            since: filter.since.map_or(i64::MIN, Timestamp::second),
            // One second is added to it.
            until: filter.until.map_or(i64::MAX - 1, Timestamp::second),
            statuses: FilterValues::of(&filter.statuses, Status::ALL),
            levels: FilterValues::of(&filter.levels, Level::ALL),
            services: FilterValues::of(&filter.services, ServiceType::ALL),
            issues: FilterValues::of(&filter.issues, IssueType::ALL),
            owners: (!filter.owners.is_empty()).then(|| json_ids(filter.owners.iter().copied())),
            undone: !filter.statuses.is_empty() && !filter.statuses.iter().any(|status| status.is_done()),
            descending_levels: descending_levels(&filter.levels),
            grams: filter.search.as_ref().map(match_expression),
            words: filter.search.as_ref().map(SearchQuery::text),
            candidates: None,
        };
        let candidates = query.find_candidates(filter)?;
        Ok(Self { candidates, ..query })
    }

    fn find_candidates(&self, filter: &TicketFilter) -> Result<Option<Vec<i64>>, Error> {
        let id = |row: &rusqlite::Row<'_>| row.get(0);
        let members = json_ids(filter.customers.iter().copied());
        if !filter.customers.is_empty() {
            return self.unit.query_all(sql!("tickets/of_customers"), [&members, &members], id).map(Some);
        }
        if let Some(owners) = &self.owners {
            return self.unit.query_all(sql!("tickets/of_customers"), [owners, &members], id).map(Some);
        }
        let Some(grams) = &self.grams else { return Ok(None) };
        let found = self.unit.query_all(sql!("tickets/search_candidates"), params![grams, MAX_CANDIDATES + 1], id)?;
        Ok(Some(found).filter(|found| found.len() <= usize::from(MAX_CANDIDATES)))
    }

    /// Returns a page ordered by time or level.
    fn page(&self, sort: Sort, after: SortKey, limit: usize) -> Result<Vec<SortKey>, Error> {
        let Some(candidates) = &self.candidates else { return self.scan_index(sort, after, limit) };
        let key = |(id, _, level, created, updated)| match sort {
            Sort::Created | Sort::Rank => (0, created, id),
            Sort::Updated => (0, updated, id),
            Sort::Level => (level, created, id),
        };
        let mut keys: Vec<SortKey> = self.matching_candidates(candidates, sort)?.into_iter().map(key).collect();
        keys.retain(|key| *key < after);
        keys.sort_unstable_by_key(|key| Reverse(*key));
        keys.truncate(limit);
        Ok(keys)
    }

    /// Returns a page by a scan of a time index; ordered by level, by one scan for each level.
    fn scan_index(&self, sort: Sort, (level_before, time, id): SortKey, limit: usize) -> Result<Vec<SortKey>, Error> {
        if sort != Sort::Level {
            return self.scan_time_index(sort, &self.levels, (time, id), limit);
        }
        let mut keys = Vec::new();
        for level in &self.descending_levels {
            let (this, left) = (i64::from(level.get()), limit - keys.len());
            let before = if this < level_before { (i64::MAX, i64::MAX) } else { (time, id) };
            if this <= level_before && left > 0 {
                let only = FilterValues::of(&[*level], Level::ALL);
                let walked = self.scan_time_index(sort, &only, before, left)?;
                keys.extend(walked.into_iter().map(|(_, time, id)| (this, time, id)));
            }
        }
        Ok(keys)
    }

    fn scan_time_index(
        &self,
        sort: Sort,
        levels: &FilterValues,
        before: (i64, i64),
        limit: usize,
    ) -> Result<Vec<SortKey>, Error> {
        // Starts the scan at the end of the filter's time range.
        let (time, id) = before.min((self.until + 1, 0));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let Self { since, statuses, services, issues, grams, words, .. } = self;
        let several = [statuses, levels, services, issues].map(FilterValues::several_values);
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
        self.unit.query_all(sql, &*params, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    /// Returns those of some tickets that match the filter.
    fn matching_candidates(&self, ids: &[i64], sort: Sort) -> Result<Vec<Candidate>, Error> {
        let Self { since, until, statuses, levels, services, issues, owners, words, .. } = self;
        let ids = json_numbers(ids.iter().copied());
        let by_moves = sort == Sort::Updated;
        let [statuses, levels, services, issues] = [statuses, levels, services, issues].map(|members| &members.all);
        let params = params![ids, by_moves, since, until, statuses, levels, services, issues, owners, words];
        let mut found: Vec<Candidate> =
            self.unit.query_all(sql!("tickets/matching_candidates"), params, |row| row.try_into())?;
        found.retain(|(_, rank, ..)| *rank > 0);
        Ok(found)
    }

    /// Returns a page of search matches: the newest thousand by rank, then the thousand before them. A key has the id
    /// of the first ticket in its thousand, so that new tickets do not shift the pages.
    fn page_by_rank(&self, (rank, first, id): SortKey, limit: usize) -> Result<Vec<SortKey>, Error> {
        let opened = self.unit.query_optional(sql!("tickets/find"), [first], |row| row.get("created_at"))?;
        let mut top = opened.map_or(FIRST_KEY, |opened| (0, opened, first + 1));
        let (mut after, mut keys) = ((rank, id), Vec::new());
        while keys.len() < limit {
            let mut window = self.page(Sort::Created, top, RANK_WINDOW + 1)?;
            let next = window.get(RANK_WINDOW).copied();
            window.truncate(RANK_WINDOW);
            let ids: Vec<_> = window.iter().map(|(.., id)| *id).collect();
            let Some(first) = ids.first().copied() else { break };
            let ranks = self.matching_candidates(&ids, Sort::Rank)?.into_iter().map(|(id, rank, ..)| (rank, id));
            let mut best: Vec<_> = ranks.filter(|key| *key < after).collect();
            best.sort_unstable_by_key(|key| Reverse(*key));
            keys.extend(best.into_iter().map(|(rank, id)| (rank, first, id)));
            let Some((_, opened, id)) = next else { break };
            (top, after) = ((0, opened, id + 1), (i64::MAX, i64::MAX));
        }
        keys.truncate(limit);
        Ok(keys)
    }

    /// Returns the tickets for some cursors, in the order of the cursors.
    fn details(&self, keys: impl Iterator<Item = Cursor>) -> Result<Vec<(Cursor, TicketDetails)>, Error> {
        let keys: Vec<_> = keys.collect();
        let ids = json_numbers(keys.iter().map(|key| key.id));
        let mut tickets = self.unit.query_all(sql!("tickets/details_of"), [ids], details)?;
        tickets.sort_unstable_by_key(|details| details.ticket.id);
        let found = |key: Cursor| {
            let at = tickets.binary_search_by_key(&key.id, |details| details.ticket.id.get()).ok()?;
            Some((key, tickets[at].clone()))
        };
        Ok(keys.into_iter().filter_map(found).collect())
    }
}
