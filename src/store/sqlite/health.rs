//! State and size of the store.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, Row, params};

use super::files::with_suffix;
use super::migrations::MIGRATIONS;
use super::row::Columns;
use super::unit::SqliteUnit;
use super::{error, sql};
use crate::model::health::{
    Integrity, LeaseFacts, MailFacts, RowCounts, StorageFacts, TOKEN_EXPIRY_NOTICE, WebhookFacts,
};
use crate::model::store_check::Orphan;
use crate::model::{Error, TicketId, Timestamp, WebhookId};
use crate::store::Health;

/// Maximum number of findings of one kind.
const MAX_FINDINGS: u32 = 100;
/// Number of virtual machine instructions between two checks of the clock.
const PROGRESS_INTERVAL: i32 = 10_000;

impl Health for SqliteUnit<'_> {
    fn storage(&mut self) -> Result<StorageFacts, Error> {
        let path = self.connection().path().unwrap_or_default().to_owned();
        let found = fs::metadata(&path).map_err(|error| error::from_io(self.name(), error))?;
        let version = self.connection().pragma_query_value(None, "user_version", |row| row.get(0));
        Ok(StorageFacts {
            location: self.name().into(),
            bytes: found.len(),
            mode: found.permissions().mode(),
            wal_bytes: file_size(&with_suffix(Path::new(&path), "-wal"))
                .map_err(|error| error::from_io(self.name(), error))?,
            schema: version.map_err(|error| self.error(error))?,
            engine: rusqlite::version().to_owned(),
        })
    }

    fn row_counts(&mut self, now: Timestamp, soon: Timestamp) -> Result<RowCounts, Error> {
        let params = params![now.second(), soon.second(), TOKEN_EXPIRY_NOTICE];
        let found = self.query_optional(sql!("health/row_counts"), params, row_counts)?;
        found.ok_or_else(|| self.error(rusqlite::Error::QueryReturnedNoRows))
    }

    fn table_rows(&mut self) -> Result<BTreeMap<String, i64>, Error> {
        let rows = self.query_all(sql!("health/table_rows"), [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.into_iter().collect())
    }

    fn dead_deliveries(&mut self) -> Result<i64, Error> {
        Ok(self.query_optional(sql!("health/dead_deliveries"), [], |row| row.get(0))?.unwrap_or_default())
    }

    fn dead_mails(&mut self) -> Result<i64, Error> {
        Ok(self.query_optional(sql!("health/dead_mails"), [], |row| row.get(0))?.unwrap_or_default())
    }

    fn mails(&mut self) -> Result<MailFacts, Error> {
        let found = self.query_optional(sql!("health/mails"), [], |row| {
            let mut columns = Columns::new(row);
            Ok(MailFacts { waiting: columns.value()?, retried: columns.value()?, dead: columns.value()? })
        })?;
        found.ok_or_else(|| self.error(rusqlite::Error::QueryReturnedNoRows))
    }

    fn webhooks(&mut self) -> Result<Vec<WebhookFacts>, Error> {
        self.query_all(sql!("health/webhooks"), [], |row| {
            let mut columns = Columns::new(row);
            Ok(WebhookFacts {
                webhook_id: columns.parse("webhook id", WebhookId::new)?,
                url: columns.value()?,
                disabled_at: columns.optional_time()?,
                waiting: columns.value()?,
            })
        })
    }

    fn delivery_lease(&mut self) -> Result<Option<LeaseFacts>, Error> {
        self.query_optional(sql!("health/lease"), [], |row| {
            let mut columns = Columns::new(row);
            Ok(LeaseFacts { holder: columns.value()?, since: columns.time()?, seen_at: columns.time()? })
        })
    }

    fn has_current_schema(&mut self) -> Result<bool, Error> {
        let version: i64 = self
            .connection()
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(|error| self.error(error))?;
        Ok(usize::try_from(version).is_ok_and(|version| version == MIGRATIONS.len()))
    }

    fn integrity_errors(&mut self) -> Result<Vec<String>, Error> {
        let check = format!("PRAGMA integrity_check({MAX_FINDINGS})");
        check_errors(self.connection(), &check).map_err(|error| self.error(error))
    }

    fn orphans(&mut self) -> Result<Vec<Orphan>, Error> {
        let mut orphans = foreign_key_violations(self.connection()).map_err(|error| self.error(error))?;
        if !self.has_current_schema()? {
            return Ok(orphans);
        }
        orphans.extend(self.query_all(sql!("health/orphans"), params![MAX_FINDINGS], |row| {
            Ok(Orphan { table: row.get(0)?, id: row.get(1)?, parent: row.get(2)? })
        })?);
        Ok(orphans)
    }

    fn integrity(&mut self, limit: Option<Duration>) -> Result<Integrity, Error> {
        let connection = self.connection();
        match limit {
            Some(limit) => quick_check(connection, limit),
            None => full_check(connection),
        }
        .map_err(|error| self.error(error))
    }
}

