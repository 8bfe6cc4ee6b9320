//! A unit of work on one connection, and the few ways in which its methods run a statement.

use std::cell::Cell;

use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::{error, sql, stale_wal};
use crate::model::audit::{Hash, Head};
use crate::model::{Error, StoreError, Timestamp};
use crate::store::{
    AuditLog, Customers, Deliveries, Events, Health, IdempotencyKeys, Leases, Ledger, Notifications, Operations,
    References, Retention, Tickets, Tokens, Unit, Webhooks,
};

/// A unit of work on a connection that is inside a transaction.
pub(super) struct SqliteUnit<'c> {
    connection: &'c Connection,
    name: &'c str,
    /// Where the audit log ends, once this transaction has added to it.
    audit_head: Option<AuditHead>,
    /// Writes that were asked for.
    writes: Cell<u64>,
}

/// Where the audit log ends within a transaction; it is written once, before the commit.
#[derive(Clone, Copy)]
pub(super) struct AuditHead {
    pub(super) head: Head,
    /// The number of the next entry.
    pub(super) next: i64,
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
        Self { connection, name, audit_head: None, writes: Cell::new(0) }
    }

    /// A further unit of a transaction whose units before it left the audit log's end here.
    pub(super) fn with_audit_head(self, audit_head: Option<AuditHead>) -> Self {
        Self { audit_head, ..self }
    }

    /// Where the audit log ends now, if this transaction has added to it.
    pub(super) fn audit_head(&self) -> Option<AuditHead> {
        self.audit_head
    }

    /// Begins a snapshot that ends when the guard goes.
    pub(super) fn begin_snapshot(&self) -> Result<Snapshot<'c>, Error> {
        let begun = self.connection.prepare_cached("BEGIN DEFERRED").and_then(|mut begin| begin.execute([]));
        begun.map_err(|error| self.error(error))?;
        Ok(Snapshot(self.connection))
    }

    /// Where the audit log ends now.
    pub(super) fn read_audit_head(&mut self) -> Result<AuditHead, Error> {
        if let Some(end) = self.audit_head {
            return Ok(end);
        }
        let end = self.query_optional(sql!("audit_log/head"), [], |row| {
            Ok(AuditHead { head: Head { entries: row.get(0)?, hash: Hash(row.get(1)?) }, next: row.get(2)? })
        })?;
        end.ok_or_else(|| Error::store(StoreError::Damaged(self.name.into()), "the audit log has no head"))
    }

    /// Notes where the audit log ends after one more entry.
    pub(super) fn set_audit_head(&mut self, head: AuditHead) {
        self.audit_head = Some(head);
    }

    /// Writes what the transaction has gathered, and the tag of a commit that has `written`; nothing is run in it afterwards.
    pub(super) fn finish(&mut self, written: bool) -> Result<(), Error> {
        if written {
            stale_wal::move_tag(self.connection).map_err(|error| self.error(error))?;
        }
        if let Some(AuditHead { head, .. }) = self.audit_head.take() {
            self.execute(sql!("audit_log/move_head"), params![head.entries, head.hash.0])?;
        }
        Ok(())
    }

    /// Runs a statement and says how many rows it changed.
    pub(super) fn execute(&self, sql: &str, params: impl Params) -> Result<usize, Error> {
        self.try_execute(sql, params).map_err(|error| self.error(error))
    }

    /// The same, for whoever reads the engine's own error.
    pub(super) fn try_execute(&self, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
        self.writes.set(self.writes.get() + 1);
        self.connection.prepare_cached(sql)?.execute(params)
    }

    /// Writes a row and returns its id.
    pub(super) fn insert_returning_id(&self, sql: &str, params: impl Params) -> Result<i64, Error> {
        self.execute(sql, params)?;
        Ok(self.connection.last_insert_rowid())
    }

    /// The one row, if it is there.
    pub(super) fn query_optional<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        let row = self.connection.prepare_cached(sql).and_then(|mut statement| statement.query_row(params, read));
        row.optional().map_err(|error| self.error(error))
    }

    /// Every row, in order.
    pub(super) fn query_all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let rows = self.connection.prepare_cached(sql).and_then(|mut s| s.query_map(params, read)?.collect());
        rows.map_err(|error| self.error(error))
    }

    /// Its connection.
    pub(super) fn connection(&self) -> &'c Connection {
        self.connection
    }

    /// The store's file as it was named.
    pub(super) fn name(&self) -> &'c str {
        self.name
    }

    pub(super) fn error(&self, error: rusqlite::Error) -> Error {
        error::from_engine(self.name, error)
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
        self.execute(sql!("unit/pulse"), [now.second()])?;
        Ok(())
    }
}
