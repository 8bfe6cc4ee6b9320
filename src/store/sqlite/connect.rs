//! Connections: how each is opened beside others, and set up.

use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use r2d2::ManageConnection;
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::connection::StoreConnection;
use super::files::{OpenFiles, OpenGuard, Paths};
use super::wal::{self, CHECKPOINT_PAGES};
use super::{Settings, error, search, settings};
use crate::model::{Error, StoreError};

/// The first SQLite without the error that could damage a file whose log is reset (3.51.3).
const MIN_SQLITE_VERSION: i32 = 3_051_003;
/// Statements that a connection keeps prepared: more than there are files under `sql/sqlite/`.
const STATEMENT_CACHE: usize = 128;
/// Steps of the engine that are counted at once.
const STEP_BATCH: u64 = 100;

/// Refuses an engine that is known to damage files.
pub(super) fn check_sqlite_version() -> Result<(), Error> {
    if rusqlite::version_number() >= MIN_SQLITE_VERSION {
        return Ok(());
    }
    let text = format!("SQLite {} is too old: 3.51.3 or later is needed", rusqlite::version());
    Err(Error::store(StoreError::Failed, text))
}

/// Opens connections to one store, all set up alike.
pub(super) struct Connector {
    paths: Paths,
    pub(super) settings: Settings,
    manager: SqliteConnectionManager,
    /// The files that this process's connections have open.
    files: Mutex<Weak<OpenFiles>>,
    /// The connection that opened the store, for whoever comes first: a command often needs no second one.
    spare: Mutex<Option<StoreConnection>>,
}

impl Connector {
    pub(super) fn new(paths: Paths, settings: Settings) -> Self {
        // Read-write for readers too: they share the log's index. Never created here: `check` has done that.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let (patience, pages, log, steps) =
            (settings.busy_timeout, settings.max_pages, settings.wal_limit, settings.step_counter.clone());
        let manager = SqliteConnectionManager::file(paths.db()).with_flags(flags).with_init(move |connection| {
            configure(connection, patience, pages, log)?;
            steps.as_ref().map_or(Ok(()), |steps| count_steps(connection, Arc::clone(steps)))
        });
        Self { paths, settings, manager, files: Mutex::default(), spare: Mutex::default() }
    }

    pub(super) fn paths(&self) -> &Paths {
        &self.paths
    }

    /// The database as it was named, for messages.
    pub(super) fn name(&self) -> &str {
        self.paths.name()
    }

    /// The desk's error for what the engine said.
    pub(super) fn error(&self, error: rusqlite::Error) -> Error {
        error::from_engine(self.name(), error)
    }

    /// A connection that may write.
    ///
    /// # Errors
    /// [`StoreError::Displaced`] where a file that is open, here or elsewhere, is not the one under its name.
    pub(super) fn connect(&self) -> Result<StoreConnection, Error> {
        let spare = lock(&self.spare).take();
        spare.map_or_else(|| self.connect_after(|_| None::<()>, |_, _| Ok(())), Ok)
    }

    /// A connection after `prepare`, which makes the file a store with a log. Where nobody else has it open, others are kept
    /// out meanwhile, and `prepare` is configured what `inspect` has found in the files before the engine touched them.
    ///
    /// # Errors
    /// As [`Self::connect`], and what `prepare` says.
    pub(super) fn connect_after<T>(
        &self,
        inspect: impl Fn(&Paths) -> Option<T>,
        prepare: impl Fn(&Connection, Option<T>) -> Result<(), Error>,
    ) -> Result<StoreConnection, Error> {
        let mut open = lock(&self.files);
        if let Some(files) = open.upgrade() {
            files.check(&self.paths)?;
            let connection = self.open()?;
            prepare(&connection, None)?;
            files.check(&self.paths)?;
            self.checkpoint_on_close(&connection)?;
            return Ok(StoreConnection::new(connection, files));
        }
        loop {
            let guard = OpenGuard::new(&self.paths, self.settings.busy_timeout)?;
            let found = if guard.is_exclusive() { inspect(&self.paths) } else { None };
            let connection = self.open()?;
            prepare(&connection, found)?;
            self.first_read(&connection)?;
            if let Some(files) = guard.capture()?.map(Arc::new) {
                self.checkpoint_on_close(&connection)?;
                *open = Arc::downgrade(&files);
                return Ok(StoreConnection::new(connection, files));
            }
        }
    }

