//! Check of the file's header before SQLite opens it, so that a rejected file is not changed, whatever journal is
//! beside it.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::files::{Paths, with_suffix};
use super::{Open, error};
use crate::model::{Error, StoreError};

/// Application id of a support store (SQLite file format, 1.3.15): `mtxs` in ASCII.
pub(super) const APPLICATION_ID: i32 = 0x6D74_7873;

/// First bytes of every SQLite file (file format, 1.3).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Longest suffix of the files that SQLite creates beside a database.
const LONGEST_SUFFIX: &str = "-journal";
/// Maximum length in bytes of a path that SQLite opens.
const MAX_PATH_BYTES: usize = 512;
/// Number of bytes to read: the header and the start of page 1, with its type and number of cells.
const HEAD_BYTES: usize = 108;

/// Rejects a file that is not a support store or has a version above `known`. Creates an empty file if there is none
/// and `mode` is [`Open::Create`].
pub(super) fn check(path: &Path, name: &str, mode: Open, known: usize) -> Result<(), Error> {
    if fs::metadata(path).is_ok_and(|file| !file.is_file()) {
        return Err(foreign(name, "it is no file"));
    }
    let head = match read_head(path) {
        Ok(head) => head,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return create_if_allowed(path, name, mode),
        Err(error) => return Err(error::from_io(name, error)),
    };
    if head.is_empty() {
        return match mode {
            Open::Existing => Err(missing(name)),
            Open::Create => {
                fs::set_permissions(path, Permissions::from_mode(0o600)).map_err(|error| error::from_io(name, error))
            }
        };
    }
    let header = Header(&head);
    if !head.starts_with(MAGIC) {
        return Err(foreign(name, "it is no SQLite file"));
    }
    if head.len() < HEAD_BYTES {
        return Err(Error::store(StoreError::Damaged(name.into()), "its header is truncated"));
    }
    match header.application_id() {
        APPLICATION_ID => {
            let (found, known) = (i64::from(header.version()), i64::try_from(known).unwrap_or(i64::MAX));
            if found > known {
                return Err(newer(name, found, known));
            }
            check_wal(path, name, &header)
        }
        // A store gets its application id in the transaction that creates its first table, and before it has a WAL. A
        // file without one is therefore a new store only while it is blank.
        0 if header.is_blank() && !has_wal(Paths::new(path.to_owned(), name.to_owned()).wal()) => match mode {
            Open::Existing => Err(missing(name)),
            Open::Create => Ok(()),
        },
        _ => Err(foreign(name, "it is another program's SQLite file")),
    }
}

/// Returns true for a store that is not in WAL mode and has no WAL: a copy that was not opened for writing.
pub(super) fn is_copy(path: &Path) -> bool {
    let is_copy = |head: Vec<u8>| head.starts_with(MAGIC) && !Header(&head).uses_wal();
    read_head(path).is_ok_and(is_copy) && !has_wal(&with_suffix(path, "-wal"))
}

pub(super) fn missing(name: &str) -> Error {
    Error::store(StoreError::Missing(name.into()), "no store there")
}

pub(super) fn newer(name: &str, found: i64, known: i64) -> Error {
    Error::store(StoreError::Newer { location: name.into(), found, known }, "written by a later version")
}

/// Rejects a WAL beside a database that never had one, such as a copy by `VACUUM INTO` that replaced the database after
/// a crash. SQLite would apply it to the copy.
fn check_wal(path: &Path, name: &str, header: &Header<'_>) -> Result<(), Error> {
    if header.uses_wal() || !has_wal(Paths::new(path.to_owned(), name.to_owned()).wal()) {
        return Ok(());
    }
    let (location, wal) = (name.into(), format!("{name}-wal").into());
    Err(Error::store(StoreError::StaleWal { location, wal }, "the database has never had a write-ahead log"))
}

fn foreign(name: &str, why: &'static str) -> Error {
    Error::store(StoreError::Foreign(name.into()), why)
}

fn create_if_allowed(path: &Path, name: &str, mode: Open) -> Result<(), Error> {
    match mode {
        Open::Existing => Err(missing(name)),
        // Created here, not by SQLite, so that only its owner can ever read it. WAL and index get the same mode.
        Open::Create => {
            check_length(path, name)?;
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path).map(drop).map_err(
                |error| match error.kind() {
                    io::ErrorKind::NotFound => Error::store(StoreError::NoFolder(name.into()), error),
                    _ => error::from_io(name, error),
                },
            )
        }
    }
}

/// Rejects a path that leaves no room for the suffixes of the other files.
fn check_length(path: &Path, name: &str) -> Result<(), Error> {
    let longest = with_suffix(path, LONGEST_SUFFIX);
    if longest.as_os_str().len() > MAX_PATH_BYTES {
        return Err(error::from_io(name, io::ErrorKind::InvalidFilename.into()));
    }
    match fs::symlink_metadata(longest) {
        Err(error) if error.kind() == io::ErrorKind::InvalidFilename => Err(error::from_io(name, error)),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Returns true if a WAL with content exists.
pub(super) fn has_wal(wal: &Path) -> bool {
    fs::metadata(wal).is_ok_and(|wal| wal.len() > 0)
}

fn read_head(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    // A pipe or a device could block, and a folder cannot be read.
    let kind = file.metadata()?.file_type();
    if !kind.is_file() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    let mut head = Vec::with_capacity(HEAD_BYTES);
    file.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// Header of a SQLite file, by the offsets of the file format.
struct Header<'h>(&'h [u8]);

impl Header<'_> {
    fn be_i32(&self, offset: usize) -> i32 {
        let bytes = self.0.get(offset..offset + 4).and_then(|bytes| bytes.try_into().ok());
        i32::from_be_bytes(bytes.unwrap_or_default())
    }

    fn version(&self) -> i32 {
        self.be_i32(60)
    }

    fn application_id(&self) -> i32 {
        self.be_i32(68)
    }

    /// Returns true if the file is in WAL mode: set before its first WAL is created, and permanent.
    fn uses_wal(&self) -> bool {
        self.0.get(18) == Some(&2)
    }

    /// Returns true for one page without tables and without a version.
    fn is_blank(&self) -> bool {
        self.be_i32(28) == 1 && self.version() == 0 && self.0.get(100) == Some(&0x0D) && self.0[103..105] == [0, 0]
    }
}
