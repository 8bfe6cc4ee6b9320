//! The files of an open store (database, write-ahead log and its index), and the proof that each is still the one that its name leads to.
//!
//! A file that was moved, replaced or deleted stays open for whoever has it open, and nobody else finds what is written
//! there. A process holds a shared `flock` on each of its three files while it has a connection. So another one that
//! opens the store, by whatever name, sees before it touches the store whether those who have it open use the log and the
//! index that it would use.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::error;
use crate::model::{Error, StoreError};

/// Delay between two attempts to enter a store that another process opens or closes.
const RETRY_DELAY: Duration = Duration::from_millis(2);
/// How long the log may seem to be missing companions another process, which may just be closing the store.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// Bytes of the index that every connection maps: the engine's unit of shared memory.
const SHM_MIN_BYTES: u64 = 32 * 1024;

/// The names of a store's files.
pub(super) struct Paths {
    /// The database as it was named, for messages.
    name: String,
    /// The database by the path that was given, absolute: a link is followed anew at each check.
    db: PathBuf,
    wal: PathBuf,
    shm: PathBuf,
}

impl Paths {
    /// The names companions the database that this path leads to; the engine puts them where a link leads.
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

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The error for a log that is missing or is not the one that others use.
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

/// The file of the same name with something added.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A file, whatever its name: device and inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileIdentity(u64, u64);

impl From<&Metadata> for FileIdentity {
    fn from(found: &Metadata) -> Self {
        Self(found.dev(), found.ino())
    }
}

/// The right to open the store's first connection in this process.
pub(super) struct OpenGuard<'p> {
    paths: &'p Paths,
    db: File,
    /// The log and the index of those who have the store open; none where nobody has.
    companions: Option<(FileIdentity, FileIdentity)>,
}

impl<'p> OpenGuard<'p> {
    /// Enters a store that nobody has open, and keeps others out until [`Self::capture`]; or one whose users have the
    /// log and the index that lie companions it.
    ///
    /// # Errors
    /// [`StoreError::Displaced`] where others use another log or index, [`StoreError::Busy`] where somebody opens the
    /// store for longer than `patience`.
    pub(super) fn new(paths: &'p Paths, patience: Duration) -> Result<Self, Error> {
        let db = File::open(&paths.db).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => paths.displaced("", error),
            _ => paths.io(error),
        })?;
        let began = Instant::now();
        loop {
            if acquired(db.try_lock()).map_err(|error| paths.io(error))? {
                return Ok(Self { paths, db, companions: None });
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
                Some(suffix) if waited >= CLOSE_TIMEOUT.min(patience) => {
                    return Err(paths.displaced(suffix, "others have the store open with another file than this"));
                }
                None if waited >= patience => return Err(Error::store(StoreError::Busy, "another process opens it")),
                Some(_) | None => sleep(RETRY_DELAY),
            }
        }
    }

    /// Whether nobody else has the store open.
    pub(super) fn is_exclusive(&self) -> bool {
        self.companions.is_none()
    }

    /// The files that a connection has now opened; none where others closed the store meanwhile and took theirs along.
    ///
    /// # Errors
    /// [`Error::Store`] where one is missing already, or cannot be opened.
    pub(super) fn capture(self) -> Result<Option<OpenFiles>, Error> {
        let Self { paths, db, companions } = self;
        let open = |path: &Path, suffix| {
            // Writable, so that an index that was cut can be made as long as it was.
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

/// A file that is held open, so that its number is given to no other.
struct OpenFile {
    file: File,
    identity: FileIdentity,
}

impl OpenFile {
    fn new(file: File) -> io::Result<Self> {
        let identity = FileIdentity::from(&file.metadata()?);
        Ok(Self { file, identity })
    }

    /// The file's length, if this path leads to it.
    fn len_at(&self, path: &Path) -> io::Result<Option<u64>> {
        let found = fs::metadata(path)?;
        Ok((FileIdentity::from(&found) == self.identity).then_some(found.len()))
    }
}

/// The files that the connections of this process have open. Dropped after the last of them: closing an index sooner
/// would drop the engine's own locks on it.
pub(super) struct OpenFiles {
    db: OpenFile,
    wal: OpenFile,
    shm: OpenFile,
}

impl OpenFiles {
    /// Refuses to go on where a name no longer leads to the file that is open. An index that was cut is made whole: the
    /// engine then builds it anew from the log.
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
            tracing::warn!(bytes = length, "the index of the store's log was cut, and is built anew");
            self.shm.file.set_len(SHM_MIN_BYTES).map_err(|error| paths.io(error))?;
        }
        Ok(())
    }

    /// The log that is open, whatever its name leads to.
    pub(super) fn wal(&self) -> &File {
        &self.wal.file
    }

    /// Keeps others out of the store for as long as this process has it open; false where somebody else has it open too.
    ///
    /// # Errors
    /// [`Error::Store`] where the system cannot lock.
    pub(super) fn try_lock_exclusive(&self, paths: &Paths) -> Result<bool, Error> {
        let exclusive = acquired(self.db.file.try_lock()).map_err(|error| paths.io(error))?;
        if !exclusive {
            // The attempt gave the shared lock up.
            self.db.file.lock_shared().map_err(|error| paths.io(error))?;
        }
        Ok(exclusive)
    }

    /// Lets others in again.
    pub(super) fn lock_shared(&self, paths: &Paths) -> Result<(), Error> {
        self.db.file.lock_shared().map_err(|error| paths.io(error))
    }

    /// Refuses to leave these files for those that lie companions the database, unless that is this database and its log's
    /// name leads to nothing that anybody may want to keep.
    ///
    /// # Errors
    /// [`StoreError::Displaced`] with the name of the file that is in the way.
    pub(super) fn check_successors(&self, paths: &Paths) -> Result<(), Error> {
        if !matches!(self.db.len_at(&paths.db), Ok(Some(_))) {
            return Err(paths.displaced("", "the database itself is not in its place"));
        }
        match fs::metadata(&paths.wal) {
            Ok(found) if found.len() > 0 && FileIdentity::from(&found) != self.wal.identity => {
                Err(paths.displaced("-wal", "the log of another store is in its place"))
            }
            Ok(_) | Err(_) => Ok(()),
        }
    }

    fn with_paths<'f>(&'f self, paths: &'f Paths) -> [(&'f OpenFile, &'f Path, &'static str); 3] {
        [(&self.db, &paths.db, ""), (&self.wal, &paths.wal, "-wal"), (&self.shm, &paths.shm, "-shm")]
    }
}

/// The file under this path, if some process has it open as a part of a store.
fn locked_identity(path: &Path) -> io::Result<Option<FileIdentity>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // Held by somebody, and not only for a moment by another one who asks this.
    let in_use = !acquired(file.try_lock())? && acquired(file.try_lock_shared())?;
    Ok(if in_use { Some(FileIdentity::from(&file.metadata()?)) } else { None })
}

/// Whether a lock was given.
fn acquired(outcome: Result<(), TryLockError>) -> io::Result<bool> {
    match outcome {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
