//! Walks along indexes in the order of a list, and their merge.

use std::cmp::Reverse;

use rusqlite::ToSql;

use super::super::row::json_numbers;
use super::super::sql;
use super::cell::STRETCHES;
use super::{Key, List, Much};
use crate::model::page::Sort;
use crate::model::{Error, Level};

/// Places that are looked at together where some of them may not pass.
const STRIDE: usize = 1_000;

/// What a list walks along.
pub(super) enum Along {
    /// All tickets.
    All,
    /// Those of some cells.
    Cells(Vec<i64>),
    /// Those of each stretch, in some cells where such are named.
    Stretches(Option<String>),
    /// Those of the filter's customers.
    Customers,
}

/// One walk: from before a place, not before a time, along the part of an index that begins with a number.
struct Walk {
    floor: i64,
    before: (i64, i64),
    part: Option<i64>,
}

impl List<'_> {
    /// A page in the order of time, or of levels: all that one level has comes before the next.
    pub(super) fn in_order(&self, sift: bool) -> Result<Vec<Key>, Error> {
        if self.ask.after.sort != Sort::Level {
            return self.walk(&self.along(), self.after, sift);
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

    /// What a list in the order of time walks along.
    fn along(&self) -> Along {
        let cells = self.names_cells().then(|| self.cells(None));
        match (self.ask.after.sort, cells) {
            (Sort::Updated, Some(cells)) if !self.names_span() => Along::Cells(cells),
            (Sort::Updated, cells) => Along::Stretches(cells.map(json_numbers)),
            (_, Some(cells)) => Along::Cells(cells),
            (_, None) => Along::All,
        }
    }

    /// Places in the order of time; where some may not pass what is walked along, they are sifted, more at a time the
    /// rarer they are.
    pub(super) fn walk(&self, along: &Along, after: Key, sift: bool) -> Result<Vec<Key>, Error> {
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
    fn merged(&self, along: &Along, after: (i64, i64), limit: usize) -> Result<Vec<(i64, i64)>, Error> {
        let count = i64::try_from(limit).unwrap_or(i64::MAX);
        let born = self.names_span().then_some(*self.span.start());
        let mut floor = i64::MIN;
        let mut page: Vec<(i64, i64)> = Vec::new();
        let mut statement = self.unit.statement(self.statement(along))?;
        for walk in self.walks(along, after) {
            let floor_of_walk = floor.max(walk.floor);
            let mut params: Vec<&dyn ToSql> = vec![&floor_of_walk, &walk.before.0, &walk.before.1, &count];
            params.extend(walk.part.iter().map(|part| part as &dyn ToSql));
            if let Along::Stretches(cells) = along {
                params.extend([&born as &dyn ToSql, self.span.end(), cells]);
            }
            let found = statement.all(&*params, |row| Ok((row.get(0)?, row.get(1)?)))?;
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

    fn statement(&self, along: &Along) -> &'static str {
        let updated = self.ask.after.sort == Sort::Updated;
        match along {
            Along::All => sql!("ticket/newest"),
            Along::Cells(_) if updated => sql!("ticket/cell_updated"),
            Along::Cells(_) => sql!("ticket/cell_newest"),
            Along::Stretches(_) => sql!("ticket/moved"),
            Along::Customers => sql!("ticket/customer_newest"),
        }
    }

    fn walks(&self, along: &Along, after: (i64, i64)) -> Vec<Walk> {
        let (since, until) = (*self.span.start(), *self.span.end());
        // What was opened later than the span, or moved later than anything of it could, is passed over at once.
        let before = |last: i64| if after.0 <= last { after } else { (last + 1, 0) };
        let walk = |part| Walk { floor: since, before: before(until), part };
        match along {
            Along::All => vec![walk(None)],
            Along::Cells(cells) if self.ask.after.sort == Sort::Updated => {
                cells.iter().map(|cell| Walk { floor: i64::MIN, before: after, part: Some(*cell) }).collect()
            }
            Along::Cells(cells) => cells.iter().copied().map(Some).map(walk).collect(),
            Along::Stretches(_) => {
                let stretch = |(number, (least, beyond)): (i64, (i64, i64))| Walk {
                    floor: since.saturating_add(least),
                    before: before(until.saturating_add(beyond - 1).min(i64::MAX - 1)),
                    part: Some(number),
                };
                (0..).zip(STRETCHES).map(stretch).collect()
            }
            Along::Customers => {
                let mut ids: Vec<_> = self.filter.customers.iter().map(|customer| customer.get()).collect();
                ids.sort_unstable();
                ids.dedup();
                ids.into_iter().map(Some).map(walk).collect()
            }
        }
    }

    /// All tickets along some walks in the order in which they were opened, where they are so many at most.
    pub(super) fn few_along(&self, along: &Along, most: usize) -> Result<Option<Vec<i64>>, Error> {
        let (since, until) = (*self.span.start(), *self.span.end());
        let sql = match along {
            Along::All | Along::Stretches(_) => sql!("ticket/newest"),
            Along::Cells(_) => sql!("ticket/cell_newest"),
            Along::Customers => sql!("ticket/customer_newest"),
        };
        let parts: Vec<Option<i64>> = match along {
            Along::All | Along::Stretches(_) => vec![None],
            Along::Cells(cells) => cells.iter().copied().map(Some).collect(),
            Along::Customers => self.filter.customers.iter().map(|customer| Some(customer.get())).collect(),
        };
        let mut few = Vec::new();
        let mut statement = self.unit.statement(sql)?;
        for part in parts {
            let left = i64::try_from(most + 1 - few.len()).unwrap_or(i64::MAX);
            let before = until.saturating_add(1);
            let mut params: Vec<&dyn ToSql> = vec![&since, &before, &0, &left];
            params.extend(part.iter().map(|part| part as &dyn ToSql));
            few.extend(statement.all(&*params, |row| row.get::<_, i64>(1))?);
            if few.len() > most {
                return Ok(None);
            }
        }
        Ok(Some(few))
    }

    /// Those of some places whose tickets pass the filter.
    fn sifted(&self, page: Vec<(i64, i64)>) -> Result<Vec<(i64, i64)>, Error> {
        let ids: Vec<_> = page.iter().map(|(_, id)| *id).collect();
        let mut passing: Vec<_> = self.among(&ids, Much::All)?.into_iter().map(|found| found.id).collect();
        passing.sort_unstable();
        Ok(page.into_iter().filter(|(_, id)| passing.binary_search(id).is_ok()).collect())
    }
}
