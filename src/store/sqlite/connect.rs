//! Opening of connections, and the checks that guard it.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use r2d2::ManageConnection;
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::connection::StoreConnection;
use super::files::{OpenFiles, OpenGuard, Paths};
use super::{Settings, error, pragmas};
use crate::model::{Error, StoreError};

/// Minimum version of SQLite: 3.51.3 fixes a race on WAL reset that could corrupt the database.
const MIN_SQLITE_VERSION: i32 = 3_051_003;

/// Rejects a version of SQLite that is known to corrupt databases.
pub(super) fn check_sqlite_version() -> Result<(), Error> {
    if rusqlite::version_number() >= MIN_SQLITE_VERSION {
        return Ok(());
    }
    let text = format!("SQLite {} is too old: 3.51.3 or later is needed", rusqlite::version());
    Err(Error::store(StoreError::Failed, text))
}

/// Opens connections to one store with the same settings.
pub(super) struct Connector {
    paths: Paths,
    pub(super) settings: Settings,
    manager: SqliteConnectionManager,
    /// Files that this process's connections have open.
    files: Mutex<Weak<OpenFiles>>,
    /// Connection that opened the store, for the first caller: a command often needs no second one.
    spare: Mutex<Option<StoreConnection>>,
}

impl Connector {
    pub(super) fn new(paths: Paths, settings: Settings) -> Self {
        // Read-write for readers too, since they share the WAL index. No CREATE flag: `file_check` creates the file.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let of_connections = settings.clone();
        let manager = SqliteConnectionManager::file(paths.db())
            .with_flags(flags)
            .with_init(move |connection| pragmas::set_up(connection, &of_connections));
        Self { paths, settings, manager, files: Mutex::default(), spare: Mutex::default() }
    }

    pub(super) fn paths(&self) -> &Paths {
        &self.paths
    }

    /// Returns the database path as the user gave it, for messages.
    pub(super) fn name(&self) -> &str {
        self.paths.name()
    }

    /// Converts an error of SQLite.
    pub(super) fn error(&self, error: rusqlite::Error) -> Error {
        error::from_sqlite(self.name(), error)
    }

    /// Opens a connection for reads and writes.
    ///
    /// # Errors
    /// [`StoreError::Displaced`] if a file that this process or another has open is no longer at its path.
    pub(super) fn connect(&self) -> Result<StoreConnection, Error> {
        let spare = lock(&self.spare).take();
        spare.map_or_else(|| self.connect_after(|_| None::<()>, |_, _| Ok(())), Ok)
    }

    /// Opens a connection after `prepare`, which migrates the file and enables its WAL. If no process has the store
    /// open, others are locked out meanwhile, and `prepare` receives the result of `inspect`, which runs on the files
    /// before SQLite opens them.
    ///
    /// # Errors
    /// As [`Self::connect`], and those of `prepare`.
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
            let inspected = if guard.is_exclusive() { inspect(&self.paths) } else { None };
            let connection = self.open()?;
            prepare(&connection, inspected)?;
            self.first_read(&connection)?;
            if let Some(files) = guard.capture()?.map(Arc::new) {
                self.checkpoint_on_close(&connection)?;
                *open = Arc::downgrade(&files);
                return Ok(StoreConnection::new(connection, files));
            }
        }
    }

    /// Opens a connection that does not checkpoint when it is closed: a WAL that a crash left stays until the files are
    /// checked.
    ///
    /// # Errors
    /// Errors of SQLite.
    pub(super) fn open(&self) -> Result<Connection, Error> {
        let connection = self.manager.connect().map_err(|error| self.open_error(error))?;
        let option = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        option.map_err(|error| self.error(error))?;
        self.first_read(&connection)?;
        Ok(connection)
    }

    /// Reads once, since SQLite opens the WAL only then.
    fn first_read(&self, connection: &Connection) -> Result<(), Error> {
        connection.query_row("PRAGMA schema_version", [], |_| Ok(())).map_err(|error| self.open_error(error))
    }

    /// Converts the error of a failed open. SQLite does not report the cause, so this opens the folder and returns the
    /// system's error. It does not open the file itself, since closing that would release SQLite's locks on it.
    fn open_error(&self, error: rusqlite::Error) -> Error {
        let folder = self.paths.db().parent().unwrap_or(Path::new("/"));
        match (error.sqlite_error_code(), File::open(folder)) {
            (Some(ErrorCode::CannotOpen), Err(cause)) => error::from_io(self.name(), cause),
            _ => self.error(error),
        }
    }

    /// Enables the checkpoint and the deletion of the WAL on close, which SQLite does for the last connection.
    fn checkpoint_on_close(&self, connection: &Connection) -> Result<(), Error> {
        let option = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false);
        option.map(drop).map_err(|error| self.error(error))
    }

    /// Checks that each path still leads to the file that is open.
    ///
    /// # Errors
    /// [`StoreError::Displaced`] with the file's name.
    pub(super) fn check_names(&self) -> Result<(), Error> {
        let open = lock(&self.files).upgrade();
        open.map_or(Ok(()), |files| files.check(&self.paths))
    }

    /// Keeps a connection for the next call of [`Self::connect`].
    pub(super) fn keep_spare(&self, connection: StoreConnection) {
        lock(&self.spare).replace(connection);
    }

    /// Closes the spare connection, if any.
    pub(super) fn drop_spare(&self) {
        lock(&self.spare).take();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