    /// A connection for the time of a call, which leaves the log as it is when it is closed: until the files are known to
    /// be good, what a crash left there stays.
    ///
    /// # Errors
    /// What the engine says.
    pub(super) fn open(&self) -> Result<Connection, Error> {
        let connection = self.manager.connect().map_err(|error| self.open_error(error))?;
        let configured = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        configured.map_err(|error| self.error(error))?;
        self.first_read(&connection)?;
        Ok(connection)
    }

    /// Reads a first time: only then the engine opens the log, if there is one.
    fn first_read(&self, connection: &Connection) -> Result<(), Error> {
        connection.query_row("PRAGMA schema_version", [], |_| Ok(())).map_err(|error| self.open_error(error))
    }

    /// The desk's error for a file that the engine could not open. It does not tell why: the system does, asked for the
    /// folder. The file itself is not opened for that, since closing it would drop the engine's locks on it.
    fn open_error(&self, error: rusqlite::Error) -> Error {
        let folder = self.paths.db().parent().unwrap_or(Path::new("/"));
        match (error.sqlite_error_code(), File::open(folder)) {
            (Some(ErrorCode::CannotOpen), Err(cause)) => error::from_io(self.name(), cause),
            _ => self.error(error),
        }
    }

    /// Lets a connection move the log into the database and delete it, if it is the last that is closed.
    fn checkpoint_on_close(&self, connection: &Connection) -> Result<(), Error> {
        let configured = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false);
        configured.map(drop).map_err(|error| self.error(error))
    }

    /// Refuses to go on where a name no longer leads to the file that is open.
    ///
    /// # Errors
    /// [`StoreError::Displaced`] with the file's name.
    pub(super) fn check_names(&self) -> Result<(), Error> {
        let open = lock(&self.files).upgrade();
        open.map_or(Ok(()), |files| files.check(&self.paths))
    }

    /// Keeps a connection for whoever asks first.
    pub(super) fn keep_spare(&self, connection: StoreConnection) {
        lock(&self.spare).replace(connection);
    }

    /// Closes the connection that nobody asked for.
    pub(super) fn drop_spare(&self) {
        lock(&self.spare).take();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sets a connection up as the store's own are, for a bench that measures the engine alone.
///
/// # Errors
/// What the engine says.
pub fn set_production_pragmas(connection: &Connection) -> rusqlite::Result<()> {
    configure(connection, Duration::from_secs(5), None, settings::WAL_LIMIT)?;
    connection.execute_batch(&format!("PRAGMA cache_size = -{};", settings::CACHE_KIB))
}

/// What every connection is configured. Nothing here writes to the file.
fn configure(connection: &Connection, patience: Duration, pages: Option<u32>, log: u64) -> rusqlite::Result<()> {
    connection.busy_timeout(patience)?;
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

/// What the writer's connection is configured beyond that: how many KiB of pages to keep, and to leave the log to [`super::wal`],
/// whose checkpoints follow the answers.
pub(super) fn configure_writer(connection: &Connection, cache: u32) -> rusqlite::Result<()> {
    connection.execute_batch(&format!("PRAGMA cache_size = -{cache};"))?;
    wal::count_frames(connection);
    Ok(())
}

/// Counts the engine's steps on a connection.
fn count_steps(connection: &Connection, steps: Arc<AtomicU64>) -> rusqlite::Result<()> {
    let counted = move || {
        steps.fetch_add(STEP_BATCH, Ordering::Relaxed);
        false
    };
    connection.progress_handler(i32::try_from(STEP_BATCH).unwrap_or(i32::MAX), Some(counted))
}
