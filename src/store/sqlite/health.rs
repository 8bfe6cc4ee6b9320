//! How the file and its tables fare.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, Row, params};

use super::files::beside;
use super::row::Columns;
use super::unit::SqliteUnit;
use super::{error, sql};
use crate::model::health::{Integrity, LeaseFacts, MailFacts, StorageFacts, TOKEN_NOTICE, Tallies, WebhookFacts};
use crate::model::{Error, TicketId, Timestamp, WebhookId};
use crate::store::Health;

/// Steps of the engine between two looks at the clock.
const STEPS: i32 = 10_000;

impl Health for SqliteUnit<'_> {
    fn storage(&mut self) -> Result<StorageFacts, Error> {
        let path = self.connection().path().unwrap_or_default().to_owned();
        let found = fs::metadata(&path).map_err(|error| error::from_io(self.name(), error))?;
        let version = self.connection().pragma_query_value(None, "user_version", |row| row.get(0));
        Ok(StorageFacts {
            location: self.name().into(),
            bytes: found.len(),
            mode: found.permissions().mode(),
            wal_bytes: size(&beside(Path::new(&path), "-wal")).map_err(|error| error::from_io(self.name(), error))?,
            schema: version.map_err(|error| self.error(error))?,
            engine: rusqlite::version().to_owned(),
        })
    }

    fn tallies(&mut self, now: Timestamp, soon: Timestamp) -> Result<Tallies, Error> {
        let params = params![now.second(), soon.second(), TOKEN_NOTICE];
        let found = self.one(sql!("health/tallies"), params, tallies)?;
        found.ok_or_else(|| self.error(rusqlite::Error::QueryReturnedNoRows))
    }

    fn dead(&mut self) -> Result<i64, Error> {
        Ok(self.one(sql!("health/dead"), [], |row| row.get(0))?.unwrap_or_default())
    }

    fn dead_mails(&mut self) -> Result<i64, Error> {
        Ok(self.one(sql!("health/dead_mails"), [], |row| row.get(0))?.unwrap_or_default())
    }

    fn mails(&mut self) -> Result<MailFacts, Error> {
        let found = self.one(sql!("health/mails"), [], |row| {
            let mut columns = Columns::of(row);
            Ok(MailFacts { waiting: columns.plain()?, retried: columns.plain()?, dead: columns.plain()? })
        })?;
        found.ok_or_else(|| self.error(rusqlite::Error::QueryReturnedNoRows))
    }

    fn webhooks(&mut self) -> Result<Vec<WebhookFacts>, Error> {
        self.all(sql!("health/webhooks"), [], |row| {
            let mut columns = Columns::of(row);
            Ok(WebhookFacts {
                webhook_id: columns.checked("webhook id", WebhookId::new)?,
                url: columns.plain()?,
                disabled_at: columns.time_if_any()?,
                waiting: columns.plain()?,
            })
        })
    }

    fn delivery_lease(&mut self) -> Result<Option<LeaseFacts>, Error> {
        self.one(sql!("health/lease"), [], |row| {
            let mut columns = Columns::of(row);
            Ok(LeaseFacts { holder: columns.plain()?, since: columns.time()?, seen_at: columns.time()? })
        })
    }

    fn integrity(&mut self, most: Option<Duration>) -> Result<Integrity, Error> {
        let connection = self.connection();
        match most {
            Some(most) => bounded(connection, most),
            None => whole(connection),
        }
        .map_err(|error| self.error(error))
    }
}

/// A file's size; 0 where there is none.
fn size(path: &Path) -> io::Result<u64> {
    match fs::metadata(path) {
        Ok(found) => Ok(found.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

fn tallies(row: &Row<'_>) -> rusqlite::Result<Tallies> {
    let mut columns = Columns::of(row);
    Ok(Tallies {
        open: columns.plain()?,
        escalated: columns.plain()?,
        closed: columns.plain()?,
        oldest: {
            let ticket = columns.checked_if_any("ticket id", TicketId::new)?;
            ticket.zip(columns.time_if_any()?)
        },
        events: columns.plain()?,
        audience: columns.plain()?,
        retried: columns.plain()?,
        dead: columns.plain()?,
        unread: columns.plain()?,
        ending: columns.plain()?,
    })
}

/// The engine's quick check, stopped when its time is over.
fn bounded(connection: &Connection, most: Duration) -> rusqlite::Result<Integrity> {
    let began = Instant::now();
    connection.progress_handler(STEPS, Some(move || began.elapsed() > most))?;
    let found = errors(connection, "PRAGMA quick_check(10)");
    connection.progress_handler(STEPS, None::<fn() -> bool>)?;
    match found {
        Ok(errors) => Ok(Integrity { finished: true, errors }),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
            Ok(Integrity { finished: false, errors: Vec::new() })
        }
        Err(error) => Err(error),
    }
}

/// Every page, index and reference.
fn whole(connection: &Connection) -> rusqlite::Result<Integrity> {
    let mut errors = errors(connection, "PRAGMA integrity_check(10)")?;
    let mut stray = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = stray.query([])?;
    while let (Some(row), true) = (rows.next()?, errors.len() < 20) {
        let (table, id, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        errors.push(format!("{table} {}: no such row in {parent}", id.unwrap_or_default()));
    }
    Ok(Integrity { finished: true, errors })
}

/// What a check of the engine says, unless it says that all is well.
fn errors(connection: &Connection, check: &str) -> rusqlite::Result<Vec<String>> {
    let mut check = connection.prepare(check)?;
    let said: Vec<String> = check.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(if said == ["ok"] { Vec::new() } else { said })
}
