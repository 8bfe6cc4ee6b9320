//! A unit of work on one connection, and the few ways in which its methods run a statement.

use rusqlite::{Connection, OptionalExtension, Params, Row};

use super::{fault, sql};
use crate::model::{Error, Timestamp};
use crate::store::{Answers, People, Points, Tickets, Tokens, Trail, Unit};

/// A unit of work on a connection that is inside a transaction.
pub(super) struct SqliteUnit<'c> {
    connection: &'c Connection,
    name: &'c str,
}

/// The end of a snapshot, however its reader leaves.
pub(super) struct Snapshot<'c>(&'c Connection);

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        // Nothing was written; a connection that cannot even end its transaction is not used again by the pool.
        let _ = self.0.prepare_cached("ROLLBACK").and_then(|mut rollback| rollback.execute([]));
    }
}

impl<'c> SqliteUnit<'c> {
    pub(super) fn new(connection: &'c Connection, name: &'c str) -> Self {
        Self { connection, name }
    }

    /// Begins a snapshot that ends when the guard goes.
    pub(super) fn begin_snapshot(&self) -> Result<Snapshot<'c>, Error> {
        self.run("BEGIN DEFERRED", [])?;
        Ok(Snapshot(self.connection))
    }

    /// Runs a statement and says how many rows it changed.
    pub(super) fn run(&self, sql: &str, params: impl Params) -> Result<usize, Error> {
        self.try_run(sql, params).map_err(|error| self.fault(error))
    }

    /// The same, for whoever reads the engine's own error.
    pub(super) fn try_run(&self, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
        self.connection.prepare_cached(sql)?.execute(params)
    }

    /// Writes a row and returns its id.
    pub(super) fn write(&self, sql: &str, params: impl Params) -> Result<i64, Error> {
        self.run(sql, params)?;
        Ok(self.connection.last_insert_rowid())
    }

    /// The one row, if it is there.
    pub(super) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        let row = self.connection.prepare_cached(sql).and_then(|mut statement| statement.query_row(params, read));
        row.optional().map_err(|error| self.fault(error))
    }

    /// Every row, in order.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let rows = self.connection.prepare_cached(sql).and_then(|mut s| s.query_map(params, read)?.collect());
        rows.map_err(|error| self.fault(error))
    }

    pub(super) fn fault(&self, error: rusqlite::Error) -> Error {
        fault::of(self.name, error)
    }
}

impl Unit for SqliteUnit<'_> {
    fn tickets(&mut self) -> &mut dyn Tickets {
        self
    }

    fn people(&mut self) -> &mut dyn People {
        self
    }

    fn points(&mut self) -> &mut dyn Points {
        self
    }

    fn trail(&mut self) -> &mut dyn Trail {
        self
    }

    fn tokens(&mut self) -> &mut dyn Tokens {
        self
    }

    fn answers(&mut self) -> &mut dyn Answers {
        self
    }

    fn changes(&self) -> u64 {
        self.connection.total_changes()
    }

    fn pulse(&mut self, now: Timestamp) -> Result<(), Error> {
        self.run(sql!("store/pulse"), [now.second()])?;
        Ok(())
    }
}
