//! `support store`: backups and maintenance of the store.

use clap::Subcommand;

use super::super::failure::CommandResult;
use super::super::session::Session;
use super::backup;

#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Write a verified copy of the store, which may be in use.
    ///
    /// The copy is one file, readable by its owner only, and holds every change that was committed before the command
    /// began. Beside it, FILE.manifest.json holds its digest, the head of its audit log and its numbers of rows.
    #[command(after_help = backup::EXAMPLES)]
    Backup(backup::Backup),
}

impl StoreCommand {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        match self {
            Self::Backup(backup) => backup.run(session),
        }
    }
}
