//! Connections: how each is set up, and the pool of those that only read.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use r2d2::ManageConnection;
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use scheduled_thread_pool::ScheduledThreadPool;

use super::log::FOLDED;
use super::place::Place;
use super::{Settings, fault, search};
use crate::model::error::chain;
use crate::model::{Error, StoreFault};

/// The first SQLite without the fault that could damage a file whose log is reset (3.51.3).
const ENGINE: i32 = 3_051_003;
/// Statements that a connection keeps prepared: more than there are files under `sql/sqlite/`.
const STATEMENTS: usize = 128;
/// Readers beyond one for each processor: scans wait on threads of their own.
const SCANS: u32 = 16;
/// Steps of the engine that are counted at once.
const STEPS: u64 = 100;
/// How long a reader stays that nobody uses.
const IDLE: Duration = Duration::from_mins(1);

/// Refuses an engine that is known to damage files.
pub(super) fn check_engine() -> Result<(), Error> {
    if rusqlite::version_number() >= ENGINE {
        return Ok(());
    }
    let text = format!("SQLite {} is too old: 3.51.3 or later is needed", rusqlite::version());
    Err(Error::store(StoreFault::Failed, text))
}

/// Opens connections to one file, all set up alike.
pub(super) struct Connector {
    place: Place,
    name: String,
    pub(super) settings: Settings,
    manager: SqliteConnectionManager,
    /// The connection that opened the store, for whoever comes first: a command often needs no second one.
    spare: Mutex<Option<Connection>>,
}

impl Connector {
    pub(super) fn new(path: PathBuf, name: String, settings: Settings) -> Self {
        // Read-write for readers too: they share the log's index. Never created here: `check` has done that.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let (patience, pages, log, steps) = (settings.patience, settings.pages, settings.log, settings.steps.clone());
        let manager = SqliteConnectionManager::file(&path).with_flags(flags).with_init(move |connection| {
            set_up(connection, patience, pages, log)?;
            steps.as_ref().map_or(Ok(()), |steps| count(connection, Arc::clone(steps)))
        });
        Self { place: Place::new(path), name, settings, manager, spare: Mutex::new(None) }
    }

    /// The file, as an absolute path.
    pub(super) fn path(&self) -> &Path {
        self.place.path()
    }

    /// Refuses to go on where the file is no longer in its place.
    pub(super) fn check_place(&self) -> Result<(), Error> {
        self.place.check(&self.name)
    }

    /// The file as it was named, for messages.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// A connection that may write.
    pub(super) fn connect(&self) -> Result<Connection, Error> {
        self.check_place()?;
        self.take_or_open().map_err(|error| fault::of(&self.name, error))
    }

    /// Keeps a connection for whoever asks first.
    pub(super) fn keep(&self, connection: Connection) {
        self.lock().replace(connection);
    }

    /// Closes the connection that nobody asked for.
    pub(super) fn forget_spare(&self) {
        self.lock().take();
    }

    fn take_or_open(&self) -> rusqlite::Result<Connection> {
        let spare = self.lock().take();
        spare.map_or_else(|| self.manager.connect(), Ok)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Connection>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sets a connection up as the store's own are, for a bench that measures the engine alone.
///
/// # Errors
/// What the engine says.
pub fn set_up_as_the_product_does(connection: &Connection) -> rusqlite::Result<()> {
    set_up(connection, Duration::from_secs(5), None, super::LOG)?;
    connection.execute_batch(&format!("PRAGMA cache_size = -{};", super::CACHE))
}

/// What every connection is told. Nothing here writes to the file.
fn set_up(connection: &Connection, patience: Duration, pages: Option<u32>, log: u64) -> rusqlite::Result<()> {
    connection.busy_timeout(patience)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA recursive_triggers = ON;
         PRAGMA cell_size_check = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA temp_store = MEMORY;",
    )?;
    connection.query_row(&format!("PRAGMA wal_autocheckpoint = {FOLDED}"), [], |_| Ok(()))?;
    // Below the size at which the writer begins to wait, so that the file shows how long the log is.
    connection.query_row(&format!("PRAGMA journal_size_limit = {}", log / 2), [], |_| Ok(()))?;
    // Else each statement with `LIMIT ?` is planned anew whenever it is run, for the limit's sake.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    search::register(connection)?;
    if let Some(pages) = pages {
        connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
    }
    Ok(())
}

/// What the writer's connection is told beyond that: how many KiB of pages to keep, and to leave the log to [`super::log`],
/// which folds it once those who wait are answered.
pub(super) fn tell_writer(connection: &Connection, cache: u32) -> rusqlite::Result<()> {
    connection.execute_batch(&format!("PRAGMA cache_size = -{cache};"))?;
    super::log::follow(connection);
    Ok(())
}

/// Counts the engine's steps on a connection.
fn count(connection: &Connection, steps: Arc<AtomicU64>) -> rusqlite::Result<()> {
    let counted = move || {
        steps.fetch_add(STEPS, Ordering::Relaxed);
        false
    };
    connection.progress_handler(i32::try_from(STEPS).unwrap_or(i32::MAX), Some(counted))
}

/// Opens connections that only read.
struct ReadOnly(Arc<Connector>);

impl ManageConnection for ReadOnly {
    type Connection = Connection;
    type Error = rusqlite::Error;

    fn connect(&self) -> rusqlite::Result<Connection> {
        self.0.check_place().map_err(|_| rusqlite::Error::InvalidPath(self.0.path().to_owned()))?;
        let connection = self.0.take_or_open()?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }

    fn is_valid(&self, _: &mut Connection) -> rusqlite::Result<()> {
        Ok(())
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        !connection.is_autocommit()
    }
}

/// The pool of connections that only read, built when the first is asked for.
#[derive(Clone)]
pub(super) struct Readers {
    connector: Arc<Connector>,
    pool: Arc<OnceLock<r2d2::Pool<ReadOnly>>>,
}

/// A connection of the pool, which takes it back when it is dropped.
pub(super) struct Reader(r2d2::PooledConnection<ReadOnly>);

impl std::ops::Deref for Reader {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl Readers {
    pub(super) fn new(connector: &Arc<Connector>) -> Self {
        Self { connector: Arc::clone(connector), pool: Arc::default() }
    }

    /// A connection, as soon as one is free.
    pub(super) fn connection(&self) -> Result<Reader, Error> {
        let pool = self.pool.get_or_init(|| self.build());
        pool.get().map(Reader).map_err(|error| Error::store(StoreFault::Busy, error))
    }

    /// One thread opens its connections: a command has hardly begun when it needs the first, and no use for three.
    fn build(&self) -> r2d2::Pool<ReadOnly> {
        let processors = available_parallelism().map_or(1, std::num::NonZero::get);
        r2d2::Pool::builder()
            .max_size(u32::try_from(processors).unwrap_or(1) + SCANS)
            .min_idle(Some(0))
            .idle_timeout(Some(IDLE))
            .max_lifetime(None)
            .test_on_check_out(false)
            .connection_timeout(self.connector.settings.patience)
            .error_handler(Box::new(Logged))
            .thread_pool(Arc::new(ScheduledThreadPool::builder().num_threads(1).build()))
            .build_unchecked(ReadOnly(Arc::clone(&self.connector)))
    }
}

/// Tells the log why a connection could not be opened: the pool itself only says that it waited too long.
#[derive(Debug)]
struct Logged;

impl r2d2::HandleError<rusqlite::Error> for Logged {
    fn handle_error(&self, error: rusqlite::Error) {
        tracing::warn!(error = chain(&error), "a connection to the store could not be opened");
    }
}
