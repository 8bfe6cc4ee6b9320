//! Migration of a file to this program's version: all missing steps in one transaction.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::connect::Connector;
use super::file_check::{self, APPLICATION_ID};
use super::files::with_suffix;
use super::{Open, error, stale_wal};
use crate::model::Error;

/// Migrates the file, and keeps the connection for the first caller. Only reads a file that is up to date.
pub(super) fn migrate_to_latest(connector: &Connector, mode: Open) -> Result<(), Error> {
    let connection = connector.connect_after(stale_wal::tag_without_wal, |connection, tag| {
        tag.map_or(Ok(()), |tag| stale_wal::check_wal(connector.paths(), connection, tag))?;
        prepare(connector, connection, mode)
    })?;
    connector.keep_spare(connection);
    Ok(())
}

/// Runs the missing steps in one transaction, and enables the WAL.
fn prepare(connector: &Connector, connection: &Connection, mode: Open) -> Result<(), Error> {
    let failed = |error| connector.error(error);
    let steps = &connector.settings.migrations;
    let known = as_version(steps.len());
    let found = version(connection).map_err(failed)?;
    if found == 0 && mode == Open::Existing {
        return Err(file_check::missing(connector.name()));
    }
    if found > known {
        return Err(file_check::newer(connector.name(), found, known));
    }
    if found < known {
        connection.execute_batch("BEGIN IMMEDIATE").map_err(failed)?;
        let outcome = migrate(connection, connector, steps);
        let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = if connection.is_autocommit() { Ok(()) } else { connection.execute_batch(end) };
        outcome.and(ended.map_err(failed))?;
    }
    enable_wal(connection, connector.settings.busy_timeout).map_err(failed)
}

/// Runs the missing steps, if any: another process may have run them while this one waited for the lock.
fn migrate(connection: &Connection, connector: &Connector, steps: &[&str]) -> Result<(), Error> {
    let failed = |error| connector.error(error);
    let found = version(connection).map_err(failed)?;
    let known = as_version(steps.len());
    if found > known {
        return Err(file_check::newer(connector.name(), found, known));
    }
    if found == known {
        return Ok(());
    }
    if found > 0 {
        back_up(connector, found)?;
    }
    let applied = usize::try_from(found).unwrap_or_default();
    for step in steps.iter().skip(applied) {
        connection.execute_batch(step).map_err(failed)?;
    }
    connection.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    connection.pragma_update(None, "user_version", known).map_err(failed)
}

/// Copies the store to `FILE.v<N>.bak` before a migration, unless that exists. The caller holds the write lock, so that
/// the copy is current.
fn back_up(connector: &Connector, found: i64) -> Result<(), Error> {
    let copy = with_suffix(connector.paths().db(), &format!(".v{found}.bak"));
    let part = with_suffix(connector.paths().db(), &format!(".v{found}.bak-part"));
    let io = |error| error::from_io(connector.name(), error);
    if copy.exists() {
        return Ok(());
    }
    // A crash may have left a partial copy; the lock keeps other processes from it.
    fs::remove_file(&part)
        .or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
        .map_err(io)?;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part).map_err(io)?;
    let reader = connector.open()?;
    let text = part.to_string_lossy();
    reader.execute("VACUUM INTO ?1", [&text]).map_err(|error| connector.error(error))?;
    fs::File::open(&part).and_then(|file| file.sync_all()).map_err(io)?;
    fs::rename(&part, &copy).map_err(io)?;
    tracing::info!(copy = %copy.display(), "copied the store before its migration");
    Ok(())
}

/// Enables WAL mode, which is permanent. SQLite needs a moment without any other lock for it, and does not wait for one
/// by itself.
fn enable_wal(connection: &Connection, timeout: Duration) -> rusqlite::Result<()> {
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    if mode == "wal" {
        return Ok(());
    }
    // A copy gets its own tag before its first WAL, so that it differs from the original.
    stale_wal::renew_tag(connection)?;
    let started = Instant::now();
    loop {
        match connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0)) {
            Err(error)
                if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
                    && started.elapsed() < timeout =>
            {
                sleep(Duration::from_millis(5));
            }
            outcome => return outcome.map(drop),
        }
    }
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn as_version(steps: usize) -> i64 {
    i64::try_from(steps).unwrap_or(i64::MAX)
}
