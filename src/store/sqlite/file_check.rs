//! What file is this? Answered from its first hundred bytes, before SQLite may touch it: a file that is refused here
//! keeps its bytes, whatever journal lies beside it.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::files::{Paths, with_suffix};
use super::{Open, error};
use crate::model::{Error, StoreError};

/// Marks a file as a support store: `SQLite`'s application id, `mtxs` in ASCII.
pub(super) const APPLICATION_ID: i32 = 0x6D74_7873;

/// The first bytes of every SQLite file (file format, 1.3).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// The longest of the endings that the engine gives the files beside a store.
const LONGEST_SUFFIX: &str = "-journal";
/// Bytes of the longest path that the engine opens.
const MAX_PATH_BYTES: usize = 512;
/// The header's length, and what of page 1 is read beyond it: the kind of the page and its number of cells.
const HEAD_BYTES: usize = 108;

/// Refuses a file that is not a store of ours, or one that this program does not know; creates an empty one where
/// there is none and `mode` says so. `known` is the newest version that this program knows.
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
        return Err(Error::store(StoreError::Damaged(name.into()), "its header is cut"));
    }
    match header.application_id() {
        APPLICATION_ID => {
            let (found, known) = (i64::from(header.version()), i64::try_from(known).unwrap_or(i64::MAX));
            if found > known {
                return Err(newer(name, found, known));
            }
            check_wal(path, name, &header)
        }
        // Ours is marked in the same transaction that makes its first table, and before it has a log: an unmarked
        // file can only become ours while it is blank.
        0 if header.is_blank() && !has_wal(Paths::new(path.to_owned(), name.to_owned()).wal()) => match mode {
            Open::Existing => Err(missing(name)),
            Open::Create => Ok(()),
        },
        _ => Err(foreign(name, "it is another program's SQLite file")),
    }
}

pub(super) fn missing(name: &str) -> Error {
    Error::store(StoreError::Missing(name.into()), "no store there")
}

pub(super) fn newer(name: &str, found: i64, known: i64) -> Error {
    Error::store(StoreError::Newer { location: name.into(), found, known }, "written by a later version")
}

/// Refuses a log beside a database that never had one, which the engine would move into it: a copy that was put in the
/// place of the database after a crash. One that is made by `VACUUM INTO` has had no log.
fn check_wal(path: &Path, name: &str, header: &Header<'_>) -> Result<(), Error> {
    if header.uses_wal() || !has_wal(Paths::new(path.to_owned(), name.to_owned()).wal()) {
        return Ok(());
    }
    let (location, wal) = (name.into(), format!("{name}-wal").into());
    Err(Error::store(StoreError::StaleWal { location, wal }, "the database has never had a log"))
}

fn foreign(name: &str, why: &'static str) -> Error {
    Error::store(StoreError::Foreign(name.into()), why)
}

fn create_if_allowed(path: &Path, name: &str, mode: Open) -> Result<(), Error> {
    match mode {
        Open::Existing => Err(missing(name)),
        // Made here, not by SQLite, so that it is its owner's alone from its first moment; its log and shared memory
        // take its mode.
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

/// Refuses a path that leaves no room for the names beside it.
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

/// Whether there is more to the file than its own bytes.
pub(super) fn has_wal(wal: &Path) -> bool {
    fs::metadata(wal).is_ok_and(|wal| wal.len() > 0)
}

fn read_head(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    // A pipe or a device would never end, and a folder cannot be read.
    let kind = file.metadata()?.file_type();
    if !kind.is_file() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    let mut head = Vec::with_capacity(HEAD_BYTES);
    file.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// The header of a SQLite file, by the offsets of the file format.
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

    /// Whether it is written through a log: set before the first one is made, and for good.
    fn uses_wal(&self) -> bool {
        self.0.get(18) == Some(&2)
    }

    /// One page, with no table on it, and no version given by anyone.
    fn is_blank(&self) -> bool {
        self.be_i32(28) == 1 && self.version() == 0 && self.0.get(100) == Some(&0x0D) && self.0[103..105] == [0, 0]
    }
}
