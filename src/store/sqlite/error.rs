//! Conversion of errors of SQLite and the system, with the source kept.

use std::io;

use rusqlite::ErrorCode;

use crate::model::{Error, StoreError};

/// `ENFILE` and `EMFILE`, for which [`io::ErrorKind`] has no variant.
const OUT_OF_DESCRIPTORS: [i32; 2] = [23, 24];

/// Converts an error of SQLite about the store with this name.
pub(super) fn from_sqlite(name: &str, error: rusqlite::Error) -> Error {
    let reason = store_error(name, &error);
    match error {
        // The inner error names the cause; rusqlite's wrapper adds only a column number.
        rusqlite::Error::FromSqlConversionFailure(_, _, source) => Error::store(reason, source),
        source => Error::store(reason, source),
    }
}

/// Converts an error of the system about the file with this name.
pub(super) fn from_io(name: &str, error: io::Error) -> Error {
    let reason = match error.kind() {
        _ if error.raw_os_error().is_some_and(|code| OUT_OF_DESCRIPTORS.contains(&code)) => StoreError::NoDescriptors,
        io::ErrorKind::IsADirectory => StoreError::Foreign(name.into()),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full,
        io::ErrorKind::InvalidFilename => StoreError::NameTooLong(name.into()),
        io::ErrorKind::NotADirectory => StoreError::NoFolder(name.into()),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::NotFound => {
            StoreError::ReadOnly(name.into())
        }
        _ => StoreError::Failed,
    };
    Error::store(reason, error)
}

fn store_error(name: &str, error: &rusqlite::Error) -> StoreError {
    use rusqlite::Error as E;
    match error {
        E::SqliteFailure(failure, _) | E::SqlInputError { error: failure, .. } => match failure.code {
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Damaged(name.into()),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
            ErrorCode::DiskFull => StoreError::Full,
            ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
                StoreError::ReadOnly(name.into())
            }
            _ => StoreError::Failed,
        },
        // A value that this program never writes: another program has changed the row.
        E::FromSqlConversionFailure(..)
        | E::IntegralValueOutOfRange(..)
        | E::InvalidColumnType(..)
        | E::Utf8Error(..) => StoreError::Damaged(name.into()),
        _ => StoreError::Failed,
    }
}

/// Returns the error for work after the store was closed.
pub(super) fn closed() -> Error {
    Error::store(StoreError::Failed, "the store is closed")
}

/// Returns true if SQLite failed below SQL, so that the connection should be replaced.
pub(super) fn is_broken(error: &Error) -> bool {
    matches!(
        engine_code(error),
        Some(
            ErrorCode::SystemIoFailure
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::CannotOpen
                | ErrorCode::OutOfMemory
        )
    )
}

fn engine_code(error: &Error) -> Option<ErrorCode> {
    let Error::Store { source: Some(source), .. } = error else { return None };
    source.downcast_ref::<rusqlite::Error>()?.sqlite_error_code()
}
