//! Files of an open store (database, WAL and WAL index), and the checks that each is still the one at its path.
//!
//! A file that is moved, replaced or deleted stays open, and writes to it are lost to everyone else. A process
//! therefore holds a shared `flock` on its three files while it has a connection. Another process that opens the store,
//! by whatever path, checks those locks first and so learns whether it would use the same WAL and index.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::error;
use crate::model::{Error, StoreError};

/// Delay between two attempts to open a store that another process is opening or closing.
const RETRY_DELAY: Duration = Duration::from_millis(2);
/// Maximum time for which the WAL may be missing while the database is locked: another process may be closing the
/// store.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// Minimum size of the WAL index: SQLite's unit of shared memory.
const SHM_MIN_BYTES: u64 = 32 * 1024;

/// Paths of a store's files.
pub(super) struct Paths {
    /// Database path as the user gave it, for messages.
    name: String,
    /// Absolute path of the database. A symbolic link is resolved at each check.
    db: PathBuf,
    wal: PathBuf,
    shm: PathBuf,
}

impl Paths {
    /// Returns the paths for a database. SQLite creates the other files beside the target of a symbolic link.
    pub(super) fn new(db: PathBuf, name: String) -> Self {
        let real = fs::canonicalize(&db).unwrap_or_else(|_| db.clone());
        Self { wal: with_suffix(&real, "-wal"), shm: with_suffix(&real, "-shm"), name, db }
    }

    pub(super) fn db(&self) -> &Path {
        &self.db
    }

    pub(super) fn wal(&self) -> &Path {
        &self.wal
    }

    pub(super) fn shm(&self) -> &Path {
        &self.shm
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the error for a WAL that is missing or is not the one that others use.
    pub(super) fn wal_displaced(&self, why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        self.displaced("-wal", why)
    }

    fn displaced(&self, suffix: &str, why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        Error::store(StoreError::Displaced(format!("{}{suffix}", self.name).into()), why)
    }

    fn io(&self, error: io::Error) -> Error {
        error::from_io(&self.name, error)
    }
}

/// Appends a suffix to the file name.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Identity of a file, independent of its path: device and inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileIdentity(u64, u64);

impl From<&Metadata> for FileIdentity {
    fn from(found: &Metadata) -> Self {
        Self(found.dev(), found.ino())
    }
}

/// Lock for the first connection of this process.
pub(super) struct OpenGuard<'p> {
    paths: &'p Paths,
    db: File,
    /// WAL and index of the processes that have the store open; none if no process has.
    companions: Option<(FileIdentity, FileIdentity)>,
}

impl<'p> OpenGuard<'p> {
    /// Locks the store exclusively until [`Self::capture`], if no process has it open; otherwise checks that the others
    /// use the WAL and the index beside it.
    ///
    /// # Errors
    /// [`StoreError::Displaced`] if others use another WAL or index, [`StoreError::Busy`] if another process opens the
    /// store for longer than `timeout`.
    pub(super) fn new(paths: &'p Paths, timeout: Duration) -> Result<Self, Error> {
        let open = || {
            File::open(&paths.db).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => paths.displaced("", error),
                _ => paths.io(error),
            })
        };
        let mut db = open()?;
        let began = Instant::now();
        loop {
            if acquired(db.try_lock()).map_err(|error| paths.io(error))? {
                // The file may have been replaced, by a restore, between open and lock.
                if is_at(&db, &paths.db).map_err(|error| paths.io(error))? {
                    return Ok(Self { paths, db, companions: None });
                }
                db = open()?;
                continue;
            }
            let missing = if acquired(db.try_lock_shared()).map_err(|error| paths.io(error))? {
                let (wal, shm) = (locked_identity(&paths.wal), locked_identity(&paths.shm));
                match (wal.map_err(|error| paths.io(error))?, shm.map_err(|error| paths.io(error))?) {
                    (Some(wal), Some(shm)) => return Ok(Self { paths, db, companions: Some((wal, shm)) }),
                    (None, _) => Some("-wal"),
                    (Some(_), None) => Some("-shm"),
                }
            } else {
                None
            };
            db.unlock().map_err(|error| paths.io(error))?;
            let waited = began.elapsed();
            match missing {
                Some(suffix) if waited >= CLOSE_TIMEOUT.min(timeout) => {
                    return Err(paths.displaced(suffix, "others have the store open with another file"));
                }
                None if waited >= timeout => return Err(Error::store(StoreError::Busy, "another process opens it")),
                Some(_) | None => sleep(RETRY_DELAY),
            }
        }
    }

    /// Returns true if no other process has the store open.
    pub(super) fn is_exclusive(&self) -> bool {
        self.companions.is_none()
    }

    /// Returns the files that a connection has opened; none if others have closed the store since and deleted their
    /// WAL.
    ///
    /// # Errors
    /// [`Error::Store`] if a file is missing or cannot be opened.
    pub(super) fn capture(self) -> Result<Option<OpenFiles>, Error> {
        let Self { paths, db, companions } = self;
        let open = |path: &Path, suffix| {
            // Writable, so that a truncated index can be extended.
            let file = OpenOptions::new().read(true).write(true).open(path).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => paths.displaced(suffix, error),
                _ => paths.io(error),
            })?;
            file.lock_shared().and_then(|()| OpenFile::new(file)).map_err(|error| paths.io(error))
        };
        let (wal, shm) = (open(&paths.wal, "-wal")?, open(&paths.shm, "-shm")?);
        if companions.is_some_and(|companions| companions != (wal.identity, shm.identity)) {
            return Ok(None);
        }
        db.lock_shared().map_err(|error| paths.io(error))?;
        let db = OpenFile::new(db).map_err(|error| paths.io(error))?;
        Ok(Some(OpenFiles { db, wal, shm }))
    }
}

