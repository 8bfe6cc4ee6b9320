//! Unit of work on one connection, and its methods that execute statements.

use std::cell::Cell;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::{error, free_space, sql, stale_wal};
use crate::model::audit::{Hash, Head};
use crate::model::{Error, StoreError, Timestamp};
use crate::store::{
    AuditLog, Customers, Deliveries, Events, Health, IdempotencyKeys, Leases, Ledger, Notifications, Operations,
    References, Retention, Tickets, Tokens, Unit, Webhooks,
};

/// Unit of work on a connection inside a transaction.
pub(super) struct SqliteUnit<'c> {
    connection: &'c Connection,
    name: &'c str,
    /// Head of the audit log, if this transaction has moved it.
    audit_head: Option<AuditHead>,
    /// Number of writes.
    writes: Cell<u64>,
}

/// Head of the audit log within a transaction, which is stored once, before the commit.
#[derive(Clone, Copy)]
pub(super) struct AuditHead {
    pub(super) head: Head,
    /// Id of the next entry.
    pub(super) next: i64,
}

/// Guard that ends a snapshot.
pub(super) struct Snapshot<'c>(&'c Connection);

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        // Nothing was written, and the pool drops a connection whose transaction is still open.
        let _ = self.0.prepare_cached("ROLLBACK").and_then(|mut rollback| rollback.execute([]));
    }
}

impl<'c> SqliteUnit<'c> {
    pub(super) fn new(connection: &'c Connection, name: &'c str) -> Self {
        Self { connection, name, audit_head: None, writes: Cell::new(0) }
    }

    /// Sets the head of the audit log as earlier units of the transaction have moved it.
    pub(super) fn with_audit_head(self, audit_head: Option<AuditHead>) -> Self {
        Self { audit_head, ..self }
    }

    /// Returns the head of the audit log, if this transaction has moved it.
    pub(super) fn audit_head(&self) -> Option<AuditHead> {
        self.audit_head
    }

    /// Begins a snapshot that ends when the guard is dropped.
    pub(super) fn begin_snapshot(&self) -> Result<Snapshot<'c>, Error> {
        let begun = self.connection.prepare_cached("BEGIN DEFERRED").and_then(|mut begin| begin.execute([]));
        begun.map_err(|error| self.error(error))?;
        Ok(Snapshot(self.connection))
    }

    /// Returns the current head of the audit log.
    pub(super) fn read_audit_head(&mut self) -> Result<AuditHead, Error> {
        if let Some(end) = self.audit_head {
            return Ok(end);
        }
        let end = self.query_optional(sql!("audit_log/head"), [], |row| {
            Ok(AuditHead { head: Head { entries: row.get(0)?, hash: Hash(row.get(1)?) }, next: row.get(2)? })
        })?;
        end.ok_or_else(|| Error::store(StoreError::Damaged(self.name.into()), "the audit log has no head"))
    }

    /// Sets the head of the audit log after another entry.
    pub(super) fn set_audit_head(&mut self, head: AuditHead) {
        self.audit_head = Some(head);
    }

    /// Stores the head of the audit log and, if the transaction has `written`, the commit's tag. Must be the last
    /// statement before the commit.
    pub(super) fn finish(&mut self, written: bool) -> Result<(), Error> {
        if written {
            stale_wal::renew_tag(self.connection).map_err(|error| self.error(error))?;
        }
        if let Some(AuditHead { head, .. }) = self.audit_head.take() {
            self.execute(sql!("audit_log/move_head"), params![head.entries, head.hash.0])?;
        }
        Ok(())
    }

    /// Executes a statement. Returns the number of changed rows.
    pub(super) fn execute(&self, sql: &str, params: impl Params) -> Result<usize, Error> {
        self.try_execute(sql, params).map_err(|error| self.error(error))
    }

    /// Executes a statement. Returns SQLite's own error.
    pub(super) fn try_execute(&self, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
        self.writes.set(self.writes.get() + 1);
        self.connection.prepare_cached(sql)?.execute(params)
    }

    /// Inserts a row. Returns its id.
    pub(super) fn insert_returning_id(&self, sql: &str, params: impl Params) -> Result<i64, Error> {
        self.execute(sql, params)?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Returns the one row, if any.
    pub(super) fn query_optional<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        let row = self.connection.prepare_cached(sql).and_then(|mut statement| statement.query_row(params, read));
        row.optional().map_err(|error| self.error(error))
    }

    /// Returns all rows, in order.
    pub(super) fn query_all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let rows = self.connection.prepare_cached(sql).and_then(|mut s| s.query_map(params, read)?.collect());
        rows.map_err(|error| self.error(error))
    }

    pub(super) fn connection(&self) -> &'c Connection {
        self.connection
    }

    /// Returns the path of the database as the user gave it.
    pub(super) fn name(&self) -> &'c str {
        self.name
    }

    pub(super) fn error(&self, error: rusqlite::Error) -> Error {
        error::from_sqlite(self.name, error)
    }
}

impl Unit for SqliteUnit<'_> {
    fn tickets(&mut self) -> &mut dyn Tickets {
        self
    }

    fn customers(&mut self) -> &mut dyn Customers {
        self
    }

    fn references(&mut self) -> &mut dyn References {
        self
    }

    fn ledger(&mut self) -> &mut dyn Ledger {
        self
    }

    fn operations(&mut self) -> &mut dyn Operations {
        self
    }

    fn events(&mut self) -> &mut dyn Events {
        self
    }

    fn notifications(&mut self) -> &mut dyn Notifications {
        self
    }

    fn tokens(&mut self) -> &mut dyn Tokens {
        self
    }

    fn idempotency_keys(&mut self) -> &mut dyn IdempotencyKeys {
        self
    }

    fn audit_log(&mut self) -> &mut dyn AuditLog {
        self
    }

    fn writes(&self) -> u64 {
        self.writes.get()
    }

    fn webhooks(&mut self) -> &mut dyn Webhooks {
        self
    }

    fn retention(&mut self) -> &mut dyn Retention {
        self
    }

    fn deliveries(&mut self) -> &mut dyn Deliveries {
        self
    }

    fn leases(&mut self) -> &mut dyn Leases {
        self
    }

    fn health(&mut self) -> &mut dyn Health {
        self
    }

    fn pulse(&mut self, now: Timestamp) -> Result<(), Error> {
        free_space::check(Path::new(self.connection.path().unwrap_or_default()), self.name)?;
        self.execute(sql!("unit/pulse"), [now.second()])?;
        Ok(())
    }
}
