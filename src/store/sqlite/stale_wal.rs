//! Detection of a stale WAL: one that a crash left, and that belongs to another file than the database beside it, such
//! as a database that was replaced by a copy.
//!
//! SQLite applies any valid WAL with the right name. Each commit therefore stores a random tag and that of the commit
//! before it. A WAL belongs to the database if it contains the tag that the database has without the WAL.

use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, OpenFlags};

use super::files::Paths;
use super::{error, file_check, sql, wal};
use crate::model::{Error, StoreError};

/// Characters of a path to be escaped in a URI.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

/// Tag of a commit.
type Tag = [u8; 16];

/// Returns the tag that the database has without its WAL; none if there is no WAL or the tag cannot be read.
///
/// Must run before any other connection is opened, since closing this one releases SQLite's locks on the file.
pub(super) fn tag_without_wal(paths: &Paths) -> Option<Tag> {
    if !file_check::has_wal(paths.wal()) {
        return None;
    }
    tag(&open_without_wal(paths.db()).ok()?).ok()
}

/// Opens a database read-only, without its WAL, and without locks or other files.
pub(super) fn open_without_wal(db: &Path) -> rusqlite::Result<Connection> {
    let uri = format!("file:{}?immutable=1", percent_encode(db.as_os_str().as_bytes(), ESCAPED));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(uri, flags)
}

/// Rejects a stale WAL. `connection` reads the database with the WAL, and `without_wal` is the tag without it.
///
/// # Errors
/// [`StoreError::StaleWal`].
pub(super) fn check_wal(paths: &Paths, connection: &Connection, without_wal: Tag) -> Result<(), Error> {
    let with_wal = tag(connection).map_err(|error| error::from_sqlite(paths.name(), error))?;
    if with_wal == without_wal
        || wal_contains(paths, &without_wal).map_err(|error| error::from_io(paths.name(), error))?
    {
        return Ok(());
    }
    let (location, wal) = (paths.name().into(), format!("{}-wal", paths.name()).into());
    Err(Error::store(
        StoreError::StaleWal { location, wal },
        "the write-ahead log does not contain the tag of the database",
    ))
}

/// Stores a new tag for the current transaction.
pub(super) fn renew_tag(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare_cached(sql!("audit_log/renew_tag"))?.execute([]).map(drop)
}

fn tag(connection: &Connection) -> rusqlite::Result<Tag> {
    connection.query_row(sql!("audit_log/tag"), [], |row| row.get(0))
}

/// Returns true if a page of the WAL contains this tag. The tag is random, so no other page content equals it.
fn wal_contains(paths: &Paths, tag: &Tag) -> io::Result<bool> {
    let wal = File::open(paths.wal())?;
    Ok(wal::last_generation_pages(&wal).any(|page| page.windows(tag.len()).any(|bytes| bytes == tag)))
}
