//! Pragmas and options of every connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::wal::{self, CHECKPOINT_PAGES};
use super::{Settings, search, settings};

/// Capacity of the prepared statement cache: more than there are files under `sql/sqlite/`.
const STATEMENT_CACHE: usize = 256;
/// Virtual machine instructions between two calls of the progress handler that counts them.
const STEP_BATCH: u64 = 100;

/// Sets the pragmas of the store's own connections, for a bench that measures SQLite alone.
///
/// # Errors
/// Errors of SQLite.
pub fn set_production_pragmas(connection: &Connection) -> rusqlite::Result<()> {
    set_pragmas(connection, Duration::from_secs(5), None, settings::WAL_LIMIT)?;
    connection.execute_batch(&format!("PRAGMA cache_size = -{};", settings::CACHE_KIB))
}

/// Sets up a connection, without a write to the file.
pub(super) fn set_up(connection: &Connection, settings: &Settings) -> rusqlite::Result<()> {
    set_pragmas(connection, settings.busy_timeout, settings.max_pages, settings.wal_limit)?;
    settings.step_counter.as_ref().map_or(Ok(()), |counter| count_steps(connection, Arc::clone(counter)))
}

/// Sets up the writer's connection further: its page cache in KiB, and a hook in place of automatic checkpoints, which
/// [`super::wal`] runs after the jobs are completed.
pub(super) fn set_up_writer(connection: &Connection, cache_kib: u32) -> rusqlite::Result<()> {
    connection.execute_batch(&format!("PRAGMA cache_size = -{cache_kib};"))?;
    wal::count_frames(connection);
    Ok(())
}

fn set_pragmas(
    connection: &Connection,
    busy_timeout: Duration,
    max_pages: Option<u32>,
    wal_limit: u64,
) -> rusqlite::Result<()> {
    connection.busy_timeout(busy_timeout)?;
    connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    connection.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA recursive_triggers = ON;
         PRAGMA cell_size_check = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA temp_store = MEMORY;",
    )?;
    connection.query_row(&format!("PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}"), [], |_| Ok(()))?;
    // Below the size at which the writer waits for readers, so that the size of the file shows that of the WAL.
    connection.query_row(&format!("PRAGMA journal_size_limit = {}", wal_limit / 2), [], |_| Ok(()))?;
    // Query planner stability: otherwise SQLite prepares a statement with `LIMIT ?` again for each new value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    search::register(connection)?;
    if let Some(pages) = max_pages {
        connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
    }
    Ok(())
}

/// Counts the virtual machine instructions of a connection, in steps of [`STEP_BATCH`].
fn count_steps(connection: &Connection, counter: Arc<AtomicU64>) -> rusqlite::Result<()> {
    let handler = move || {
        counter.fetch_add(STEP_BATCH, Ordering::Relaxed);
        false
    };
    connection.progress_handler(i32::try_from(STEP_BATCH).unwrap_or(i32::MAX), Some(handler))
}
