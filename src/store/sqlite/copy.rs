//! Read-only store on a copy: a file that no process writes. Nothing is created beside it.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::watch;

use super::migrations::MIGRATIONS;
use super::stale_wal::open_without_wal;
use super::unit::SqliteUnit;
use super::{Open, error, file_check, search};
use crate::model::backup::{CopyProgress, Manifest};
use crate::model::{Error, Location, StoreError, Timestamp};
use crate::store::{Backend, Job, Unit};

/// Read-only store on a copy.
pub(super) struct Copy {
    connection: Mutex<Connection>,
    name: String,
    changes: watch::Sender<u64>,
}

impl Copy {
    /// Opens a copy of this program's version or an earlier one.
    ///
    /// # Errors
    /// [`Error::Store`] with the reason.
    pub(super) fn open(copy: &Location) -> Result<Self, Error> {
        let (path, name) = (absolute(copy), copy.as_str().to_owned());
        file_check::check(&path, &name, Open::Existing, MIGRATIONS.len())?;
        if file_check::has_wal(&super::files::with_suffix(&path, "-wal")) {
            let reason = "a write-ahead log lies beside it".to_owned();
            return Err(Error::Store {
                error: StoreError::CopyDamaged { location: copy.clone(), reason },
                source: None,
            });
        }
        let failed = |error| error::from_sqlite(copy.as_str(), error);
        let connection = open_without_wal(&path).map_err(failed)?;
        search::register(&connection).map_err(failed)?;
        Ok(Self { connection: Mutex::new(connection), name, changes: watch::Sender::new(0) })
    }
}

/// Returns the absolute path of a location.
pub(super) fn absolute(location: &Location) -> PathBuf {
    let path = Path::new(location.as_str());
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

impl Backend for Copy {
    fn submit(&self, job: Box<dyn Job>) {
        job.complete(Err(Error::store(StoreError::ReadOnly(self.name.as_str().into()), "a copy is only read")));
    }

    fn read(&self, work: &mut dyn FnMut(&mut dyn Unit) -> Result<(), Error>) -> Result<(), Error> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let mut unit = SqliteUnit::new(&connection, &self.name);
        let snapshot = unit.begin_snapshot()?;
        let outcome = work(&mut unit);
        drop(snapshot);
        outcome
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn back_up(
        &self,
        copy: &Location,
        _: bool,
        _: Timestamp,
        _: &mut dyn FnMut(CopyProgress) -> bool,
    ) -> Result<Manifest, Error> {
        let reason = "the source is a copy itself".to_owned();
        Err(Error::Store { error: StoreError::CopyNotWritten { location: copy.clone(), reason }, source: None })
    }

    fn close(&self) {}
}
