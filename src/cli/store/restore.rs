//! `support store restore`: replaces the store by a verified backup.

use std::fs::File;

use clap::Args;
use serde::Serialize;

use super::super::batch::{CommandOutcome, print_outcome};
use super::super::confirm::confirm;
use super::super::output::display_options::DisplayOptions;
use super::super::output::sanitize::sanitize;
use super::super::session::Session;
use super::super::{CommandResult, Failure};
use super::{check, manifest};
use crate::model::audit::Head;
use crate::model::store_check::{ManifestDifference, StoreFinding};
use crate::model::{Error, Location, Message, StoreError};
use crate::store::Maintenance;
use crate::system;

pub(super) const EXAMPLES: &str = "\
support store restore /var/backups/support.db
support --db new.db store restore /var/backups/support.db --yes  # elsewhere";

#[derive(Debug, Args)]
pub struct Restore {
    /// Backup to restore.
    file: String,
    /// Restore without a confirmation prompt.
    #[arg(long)]
    yes: bool,
}

impl Restore {
    pub(crate) fn run(self, session: &mut Session<'_>, maintenance: &dyn Maintenance) -> CommandResult {
        let (store, copy) = (session.location(), Location::from(self.file.as_str()));
        File::open(&self.file).map_err(|source| Failure::CannotRead { name: self.file.clone(), source })?;
        maintenance.require_unused(&store)?;
        let manifest = manifest::read_beside(&self.file)?;
        let (bytes, sha256) = maintenance.digest(&copy)?;
        let damaged = |session: &Session<'_>, finding: &StoreFinding| {
            let reason = session.translate(&finding.message());
            Failure::Desk(Error::Store {
                error: StoreError::CopyDamaged { location: copy.clone(), reason },
                source: None,
            })
        };
        if manifest.as_ref().is_some_and(|manifest| (manifest.bytes, manifest.sha256) != (bytes, sha256)) {
            return Err(damaged(session, &StoreFinding::Manifest(ManifestDifference::Content)));
        }
        let report = check::check_copy(session, maintenance, &copy, &[])?;
        if let Some(finding) = report.findings.first() {
            return Err(damaged(session, finding));
        }
        if let (Some(manifest), Some(head)) = (manifest, report.head)
            && manifest.head != head
        {
            return Err(damaged(session, &StoreFinding::Manifest(ManifestDifference::Head)));
        }
        let question = Message::new("cli.store.restore_question").with("store", &store).with("file", &copy);
        confirm(session, self.yes, &question)?;
        let kept = maintenance.restore(&store, &copy, sha256, system::now())?;
        print_outcome(session, &Restored { store, file: self.file, kept, head: report.head })
    }
}

/// Restored store.
#[derive(Serialize)]
struct Restored {
    store: Location,
    file: String,
    /// Place of the old store.
    kept: Option<Location>,
    head: Option<Head>,
}

impl CommandOutcome for Restored {
    const CSV: &'static [&'static str] = &["store", "file", "kept", "head"];

    fn text(&self, display: &DisplayOptions) -> String {
        let key = if self.kept.is_some() { "cli.store.restored_kept" } else { "cli.store.restored" };
        let message = Message::new(key).with("store", &self.store).with("file", &self.file);
        let message = self.kept.iter().fold(message, |message, kept| message.with("kept", kept));
        sanitize(&display.locale.translate(&message)).into_owned()
    }
}
