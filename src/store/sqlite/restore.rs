//! Replacement of a store that no process has open by a copy.
//!
//! The old database is made self-contained first, so that the rename is the only step that matters: before it the old
//! store is complete, after it the new one. If the old database is damaged, its WAL stays until after the rename, and a
//! crash in between leaves a stale WAL, which is refused and does not change the new store.

use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags};
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use super::files::{ExclusiveLock, Paths, with_suffix};
use super::{Open, file_check, stale_wal};
use crate::model::audit::Hash;
use crate::model::error::chain;
use crate::model::{Error, Location, StoreError, Timestamp};

/// Size of the buffer for the copy.
const BUFFER_BYTES: usize = 1 << 20;

/// Restores a store; see [`crate::store::Maintenance::restore`].
pub(super) fn restore(paths: &Paths, copy: &Location, sha256: Hash, now: Timestamp) -> Result<Option<Location>, Error> {
    let _lock = ExclusiveLock::new(paths)?;
    let db = fs::canonicalize(paths.db()).unwrap_or_else(|_| paths.db().to_owned());
    let not_written = |error: io::Error| {
        let error = StoreError::CopyNotWritten { location: paths.name().into(), reason: chain(&error) };
        Error::Store { error, source: None }
    };
    let (part, found) = copy_beside(copy, &db).map_err(not_written)?;
    if found != sha256 {
        let reason = "it changed while it was verified".to_owned();
        return Err(Error::Store { error: StoreError::CopyDamaged { location: copy.clone(), reason }, source: None });
    }
    make_self_contained(paths, &db)?;
    let kept = keep_old_files(paths, &db, now).map_err(not_written)?;
    replace(paths, &db, part).map_err(not_written)?;
    Ok(kept.map(|kept| kept.to_string_lossy().into_owned().into()))
}

/// Copies a file to a temporary file in the folder of the database, with the owner of the database, and returns its
/// digest.
fn copy_beside(copy: &Location, db: &Path) -> io::Result<(NamedTempFile, Hash)> {
    let mut source = File::open(copy.as_str())?;
    let same = |found: Metadata| -> io::Result<bool> {
        let source = source.metadata()?;
        Ok((found.dev(), found.ino()) == (source.dev(), source.ino()))
    };
    if let Ok(found) = fs::metadata(db)
        && same(found)?
    {
        return Err(io::Error::other("the copy is the store itself"));
    }
    let mut name = db.file_name().unwrap_or_default().to_owned();
    name.push(".part-");
    let folder = folder(db);
    let mut part = tempfile::Builder::new().prefix(&name).tempfile_in(folder)?;
    part.as_file().set_permissions(Permissions::from_mode(0o600))?;
    let owner = fs::metadata(db).or_else(|_| fs::metadata(folder))?;
    if owner.uid() != part.as_file().metadata()?.uid() {
        // Run by root for the user of the server.
        fchown(part.as_file(), Some(owner.uid()), Some(owner.gid()))?;
    }
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; BUFFER_BYTES]);
    loop {
        let read = source.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        part.write_all(&buffer[..read])?;
    }
    part.as_file().sync_all()?;
    Ok((part, Hash(hasher.finalize().into())))
}

/// Moves the content of the old database's WAL into it, and removes the WAL. Leaves both as they are if the database is
/// damaged or the WAL does not belong to it.
///
/// # Errors
/// [`StoreError::InUse`] if another program has the database open.
fn make_self_contained(paths: &Paths, db: &Path) -> Result<(), Error> {
    if file_check::check(db, paths.name(), Open::Existing, usize::MAX).is_err() {
        return Ok(());
    }
    let without_wal = stale_wal::tag_without_wal(paths);
    if without_wal.is_none() && file_check::has_wal(paths.wal()) {
        // Page 1 is damaged: nothing proves that the WAL belongs to the database.
        return Ok(());
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let Ok(old) = Connection::open_with_flags(db, flags) else { return Ok(()) };
    // Closing must not move the content of a WAL that turns out to be stale.
    let keep_wal = rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
    if old.set_db_config(keep_wal, true).is_err()
        || without_wal.is_some_and(|tag| stale_wal::check_wal(paths, &old, tag).is_err())
    {
        return Ok(());
    }
    match old.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())) {
        Err(error)
            if matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)) =>
        {
            Err(Error::store(StoreError::InUse(paths.name().into()), error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Gives the old files a second name, and returns that of the database, if there is one.
fn keep_old_files(paths: &Paths, db: &Path, now: Timestamp) -> io::Result<Option<PathBuf>> {
    let time: String = now.to_rfc3339().as_str().chars().filter(char::is_ascii_alphanumeric).collect();
    let name = |number: u32| match number {
        0 => with_suffix(db, &format!(".before-restore-{time}")),
        number => with_suffix(db, &format!(".before-restore-{time}-{number}")),
    };
    let kept = (0..100).map(name).find(|kept| kept.symlink_metadata().is_err());
    let kept = kept.ok_or(io::ErrorKind::AlreadyExists)?;
    let has_wal = file_check::has_wal(paths.wal());
    if has_wal {
        link_or_copy(paths.wal(), &with_suffix(&kept, "-wal"))?;
    }
    let has_db = fs::metadata(db).is_ok_and(|db| db.len() > 0);
    if has_db {
        link_or_copy(db, &kept)?;
    }
    File::open(folder(db))?.sync_all()?;
    Ok(has_db.then_some(kept))
}

/// Links a file, or copies it where the file system has no links.
fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to).or_else(|error| {
        if error.kind() == io::ErrorKind::AlreadyExists {
            return Err(error);
        }
        fs::copy(from, to)?;
        fs::set_permissions(to, Permissions::from_mode(0o600))?;
        File::open(to)?.sync_all()
    })
}

/// Puts the new database in place, and removes the WAL and the index of the old one.
fn replace(paths: &Paths, db: &Path, part: NamedTempFile) -> io::Result<()> {
    part.persist(db)?;
    File::open(folder(db))?.sync_all()?;
    for companion in [paths.wal(), paths.shm()] {
        match fs::remove_file(companion) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    File::open(folder(db))?.sync_all()
}

fn folder(db: &Path) -> &Path {
    db.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("/"))
}