/// Returns the size of a file; 0 if there is none.
fn file_size(path: &Path) -> io::Result<u64> {
    match fs::metadata(path) {
        Ok(found) => Ok(found.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

fn row_counts(row: &Row<'_>) -> rusqlite::Result<RowCounts> {
    let mut columns = Columns::new(row);
    Ok(RowCounts {
        open: columns.value()?,
        escalated: columns.value()?,
        closed: columns.value()?,
        oldest: {
            let ticket = columns.parse_optional("ticket id", TicketId::new)?;
            ticket.zip(columns.optional_time()?)
        },
        events: columns.value()?,
        audience: columns.value()?,
        retried: columns.value()?,
        dead: columns.value()?,
        unread: columns.value()?,
        ending: columns.value()?,
    })
}

/// Runs `PRAGMA quick_check`, and stops it after `limit`.
fn quick_check(connection: &Connection, limit: Duration) -> rusqlite::Result<Integrity> {
    let began = Instant::now();
    connection.progress_handler(PROGRESS_INTERVAL, Some(move || began.elapsed() > limit))?;
    let found = check_errors(connection, "PRAGMA quick_check(10)");
    connection.progress_handler(PROGRESS_INTERVAL, None::<fn() -> bool>)?;
    match found {
        Ok(errors) => Ok(Integrity { finished: true, errors }),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
            Ok(Integrity { finished: false, errors: Vec::new() })
        }
        Err(error) => Err(error),
    }
}

/// Returns the errors of `PRAGMA quick_check`, without a time limit.
pub(super) fn quick_check_errors(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    check_errors(connection, "PRAGMA quick_check(10)")
}

/// Runs `PRAGMA integrity_check` and `PRAGMA foreign_key_check`.
fn full_check(connection: &Connection) -> rusqlite::Result<Integrity> {
    let mut errors = check_errors(connection, "PRAGMA integrity_check(10)")?;
    let violations = foreign_key_violations(connection)?.into_iter().take(20 - errors.len());
    errors
        .extend(violations.map(|Orphan { table, id, parent }| {
            format!("{table} {}: no such row in {parent}", id.unwrap_or_default())
        }));
    Ok(Integrity { finished: true, errors })
}

/// Returns the first violations of foreign keys.
fn foreign_key_violations(connection: &Connection) -> rusqlite::Result<Vec<Orphan>> {
    let mut violations = connection.prepare("PRAGMA foreign_key_check")?;
    let rows =
        violations.query_map([], |row| Ok(Orphan { table: row.get(0)?, id: row.get(1)?, parent: row.get(2)? }))?;
    rows.take(MAX_FINDINGS as usize).collect()
}

/// Returns the errors that a check reports; none if it reports `ok`.
fn check_errors(connection: &Connection, check: &str) -> rusqlite::Result<Vec<String>> {
    let mut check = connection.prepare(check)?;
    let lines: Vec<String> = check.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(if lines == ["ok"] { Vec::new() } else { lines })
}
