//! `support audit export`: writes the complete audit log as NDJSON or CSV.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Args;

use super::super::exit::Exit;
use super::super::listing::ListRow;
use super::super::output::csv::Csv;
use super::super::output::json;
use super::super::progress::Progress;
use super::super::session::Session;
use super::super::{CommandResult, Failure, Format};
use crate::desk::audit::export;
use crate::model::Message;
use crate::model::audit::{AuditLine, AuditView};
use crate::model::principal::Caller;
use crate::store::Store;

pub(super) const EXAMPLES: &str = "\
support audit export | python3 verify.py  # verify
support audit export --output audit.ndjson  # keep
support audit export --format csv --output audit.csv";

#[derive(Debug, Args)]
pub struct Export {
    /// New file to write, readable by its owner only; by default, standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Export {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let (store, caller) = (session.store()?, session.caller(false));
        let Some(file) = self.output else {
            let writer = Writer::new(session.format(), session.display.terminal);
            let (closed, out) = (session.out.closed(), &mut session.out);
            writer.begin(out)?;
            store.read_blocking(|unit| {
                Ok(export(unit, &caller, |lines| writer.write(out, lines).map(|()| !closed.get())))
            })??;
            return Ok(Exit::Done);
        };
        let activity = session.translate(&Message::new("cli.progress.reading"));
        let writer = Writer::new(session.format(), false);
        let count = export_to_file(&store, &caller, &file, &writer, &Progress::start(activity, false))?;
        session.hint(&Message::new("cli.audit.exported").with("file", file.display()).with("entries", count));
        Ok(Exit::Done)
    }
}

/// Writes the audit log to a new file, readable by its owner only, and returns the number of entries.
///
/// Deletes the file if writing fails.
fn export_to_file(
    store: &Store,
    caller: &Caller,
    file: &Path,
    writer: &Writer,
    progress: &Progress,
) -> Result<usize, Failure> {
    let cannot_write = |source| Failure::CannotWrite { name: file.display().to_string(), source };
    let created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    let created = created.map_err(|source| match source.kind() {
        ErrorKind::AlreadyExists => Failure::FileExists(file.display().to_string()),
        _ => cannot_write(source),
    })?;
    let mut out = BufWriter::new(created);
    let written = writer.begin(&mut out).and_then(|()| {
        store.read_blocking(|unit| {
            Ok(export(unit, caller, |lines| {
                progress.advance(lines.len());
                writer.write(&mut out, lines).map(|()| true)
            }))
        })?
    });
    let flushed = written.and_then(|count| {
        out.flush().and_then(|()| File::sync_all(out.get_ref())).map(|()| count).map_err(Failure::Output)
    });
    flushed.map_err(|failure| {
        // A partial file could be mistaken for the complete log.
        let _ = std::fs::remove_file(file);
        match failure {
            Failure::Output(source) => cannot_write(source),
            failure => failure,
        }
    })
}

/// Writer of audit entries in one format.
enum Writer {
    /// One JSON object per line.
    Ndjson,
    /// A header row, then one row per entry.
    Csv(Csv),
}

impl Writer {
    fn new(format: Format, for_terminal: bool) -> Self {
        match format {
            Format::Csv => Self::Csv(Csv::new(AuditLine::CSV, for_terminal)),
            Format::Table | Format::Json | Format::Ndjson => Self::Ndjson,
        }
    }

    fn begin(&self, out: &mut impl Write) -> Result<(), Failure> {
        match self {
            Self::Ndjson => Ok(()),
            Self::Csv(csv) => Ok(csv.write_header(out)?),
        }
    }

    fn write(&self, out: &mut impl Write, lines: &[AuditLine]) -> Result<(), Failure> {
        for line in lines {
            match self {
                Self::Ndjson => json::write_line(out, &AuditView::from(line))?,
                Self::Csv(csv) => csv.write_row(out, &AuditView::from(line))?,
            }
        }
        Ok(())
    }
}
