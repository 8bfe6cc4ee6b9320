//! `support store backup`: writes a verified copy of the store.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use clap::Args;
use serde::Serialize;

use super::super::batch::{CommandOutcome, print_outcome};
use super::super::exit::Exit;
use super::super::output::display_options::DisplayOptions;
use super::super::output::json;
use super::super::output::sanitize::sanitize;
use super::super::progress::Progress;
use super::super::session::Session;
use super::super::{CommandResult, Failure};
use crate::desk::back_up::back_up;
use crate::model::backup::Manifest;
use crate::model::{Error, Location, Message, StoreError};
use crate::system;

pub(super) const EXAMPLES: &str = "\
support store backup /var/backups/support.db
support store backup /var/backups/support.db --force  # replace
support store backup - 2>manifest.json | gzip >support.db.gz  # stream";

/// Name that stands for standard output.
const STDOUT: &str = "-";

#[derive(Debug, Args)]
pub struct Backup {
    /// New file for the copy; - writes the copy to standard output and its manifest to standard error.
    file: String,
    /// Replace FILE if it exists.
    #[arg(long)]
    force: bool,
}

impl Backup {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        if self.file == STDOUT {
            return stream(session);
        }
        if !self.force && Path::new(&self.file).symlink_metadata().is_ok() {
            return Err(Failure::BackupExists(self.file));
        }
        let manifest = write_copy(session, &self.file, self.force)?;
        print_outcome(session, &BackedUp { file: self.file, manifest })
    }
}

/// Writes the copy to standard output, from a private temporary file.
fn stream(session: &mut Session<'_>) -> CommandResult {
    if io::stdout().is_terminal() {
        return Err(Failure::BinaryOnTerminal);
    }
    // Opened first, so that a missing store leaves no temporary folder to create.
    session.store()?;
    let folder = tempfile::Builder::new().prefix("support-").tempdir().map_err(Failure::System)?;
    let file = folder.path().join("backup.db");
    let manifest = write_copy(session, &file.to_string_lossy(), false)?;
    io::copy(&mut File::open(&file).map_err(Failure::System)?, &mut session.out)?;
    session.out.flush()?;
    let _ = writeln!(io::stderr(), "{}", json::to_line(&manifest));
    Ok(Exit::Done)
}

/// Writes the copy with progress.
fn write_copy(session: &mut Session<'_>, file: &str, replace: bool) -> Result<Manifest, Failure> {
    let (store, caller) = (session.store()?, session.caller(false));
    let progress = Progress::start(session.translate(&Message::new("cli.progress.copying")), false);
    let mut copied = 0;
    let written = back_up(&store, &caller, &Location::from(file), replace, system::now(), &mut |pages| {
        if copied == 0 {
            progress.set_total(pages.total);
        }
        progress.advance(pages.copied.saturating_sub(copied));
        copied = pages.copied;
        true
    });
    written.map_err(|error| match error {
        Error::Store { error: StoreError::CopyNotWritten { location, reason }, .. } => {
            Failure::CannotWrite { name: location.to_string(), source: io::Error::other(reason) }
        }
        error => Failure::Desk(error),
    })
}

/// Backup with its manifest.
#[derive(Serialize)]
struct BackedUp {
    file: String,
    #[serde(flatten)]
    manifest: Manifest,
}

impl CommandOutcome for BackedUp {
    const CSV: &'static [&'static str] = &["file", "createdAt", "schemaVersion", "bytes", "sha256", "head"];

    fn text(&self, display: &DisplayOptions) -> String {
        let Manifest { bytes, head, .. } = &self.manifest;
        let message = Message::new("cli.store.backed_up").with("file", &self.file).with("bytes", bytes);
        sanitize(&display.locale.translate(&message.with("entries", head.entries))).into_owned()
    }
}
