//! From an error's kind to an exit code: the one table.

use std::process::ExitCode;

use crate::model::Kind;

/// How a command ended, the better first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// Refused by a rule, not found, or failed.
    Failed,
    /// The words of the command are wrong in themselves.
    Usage,
    /// The store is missing, locked too long, damaged, newer than this program, or full.
    Store,
}

impl From<Kind> for Exit {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Unavailable => Self::Store,
            Kind::Invalid
            | Kind::NotFound
            | Kind::Refused
            | Kind::Unauthorized
            | Kind::Forbidden
            | Kind::Gone
            | Kind::Conflict
            | Kind::Broken => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    /// What the parser of the arguments finds wrong ends with 2 as well, and never comes here.
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Store => 3,
        })
    }
}
