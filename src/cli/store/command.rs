//! `support store`: backups and maintenance of the store.

use clap::Subcommand;

use super::super::failure::CommandResult;
use super::super::session::Session;
use super::{backup, check, restore};
use crate::store::Maintenance;

#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Write a verified copy of the store, which may be in use.
    ///
    /// The copy is one file, readable by its owner only, and holds every change that was committed before the command
    /// began. Beside it, FILE.manifest.json holds its digest, the head of its audit log and its numbers of rows.
    #[command(after_help = backup::EXAMPLES)]
    Backup(backup::Backup),
    /// Replace the store by a backup, which is verified first.
    ///
    /// No process may have the store open. The backup must agree with its manifest FILE.manifest.json, if there is one.
    /// The old store stays beside the new one, as support.db.before-restore-TIME.
    #[command(after_help = restore::EXAMPLES)]
    Restore(restore::Restore),
    /// Check every page, index and reference of the store, and verify the audit log.
    ///
    /// Works beside a server. A backup is only read: `support --db backup.db store check`.
    #[command(after_help = check::EXAMPLES)]
    Check(check::Check),
}

impl StoreCommand {
    pub(crate) fn run(self, session: &mut Session<'_>, maintenance: &dyn Maintenance) -> CommandResult {
        match self {
            Self::Backup(backup) => backup.run(session),
            Self::Restore(restore) => restore.run(session, maintenance),
            Self::Check(check) => check.run(session, maintenance),
        }
    }
}
