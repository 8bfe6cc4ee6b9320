//! Backup of a store in use: copies a snapshot in steps to a file beside the target, verifies the file, and renames it.
//!
//! SQLite's backup starts again when another connection writes between two steps. The source therefore holds its
//! snapshot for the whole copy, which blocks no writer; only the WAL grows meanwhile.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use super::connect::Connector;
use super::files::with_suffix;
use super::health::quick_check_errors;
use super::stale_wal::open_without_wal;
use super::unit::SqliteUnit;
use crate::model::audit::{Hash, Head};
use crate::model::backup::{CopyProgress, MANIFEST_SUFFIX, Manifest};
use crate::model::error::chain;
use crate::model::{Error, Location, StoreError, Timestamp};
use crate::store::Health as _;

/// Number of pages copied in one step: 4 MiB.
const STEP_PAGES: i32 = 1_024;
/// Pause between two steps, so that writers get the disk.
const PAUSE: Duration = Duration::from_millis(1);

/// Backs the store up; see [`crate::store::Backend::back_up`].
pub(super) fn back_up(
    connector: &Connector,
    copy: &Location,
    replace: bool,
    now: Timestamp,
    progress: &mut dyn FnMut(CopyProgress) -> bool,
) -> Result<Manifest, Error> {
    let target = Target::new(copy, replace, connector.paths().db())?;
    let part = target.create_part(&target.path).map_err(|error| target.not_written(&error))?;
    let head = copy_snapshot(connector, &target, part.path(), progress)?;
    make_self_contained(part.path()).map_err(|error| target.not_written(&error))?;
    let manifest = target.verify(part.path(), head, now)?;
    target.publish(part, &manifest).map_err(|error| target.not_written(&error))?;
    Ok(manifest)
}

/// Place of a backup.
struct Target<'t> {
    location: &'t Location,
    path: PathBuf,
    replace: bool,
}

impl<'t> Target<'t> {
    /// Checks that the place is free or may be replaced, and is not the store itself.
    fn new(location: &'t Location, replace: bool, store: &Path) -> Result<Self, Error> {
        let path = PathBuf::from(location.as_str());
        let target = Self { location, path, replace };
        match fs::metadata(&target.path) {
            Err(_) => Ok(target),
            Ok(_) if !replace => Err(target.not_written(&io::Error::from(io::ErrorKind::AlreadyExists))),
            Ok(found) if !found.is_file() => Err(target.not_written(&io::Error::other("not a regular file"))),
            Ok(found) => {
                let is_store = |store: fs::Metadata| (store.dev(), store.ino()) == (found.dev(), found.ino());
                let files = [store.to_owned(), with_suffix(store, "-wal"), with_suffix(store, "-shm")];
                if files.iter().any(|file| fs::metadata(file).is_ok_and(is_store)) {
                    return Err(target.not_written(&io::Error::other("it is a file of the store itself")));
                }
                Ok(target)
            }
        }
    }

