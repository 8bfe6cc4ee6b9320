//! Lists of what holds some words. Ids nearly always follow time, and the store knows up to which ticket they may not: so
//! a span of time is a range of ids, and what the index of words finds by id is found in the order of time.

use std::cmp::Reverse;
use std::ops::RangeInclusive;

use rusqlite::ToSql;

use super::super::search::{self, WordsEnd};
use super::super::sql;
use super::{FEW, Found, Key, List, Much};
use crate::model::Error;
use crate::model::page::{Cursor, Sort};
use crate::model::words::Words;

/// Tickets whose words are compared with each other for one order of ranks.
const WINDOW: usize = 1_000;

/// Where the candidates of a search come from.
enum Source {
    /// From the index of words.
    Index(Search),
    /// From few that are known already to pass, the highest id first.
    Few(Vec<Found>),
}

/// A thousand candidates, or the last of them.
struct Window {
    /// The first of them.
    first: i64,
    /// The ranks and ids of those that pass.
    best: Vec<(i64, i64)>,
    /// The candidate after them.
    next: Option<i64>,
}

/// A search in the index of words.
struct Search {
    grams: String,
    end: WordsEnd,
    /// The ids that the filter's span leaves, of those in the index.
    ids: RangeInclusive<i64>,
    /// What is not in the index yet and answers but for status, level and time, the highest id first.
    new: Vec<i64>,
}

impl List<'_> {
    /// A page of what holds the words, in any order but that of ranks.
    pub(super) fn with_words(&self, words: &Words) -> Result<Vec<Key>, Error> {
        if let Some(few) = self.few(FEW)? {
            return Ok(self.page(&self.among(&few, Much::All)?));
        }
        let search = self.search(words)?;
        let mixed = search.end.mixed;
        let (mut found, mut ids) = (self.among(&search.new, Much::All)?, search.ids.clone());
        if self.ask.after.sort == Sort::Created && *ids.end() > mixed {
            let (enough, from) = (self.limit + found.len(), (*ids.start()).max(mixed + 1));
            if self.stream(&search, from..=*ids.end(), enough, &mut found)? || *ids.start() > mixed {
                return Ok(self.page(&found));
            }
            ids = *ids.start()..=mixed;
        }
        let rest = self.indexed(&search.grams, ids, FEW + 1)?;
        if rest.len() > FEW {
            return self.in_order(true);
        }
        found.extend(self.among(&rest, Much::All)?);
        Ok(self.page(&found))
    }

    /// What passes among ids that follow time, from the newest on, until it is enough; whether it was.
    fn stream(
        &self,
        search: &Search,
        ids: RangeInclusive<i64>,
        enough: usize,
        found: &mut Vec<Found>,
    ) -> Result<bool, Error> {
        let (from, mut to) = ids.into_inner();
        let mut stride = self.limit;
        loop {
            let some = self.indexed(&search.grams, from..=to, stride)?;
            found.extend(self.among(&some, Much::All)?.into_iter().filter(|one| one.key(Sort::Created) < self.after));
            if found.len() >= enough {
                return Ok(true);
            }
            match some.last() {
                Some(last) if some.len() == stride => to = last - 1,
                _ => return Ok(false),
            }
            stride = (stride * 2).min(WINDOW.max(self.limit));
        }
    }

    /// A page of what holds the words, the best of the newest thousand first, then of the thousand before. A place names
    /// the first of its thousand, so that tickets added since do not disturb it.
    pub(super) fn ranked(&self, words: &Words) -> Result<Vec<Cursor>, Error> {
        let source = match self.few(FEW)? {
            Some(few) => {
                let mut few = self.among(&few, Much::All)?;
                few.sort_unstable_by_key(|found| Reverse(found.id));
                Source::Few(few)
            }
            None => Source::Index(self.search(words)?),
        };
        let (rank, mut top, id) = self.after;
        let mut after = (rank, id);
        let mut places = Vec::new();
        loop {
            let Window { first, mut best, next } = self.window(&source, top)?;
            best.retain(|place| *place < after);
            best.sort_unstable_by_key(|place| Reverse(*place));
            let place = |(rank, id)| Cursor { sort: Sort::Rank, level: rank, second: first, id };
            places.extend(best.into_iter().map(place));
            match next {
                Some(next) if places.len() < self.limit => (top, after) = (next, (i64::MAX, i64::MAX)),
                _ => break,
            }
        }
        places.truncate(self.limit);
        Ok(places)
    }

    /// The next thousand candidates, from this id down.
    fn window(&self, source: &Source, top: i64) -> Result<Window, Error> {
        let ranks = |found: &Found| (found.rank, found.id);
        match source {
            Source::Few(few) => {
                let few = &few[few.partition_point(|found| found.id > top)..];
                let window = &few[..few.len().min(WINDOW)];
                let first = window.first().map_or(top, |found| found.id);
                let next = few.get(WINDOW).map(|found| found.id);
                Ok(Window { first, best: window.iter().map(ranks).collect(), next })
            }
            Source::Index(search) => {
                let (from, to) = search.ids.clone().into_inner();
                let mut window: Vec<_> = search.new.iter().copied().filter(|id| *id <= top).take(WINDOW + 1).collect();
                let left = WINDOW + 1 - window.len();
                window.extend(self.indexed(&search.grams, from..=to.min(top), left)?);
                let (first, next) = (window.first().copied().unwrap_or(top), window.get(WINDOW).copied());
                window.truncate(WINDOW);
                Ok(Window { first, best: self.among(&window, Much::All)?.iter().map(ranks).collect(), next })
            }
        }
    }

    fn search(&self, words: &Words) -> Result<Search, Error> {
        let end = self.unit.words_end()?;
        let new = self.unit.all(sql!("ticket/found_new"), [end.ticket, i64::MAX], |row| row.get(0))?;
        let mut new: Vec<_> = self.among(&new, Much::Lasting)?.into_iter().map(|found| found.id).collect();
        new.sort_unstable_by_key(|id| Reverse(*id));
        Ok(Search { grams: search::expression(words, self.filter), ids: self.ids(end)?, end, new })
    }

    /// The ids, among those in the index of words, of what was opened within the span and comes after the place that is
    /// asked for. Of the mixed ones any may have been.
    fn ids(&self, end: WordsEnd) -> Result<RangeInclusive<i64>, Error> {
        let mut before = (self.span.end().saturating_add(1), 0);
        if self.ask.after.sort == Sort::Created {
            before = before.min((self.after.1, self.after.2));
        }
        let last = if before.0 == i64::MAX {
            end.ticket
        } else {
            let found =
                self.unit.one(sql!("ticket/edge_newest"), (before.0, before.1, end.ticket), |row| row.get(0))?;
            found.unwrap_or(0).max(end.mixed)
        };
        let first = if *self.span.start() == i64::MIN {
            0
        } else {
            let params: [&dyn ToSql; 2] = [self.span.start(), &end.ticket];
            let found: Option<i64> = self.unit.one(sql!("ticket/edge_oldest"), params, |row| row.get(0))?;
            match found {
                None => end.ticket + 1,
                Some(first) if first > end.mixed => first,
                Some(_) => 0,
            }
        };
        Ok(first..=last)
    }

    /// What the index finds in a range of ids, the highest first.
    fn indexed(&self, grams: &str, ids: RangeInclusive<i64>, limit: usize) -> Result<Vec<i64>, Error> {
        if ids.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let params: [&dyn ToSql; 4] = [&grams, ids.start(), ids.end(), &limit];
        self.unit.all(sql!("ticket/found"), params, |row| row.get(0))
    }
}
