//! A store in one SQLite file: its writer, its readers, and the order in which they are opened and closed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::watch;

use super::connect::{self, Connector};
use super::files::Paths;
use super::readers::Readers;
use super::unit::SqliteUnit;
use super::writer::Writer;
use super::{Open, Settings, file_check, migrate};
use crate::model::Error;
use crate::store::{Backend, Job, Unit};

/// A store in one SQLite file. Dropping it closes it.
pub struct Sqlite {
    connector: Arc<Connector>,
    readers: Arc<Readers>,
    writer: Writer,
}

impl Sqlite {
    /// Opens the store at `file`, brought up to this program's version.
    ///
    /// # Errors
    /// [`Error::Store`] with what is the matter with the file, whose bytes are then as they were.
    pub fn open(file: &Path, mode: Open) -> Result<Self, Error> {
        Self::open_with(file, mode, Settings::default())
    }

    /// Opens the store at `file` with other settings.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(file: &Path, mode: Open, settings: Settings) -> Result<Self, Error> {
        connect::check_sqlite_version()?;
        // An absolute path is never taken for a URI, and stays the same file wherever the process goes.
        let path = std::path::absolute(file).unwrap_or_else(|_| PathBuf::from(file));
        let name = file.display().to_string();
        file_check::check(&path, &name, mode, settings.migrations.len())?;
        let connector = Arc::new(Connector::new(Paths::new(path, name), settings));
        migrate::migrate_to_latest(&connector, mode)?;
        let readers = Arc::new(Readers::new(&connector));
        Ok(Self { writer: Writer::new(&connector, &readers), connector, readers })
    }
}

impl Backend for Sqlite {
    fn submit(&self, job: Box<dyn Job>) {
        self.writer.submit(job);
    }

    fn read(&self, work: &mut dyn FnMut(&mut dyn Unit) -> Result<(), Error>) -> Result<(), Error> {
        self.readers.read(|connection| {
            let mut unit = SqliteUnit::new(connection, self.connector.name());
            let snapshot = unit.begin_snapshot()?;
            let outcome = work(&mut unit);
            drop(snapshot);
            outcome
        })
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.writer.changes()
    }

    fn close(&self) {
        self.readers.close();
        self.writer.close();
        self.connector.drop_spare();
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.close();
    }
}