    fn not_written(&self, error: &(dyn std::error::Error + 'static)) -> Error {
        let error = StoreError::CopyNotWritten { location: self.location.clone(), reason: chain(error) };
        Error::Store { error, source: None }
    }

    fn damaged(&self, reason: impl Into<String>) -> Error {
        let error = StoreError::CopyDamaged { location: self.location.clone(), reason: reason.into() };
        Error::Store { error, source: None }
    }

    fn folder(&self) -> &Path {
        self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// Creates a temporary file beside a file, readable by its owner only whatever the umask.
    fn create_part(&self, file: &Path) -> io::Result<NamedTempFile> {
        let mut name = file.file_name().unwrap_or_default().to_owned();
        name.push(".part-");
        let part = tempfile::Builder::new().prefix(&name).tempfile_in(self.folder())?;
        part.as_file().set_permissions(Permissions::from_mode(0o600))?;
        Ok(part)
    }

    /// Verifies the pages of the copy, reads the head of its audit log back, and returns its manifest.
    fn verify(&self, part: &Path, head: Head, now: Timestamp) -> Result<Manifest, Error> {
        let copy = open_without_wal(part).map_err(|error| self.not_written(&error))?;
        let errors = quick_check_errors(&copy).map_err(|error| self.damaged(chain(&error)))?;
        if !errors.is_empty() {
            return Err(self.damaged(errors.join("; ")));
        }
        let mut unit = SqliteUnit::new(&copy, self.location.as_str());
        let read_back = unit.read_audit_head()?.head;
        if read_back != head {
            return Err(self.damaged(format!("the head of its audit log is {read_back}, not {head}")));
        }
        let (schema_version, rows) = (unit.storage()?.schema, unit.table_rows()?);
        let (bytes, sha256) = digest(part).map_err(|error| self.not_written(&error))?;
        Ok(Manifest { created_at: now, schema_version, bytes, sha256, head, rows })
    }

    /// Gives the copy and its manifest their names, durably. The old manifest goes first and the new one comes last, so
    /// that a manifest never stands beside another copy than its own.
    fn publish(&self, part: NamedTempFile, manifest: &Manifest) -> io::Result<()> {
        let path = with_suffix(&self.path, MANIFEST_SUFFIX);
        let mut document = self.create_part(&path)?;
        serde_json::to_writer_pretty(&mut document, manifest)?;
        document.write_all(b"\n")?;
        document.as_file().sync_all()?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        if self.replace { part.persist(&self.path) } else { part.persist_noclobber(&self.path) }?;
        document.persist(&path)?;
        File::open(self.folder())?.sync_all()
    }
}

/// Copies a snapshot of the store to an empty file, and returns the head of its audit log.
fn copy_snapshot(
    connector: &Connector,
    target: &Target<'_>,
    part: &Path,
    progress: &mut dyn FnMut(CopyProgress) -> bool,
) -> Result<Head, Error> {
    let source = connector.connect()?;
    let mut unit = SqliteUnit::new(&source, connector.name());
    let _snapshot = unit.begin_snapshot()?;
    let head = unit.read_audit_head()?.head;
    let mut copy = open_copy(part).map_err(|error| target.not_written(&error))?;
    let backup = Backup::new(&source, &mut copy).map_err(|error| target.not_written(&error))?;
    loop {
        // The file is private, so that only reading the store or writing the copy can fail.
        match backup.step(STEP_PAGES).map_err(|error| target.not_written(&error))? {
            StepResult::Done => return Ok(head),
            StepResult::More => sleep(PAUSE),
            _ => sleep(PAUSE * 10),
        }
        let pages = backup.progress();
        let pages = [pages.pagecount, pages.remaining].map(|pages| usize::try_from(pages).unwrap_or_default());
        if !progress(CopyProgress { copied: pages[0].saturating_sub(pages[1]), total: pages[0] }) {
            return Err(target.not_written(&io::Error::from(io::ErrorKind::Interrupted)));
        }
    }
}

/// Opens the file of a copy for its pages. A crash leaves a temporary file, so that no journal is needed.
fn open_copy(part: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let copy = Connection::open_with_flags(part, flags)?;
    copy.execute_batch("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = OFF;")?;
    copy.query_row("PRAGMA journal_mode = OFF", [], |_| Ok(()))?;
    Ok(copy)
}

/// Changes a copy from WAL mode to that of a rollback journal, so that it is one file that can be read where nothing can
/// be written, and makes it durable.
fn make_self_contained(part: &Path) -> io::Result<()> {
    let change = || {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let copy = Connection::open_with_flags(part, flags)?;
        copy.execute_batch("PRAGMA locking_mode = EXCLUSIVE;")?;
        copy.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get::<_, String>(0))
    };
    match change().map_err(io::Error::other)?.as_str() {
        "delete" => File::open(part)?.sync_all(),
        mode => Err(io::Error::other(format!("its journal mode stays {mode}"))),
    }
}

/// Returns size and SHA-256 digest of a file.
pub(super) fn digest(file: &Path) -> io::Result<(u64, Hash)> {
    let mut hasher = Sha256::new();
    let bytes = io::copy(&mut File::open(file)?, &mut HashWriter(&mut hasher))?;
    Ok((bytes, Hash(hasher.finalize().into())))
}

/// Writer that hashes.
struct HashWriter<'h>(&'h mut Sha256);

impl Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
