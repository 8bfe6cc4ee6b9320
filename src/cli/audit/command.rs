//! `support audit`: who did what, and the proof that nobody changed it since.

use clap::Subcommand;

use super::super::failure::Ran;
use super::super::session::Session;
use super::{export, list, verify};

/// What to do with the audit log.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// List who did what, newest first.
    #[command(after_help = list::EXAMPLES)]
    List(list::List),
    /// Prove that no entry was altered, removed, inserted or moved, and that the store agrees with the log.
    ///
    /// Whoever can write the store's file could write the whole log anew. A head that is kept out of their reach is what tells.
    #[command(after_help = verify::EXAMPLES)]
    Verify(verify::Verify),
    /// Write the whole log as NDJSON, oldest first, so that another program can verify it.
    #[command(after_help = export::EXAMPLES)]
    Export(export::Export),
}

impl AuditCommand {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
        match self {
            Self::List(list) => list.run(session),
            Self::Verify(verify) => verify.run(session),
            Self::Export(export) => export.run(session),
        }
    }
}
