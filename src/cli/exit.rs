//! Exit codes, and the mapping from error kinds to exit codes.

use std::process::ExitCode;

use crate::model::Kind;

/// Exit status of a command, in order of severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Success: exit code 0.
    Done,
    /// Refused by a rule, not found, or failed: exit code 1.
    Failed,
    /// Invalid arguments: exit code 2.
    Usage,
    /// Store missing, locked, damaged, newer than this program, or full: exit code 3.
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
            | Kind::KeyReused
            | Kind::Broken => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    /// Maps the status to its code. Usage errors found by the argument parser exit with 2 before any command runs.
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Store => 3,
        })
    }
}