/// Exclusive lock on a store that no process has open.
pub(super) struct ExclusiveLock {
    /// None if there is no file at the store's path.
    _db: Option<File>,
}

impl ExclusiveLock {
    /// Locks the store until the value is dropped; others that open it wait meanwhile.
    ///
    /// # Errors
    /// [`StoreError::InUse`] if a process has the store or its WAL open.
    pub(super) fn new(paths: &Paths) -> Result<Self, Error> {
        let in_use = || Error::Store { error: StoreError::InUse(paths.name.as_str().into()), source: None };
        let db = match File::open(&paths.db) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            opened => Some(opened.map_err(|error| paths.io(error))?),
        };
        if let Some(db) = &db
            && !(acquired(db.try_lock()).map_err(|error| paths.io(error))?
                && is_at(db, &paths.db).map_err(|error| paths.io(error))?)
        {
            return Err(in_use());
        }
        for companion in [&paths.wal, &paths.shm] {
            if locked_identity(companion).map_err(|error| paths.io(error))?.is_some() {
                return Err(in_use());
            }
        }
        Ok(Self { _db: db })
    }
}

/// Open file. Its inode is not reused while it is open.
struct OpenFile {
    file: File,
    identity: FileIdentity,
}

impl OpenFile {
    fn new(file: File) -> io::Result<Self> {
        let identity = FileIdentity::from(&file.metadata()?);
        Ok(Self { file, identity })
    }

    /// Returns the length of the file if this path leads to it.
    fn len_at(&self, path: &Path) -> io::Result<Option<u64>> {
        let found = fs::metadata(path)?;
        Ok((FileIdentity::from(&found) == self.identity).then_some(found.len()))
    }
}

/// Files that the connections of this process have open. Must be dropped after the connections: closing the index
/// releases SQLite's locks on it.
pub(super) struct OpenFiles {
    db: OpenFile,
    wal: OpenFile,
    shm: OpenFile,
}

impl OpenFiles {
    /// Checks that each path leads to the open file. Extends a truncated index, which SQLite then rebuilds from the
    /// WAL.
    ///
    /// # Errors
    /// [`StoreError::Displaced`] with the file's name.
    pub(super) fn check(&self, paths: &Paths) -> Result<(), Error> {
        for (open, path, suffix) in self.with_paths(paths) {
            match open.len_at(path) {
                Ok(Some(_)) => {}
                Ok(None) => return Err(paths.displaced(suffix, "another file is in its place")),
                Err(error) => return Err(paths.displaced(suffix, error)),
            }
        }
        let length = self.shm.file.metadata().map_err(|error| paths.io(error))?.len();
        if length < SHM_MIN_BYTES {
            tracing::warn!(bytes = length, "the index of the write-ahead log was truncated and is rebuilt");
            self.shm.file.set_len(SHM_MIN_BYTES).map_err(|error| paths.io(error))?;
        }
        Ok(())
    }

    /// Returns the open WAL, whatever its path leads to.
    pub(super) fn wal(&self) -> &File {
        &self.wal.file
    }

    /// Locks the store exclusively. Returns false if another process has it open.
    ///
    /// # Errors
    /// [`Error::Store`] if the system cannot lock.
    pub(super) fn try_lock_exclusive(&self, paths: &Paths) -> Result<bool, Error> {
        let exclusive = acquired(self.db.file.try_lock()).map_err(|error| paths.io(error))?;
        if !exclusive {
            // The failed attempt has released the shared lock.
            self.db.file.lock_shared().map_err(|error| paths.io(error))?;
        }
        Ok(exclusive)
    }

    /// Replaces the exclusive lock by a shared one.
    pub(super) fn lock_shared(&self, paths: &Paths) -> Result<(), Error> {
        self.db.file.lock_shared().map_err(|error| paths.io(error))
    }

    /// Checks that these files may be replaced by those at their paths: the database must be the same, and another WAL
    /// must be empty.
    ///
    /// # Errors
    /// [`StoreError::Displaced`] with the name of the file that prevents it.
    pub(super) fn check_successors(&self, paths: &Paths) -> Result<(), Error> {
        if !matches!(self.db.len_at(&paths.db), Ok(Some(_))) {
            return Err(paths.displaced("", "the database itself is not in its place"));
        }
        match fs::metadata(&paths.wal) {
            Ok(found) if found.len() > 0 && FileIdentity::from(&found) != self.wal.identity => {
                Err(paths.displaced("-wal", "the write-ahead log of another store is in its place"))
            }
            Ok(_) | Err(_) => Ok(()),
        }
    }

    fn with_paths<'f>(&'f self, paths: &'f Paths) -> [(&'f OpenFile, &'f Path, &'static str); 3] {
        [(&self.db, &paths.db, ""), (&self.wal, &paths.wal, "-wal"), (&self.shm, &paths.shm, "-shm")]
    }
}

/// Returns true if this path leads to the open file.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(found) => Ok(FileIdentity::from(&found) == FileIdentity::from(&file.metadata()?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Returns the identity of the file at this path, if a process has it open as part of a store.
fn locked_identity(path: &Path) -> io::Result<Option<FileIdentity>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // The second attempt excludes an exclusive lock that another process holds for a moment to test this.
    let in_use = !acquired(file.try_lock())? && acquired(file.try_lock_shared())?;
    Ok(if in_use { Some(FileIdentity::from(&file.metadata()?)) } else { None })
}

/// Returns true if the lock was acquired.
fn acquired(outcome: Result<(), TryLockError>) -> io::Result<bool> {
    match outcome {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
