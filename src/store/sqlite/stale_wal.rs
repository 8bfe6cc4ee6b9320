//! A log that a crash left behind, held against the database beside it: one that was written for another file, since a
//! copy was put in its place, would be moved into the copy.
//!
//! The engine does not ask: it takes every whole log of the right name. So each commit has a random tag and names that of
//! the commit before it. A log goes on where its database ends: it names the tag that the database has without it, as that
//! of one of its commits, or of the one before its first.

use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, OpenFlags};

use super::files::Paths;
use super::{error, file_check, sql, wal};
use crate::model::{Error, StoreError};

/// Bytes of a path that mean something else in a URI.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

/// The tag of a commit.
type Tag = [u8; 16];

/// The tag that the database has without the log beside it; none where there is no log, or nothing to be read.
///
/// To be called before any other connection is opened: closing this one drops the engine's locks on the file.
pub(super) fn tag_without_wal(paths: &Paths) -> Option<Tag> {
    if !file_check::has_wal(paths.wal()) {
        return None;
    }
    let uri = format!("file:{}?immutable=1", percent_encode(paths.db().as_os_str().as_bytes(), ESCAPED));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let without_wal = Connection::open_with_flags(uri, flags).ok()?;
    tag(&without_wal).ok()
}

/// Refuses a log that does not go on where the database ends; `connection` sees both with_wal.
///
/// # Errors
/// [`StoreError::StaleWal`].
pub(super) fn check_wal(paths: &Paths, connection: &Connection, without_wal: Tag) -> Result<(), Error> {
    let with_wal = tag(connection).map_err(|error| error::from_engine(paths.name(), error))?;
    if with_wal == without_wal
        || wal_contains(paths, &without_wal).map_err(|error| error::from_io(paths.name(), error))?
    {
        return Ok(());
    }
    let (location, wal) = (paths.name().into(), format!("{}-wal", paths.name()).into());
    Err(Error::store(StoreError::StaleWal { location, wal }, "the log does not go on where the database ends"))
}

/// Gives what is written next a tag of its own.
pub(super) fn move_tag(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare_cached(sql!("audit_log/move_tag"))?.execute([]).map(drop)
}

fn tag(connection: &Connection) -> rusqlite::Result<Tag> {
    connection.query_row(sql!("audit_log/tag"), [], |row| row.get(0))
}

/// Whether the log names this tag on one of its pages: random as it is, it stands on no other.
fn wal_contains(paths: &Paths, tag: &Tag) -> io::Result<bool> {
    let wal = File::open(paths.wal())?;
    Ok(wal::last_generation_pages(&wal).any(|page| page.windows(tag.len()).any(|bytes| bytes == tag)))
}
