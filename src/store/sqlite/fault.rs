//! What the engine says, as the desk's one error; the source stays inside it.

use std::io;

use rusqlite::ErrorCode;

use crate::model::{Error, StoreFault};

/// `ENFILE` and `EMFILE`, which have no kind of their own.
const NO_DESCRIPTORS: [i32; 2] = [23, 24];

/// The desk's error for what the engine said about the store of this name.
pub(super) fn of(name: &str, error: rusqlite::Error) -> Error {
    let fault = fault(name, &error);
    match error {
        // The engine's words around it are of no use to anyone.
        rusqlite::Error::FromSqlConversionFailure(_, _, why) => Error::store(fault, why),
        other => Error::store(fault, other),
    }
}

/// The desk's error for what the system said about the file of this name.
pub(super) fn of_io(name: &str, error: io::Error) -> Error {
    let fault = match error.kind() {
        _ if error.raw_os_error().is_some_and(|code| NO_DESCRIPTORS.contains(&code)) => StoreFault::NoDescriptors,
        io::ErrorKind::IsADirectory => StoreFault::Foreign(name.into()),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreFault::Full,
        io::ErrorKind::InvalidFilename => StoreFault::NameTooLong(name.into()),
        io::ErrorKind::NotADirectory => StoreFault::NoFolder(name.into()),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::NotFound => {
            StoreFault::ReadOnly(name.into())
        }
        _ => StoreFault::Failed,
    };
    Error::store(fault, error)
}

fn fault(name: &str, error: &rusqlite::Error) -> StoreFault {
    use rusqlite::Error as E;
    match error {
        E::SqliteFailure(failure, _) | E::SqlInputError { error: failure, .. } => match failure.code {
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreFault::Damaged(name.into()),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreFault::Busy,
            ErrorCode::DiskFull => StoreFault::Full,
            ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
                StoreFault::ReadOnly(name.into())
            }
            _ => StoreFault::Failed,
        },
        // A row that holds what no row of ours can: somebody wrote past this program.
        E::FromSqlConversionFailure(..)
        | E::IntegralValueOutOfRange(..)
        | E::InvalidColumnType(..)
        | E::Utf8Error(..) => StoreFault::Damaged(name.into()),
        _ => StoreFault::Failed,
    }
}

/// The answer to work that comes too late.
pub(super) fn closed() -> Error {
    Error::store(StoreFault::Failed, "the store is closed")
}

/// Whether the engine failed below SQL, so that its connection is better replaced.
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
