//! SQLite store: the order in which writer and readers are opened and closed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::watch;

use super::connect::{self, Connector};
use super::files::Paths;
use super::readers::Readers;
use super::unit::SqliteUnit;
use super::writer::Writer;
use super::{Open, Settings, backup, file_check, migrate};
use crate::model::backup::{CopyProgress, Manifest};
use crate::model::{Error, Location, Timestamp};
use crate::store::{Backend, Job, Unit};

/// Store in one SQLite file. Closed on drop.
pub struct Sqlite {
    connector: Arc<Connector>,
    readers: Arc<Readers>,
    writer: Writer,
}

impl Sqlite {
    /// Opens the store at `file`, and migrates it to this program's version.
    ///
    /// # Errors
    /// [`Error::Store`] with the reason. A rejected file is not changed.
    pub fn open(file: &Path, mode: Open) -> Result<Self, Error> {
        Self::open_with(file, mode, Settings::default())
    }

    /// Opens the store at `file` with other settings.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(file: &Path, mode: Open, settings: Settings) -> Result<Self, Error> {
        connect::check_sqlite_version()?;
        // An absolute path is never parsed as a URI, and does not depend on the working directory.
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

    fn back_up(
        &self,
        copy: &Location,
        replace: bool,
        now: Timestamp,
        progress: &mut dyn FnMut(CopyProgress) -> bool,
    ) -> Result<Manifest, Error> {
        backup::back_up(&self.connector, copy, replace, now, progress)
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
