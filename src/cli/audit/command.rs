//! `support audit`: lists, verifies and exports the audit log.

use clap::Subcommand;

use super::super::failure::CommandResult;
use super::super::session::Session;
use super::{export, list, verify};

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// List audit entries, newest first.
    #[command(after_help = list::EXAMPLES)]
    List(list::List),
    /// Verify that the audit log is unchanged and matches the store.
    ///
    /// No entry may have been changed, removed, inserted or moved. Anyone with write access to the store file can
    /// rewrite the whole log: to detect that, keep the head in a place without such access, and pass it to --head
    /// later.
    #[command(after_help = verify::EXAMPLES)]
    Verify(verify::Verify),
    /// Export the audit log, oldest entry first.
    #[command(after_help = export::EXAMPLES)]
    Export(export::Export),
}

impl AuditCommand {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        match self {
            Self::List(list) => list.run(session),
            Self::Verify(verify) => verify.run(session),
            Self::Export(export) => export.run(session),
        }
    }
}
