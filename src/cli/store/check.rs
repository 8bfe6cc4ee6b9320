//! `support store check`: checks the whole store.

use std::io::Write;

use clap::Args;
use serde::Serialize;

use super::super::exit::Exit;
use super::super::output::csv::Csv;
use super::super::output::display_options::DisplayOptions;
use super::super::output::json;
use super::super::output::table::{Cell, Column};
use super::super::progress::Progress;
use super::super::session::Session;
use super::super::values;
use super::super::{CommandResult, Failure, Format};
use super::manifest;
use crate::desk::check_store::check_store;
use crate::model::audit::Head;
use crate::model::store_check::{CheckedPart, ManifestDifference, StoreFinding, StoreReport};
use crate::model::{Location, Message};
use crate::store::{Maintenance, Store};

pub(super) const EXAMPLES: &str = "\
support store check
support store check --expect-head \"$(cat head.txt)\"  # head
support --db backup.db store check --manifest backup.db.manifest.json  # backup
exit 0  # sound
exit 1  # findings
exit 3  # store";

/// CSV header of a finding.
const CSV: &[&str] = &["part", "message"];
const COLUMNS: &[Column] = &[Column::fixed("cli.store.part"), Column::text("doctor.column.found")];

#[derive(Debug, Args)]
pub struct Check {
    /// Verify also that the audit log contains this head, printed by `audit verify` or taken from a manifest.
    #[arg(long, value_name = "ENTRIES:HASH", value_parser = values::parse::<Head>)]
    expect_head: Option<Head>,
    /// Verify also that the audit log contains the head of this manifest; of a backup, also its size and digest.
    #[arg(long, value_name = "FILE")]
    manifest: Option<String>,
}

impl Check {
    pub(crate) fn run(self, session: &mut Session<'_>, maintenance: &dyn Maintenance) -> CommandResult {
        let location = session.location();
        let manifest = self.manifest.as_deref().map(manifest::read).transpose()?;
        let heads: Vec<_> = self.expect_head.into_iter().chain(manifest.as_ref().map(|found| found.head)).collect();
        // A copy that is opened as a store gets another content, and no longer agrees with its manifest.
        let report = if maintenance.is_copy(&location) {
            let mut report = check_copy(session, maintenance, &location, &heads)?;
            if let Some(manifest) = manifest
                && maintenance.digest(&location)? != (manifest.bytes, manifest.sha256)
            {
                report.findings.push(StoreFinding::Manifest(ManifestDifference::Content));
            }
            report
        } else {
            let store = session.store()?;
            check(session, &store, &heads)?
        };
        print(session, &report)?;
        Ok(if report.findings.is_empty() { Exit::Done } else { Exit::Failed })
    }
}

/// Checks a copy, which is only read.
pub(super) fn check_copy(
    session: &Session<'_>,
    maintenance: &dyn Maintenance,
    copy: &Location,
    heads: &[Head],
) -> Result<StoreReport, Failure> {
    check(session, &maintenance.open_copy(copy)?, heads)
}

fn check(session: &Session<'_>, store: &Store, heads: &[Head]) -> Result<StoreReport, Failure> {
    let progress = Progress::start(session.translate(&Message::new("cli.progress.verifying")), false);
    let caller = session.caller(false);
    let (expect, advance) = (|all| progress.set_total(all), |count| progress.advance(count));
    Ok(store.read_blocking(|unit| check_store(unit, &caller, heads, expect, advance))?)
}

/// JSON object of a finding.
#[derive(Serialize)]
struct FindingView {
    part: CheckedPart,
    message: String,
}

/// JSON document of a report.
#[derive(Serialize)]
struct ReportView {
    head: Option<Head>,
    findings: Vec<FindingView>,
}

fn view(finding: &StoreFinding, display: &DisplayOptions) -> FindingView {
    FindingView { part: finding.part(), message: display.locale.translate(&finding.message()) }
}

fn print(session: &mut Session<'_>, report: &StoreReport) -> Result<(), Failure> {
    let display = session.display;
    let findings: Vec<_> = report.findings.iter().map(|finding| view(finding, &display)).collect();
    match session.format() {
        Format::Table if findings.is_empty() => {
            let message = match report.head {
                Some(head) => Message::new("cli.store.sound").with("head", head),
                None => Message::new("cli.store.sound_unverified"),
            };
            writeln!(session.out, "{}", display.locale.translate(&message))?;
        }
        Format::Table => {
            let cells = |finding: &FindingView| vec![Cell::new(&finding.part), Cell::new(&finding.message)];
            session.print_table(COLUMNS, &findings.iter().map(cells).collect::<Vec<_>>())?;
        }
        Format::Json => {
            json::write_document(&mut session.out, &ReportView { head: report.head, findings })?;
        }
        Format::Ndjson => {
            for finding in findings {
                json::write_line(&mut session.out, &finding)?;
            }
        }
        Format::Csv => {
            let csv = Csv::new(CSV, display.terminal);
            csv.write_header(&mut session.out)?;
            for finding in findings {
                csv.write_row(&mut session.out, &finding)?;
            }
        }
    }
    Ok(())
}
