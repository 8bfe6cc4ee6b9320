//! The SQLite backend: one file, any number of readers, one writer that commits for many at once.

mod answers;
mod audit_log;
mod check;
mod connect;
mod connection;
mod deliveries;
mod fault;
mod files;
mod health;
mod leases;
mod list;
mod migrate;
mod news;
mod past;
mod people;
mod points;
mod readers;
mod row;
mod search;
mod tickets;
mod tokens;
mod trail;
mod unit;
mod wal;
mod webhooks;
mod writer;

pub use connect::set_up_as_the_product_does;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use tokio::sync::watch;

use super::{Backend, Job, Unit};
use crate::metrics::Commits;
use crate::model::{Error, StoreFault};
use connect::Connector;
use files::Paths;
pub use migrate::MIGRATIONS;
use readers::Readers;
use unit::SqliteUnit;
use writer::Writer;

/// The statement of a file under `sql/sqlite/`, at compile time.
macro_rules! sql {
    ($name:literal) => {
        const {
            let file = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/sqlite/", $name, ".sql"));
            $crate::store::sqlite::statement(file)
        }
    };
}
use sql;

/// A statement without its caption: a connection looks each up by its whole text, every time that it is run.
const fn statement(mut file: &'static str) -> &'static str {
    while let [b'-', b'-', ..] = file.as_bytes() {
        let mut end = 0;
        while file.as_bytes()[end] != b'\n' {
            end += 1;
        }
        file = file.split_at(end + 1).1;
    }
    file
}

/// What to do where there is no store yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Refuse, and create nothing.
    Existing,
    /// Create one, that only its owner can read.
    Create,
}

/// What can be set about a store.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long to wait for another process's lock, and for a free connection.
    pub patience: Duration,
    /// How many units of work may wait for the writer; one more is answered with [`StoreFault::Busy`].
    pub queue: usize,
    /// The most pages of 4 KiB that the file may grow to; what would need more is refused as on a full disk.
    pub pages: Option<u32>,
    /// How many bytes the log may have before the writer waits for the readers that keep it from being used anew.
    pub log: u64,
    /// How many KiB of the file's pages the writer keeps in memory at most.
    pub cache: u32,
    /// The steps from an empty file to a store of this program, in order.
    pub migrations: Vec<&'static str>,
    /// Who counts the commits; nobody by default.
    pub commits: Option<Arc<Commits>>,
    /// Counts the steps that the engine takes for statements, about a hundred at a time; nobody does by default.
    pub steps: Option<Arc<AtomicU64>>,
}

/// A log of this many bytes is folded by waiting: twice what it is cut down to when it begins anew.
const LOG: u64 = 32 * 1024 * 1024;

/// Pages of 16 MiB: as many as the largest group of changes touches, so that none is written before its commit.
const CACHE: u32 = 16 * 1024;

impl Default for Settings {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(5),
            queue: 1024,
            pages: None,
            log: LOG,
            cache: CACHE,
            migrations: MIGRATIONS.to_vec(),
            commits: None,
            steps: None,
        }
    }
}

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
    pub fn open(file: &Path, how: Open) -> Result<Self, Error> {
        Self::open_with(file, how, Settings::default())
    }

    /// Opens the store at `file` with other settings.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(file: &Path, how: Open, settings: Settings) -> Result<Self, Error> {
        connect::check_engine()?;
        // An absolute path is never taken for a URI, and stays the same file wherever the process goes.
        let path = std::path::absolute(file).unwrap_or_else(|_| PathBuf::from(file));
        let name = file.display().to_string();
        check::check(&path, &name, how, settings.migrations.len())?;
        let connector = Arc::new(Connector::new(Paths::of(path, name), settings));
        migrate::bring_up(&connector, how)?;
        let readers = Arc::new(Readers::new(&connector));
        Ok(Self { writer: Writer::new(&connector, &readers), connector, readers })
    }
}

impl Backend for Sqlite {
    fn submit(&self, job: Box<dyn Job>) {
        self.writer.submit(job);
    }

    fn look(&self, work: &mut dyn FnMut(&mut dyn Unit) -> Result<(), Error>) -> Result<(), Error> {
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
        self.connector.forget_spare();
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.close();
    }
}

/// The answer to work that comes too late.
fn closed() -> Error {
    Error::store(StoreFault::Failed, "the store is closed")
}
