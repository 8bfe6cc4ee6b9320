//! `support doctor`: prints a health report of the store.

use std::io::Write;
use std::time::Duration;

use anstyle::{AnsiColor, Color, Style};
use clap::Args;
use serde::Serialize;

use super::exit::Exit;
use super::output::csv::Csv;
use super::output::display_options::{DisplayOptions, FAINT};
use super::output::json;
use super::output::sanitize::sanitize;
use super::output::table::{Cell, Column};
use super::progress::Progress;
use super::session::Session;
use super::{CommandResult, Format};
use crate::desk::health_report::health_report;
use crate::model::Message;
use crate::model::health::{Check, CheckDetail, CheckName, CheckState, MailFacts};
use crate::system;

pub(super) const EXAMPLES: &str = "\
support doctor
support doctor --full  # full
support doctor --format ndjson | jq 'select(.state != \"ok\")'
exit 0  # well
exit 1  # attention
exit 3  # store";

/// Time limit of the integrity check without `--full`.
const QUICK_CHECK_LIMIT: Duration = Duration::from_secs(5);
/// Number of digits of a server id in a table.
const SERVER_ID_DIGITS: usize = 12;
/// CSV header of a check.
const CSV: &[&str] = &["check", "state", "found", "command"];
const COLUMNS: &[Column] = &[
    Column::fixed("doctor.column.check"),
    Column::fixed("cli.column.state"),
    Column::text("doctor.column.found"),
    Column::fixed("doctor.column.command"),
];

#[derive(Debug, Args)]
pub struct Doctor {
    /// Check every page, index and foreign key of the file, without a time limit; by default, for 5 s at most.
    #[arg(long)]
    full: bool,
}

impl Doctor {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let store = session.store()?;
        let progress = Progress::start(session.translate(&Message::new("doctor.examining")), false);
        let time_limit = (!self.full).then_some(QUICK_CHECK_LIMIT);
        let caller = session.caller(false);
        let checks = store.read_blocking(|unit| health_report(unit, &caller, time_limit, system::now()))?;
        drop(progress);
        let worst = checks.iter().map(|check| check.state).max().unwrap_or(CheckState::Ok);
        print(session, &checks, worst)?;
        Ok(match worst {
            CheckState::Ok => Exit::Done,
            CheckState::Attention => Exit::Failed,
            CheckState::Broken => Exit::Store,
        })
    }
}

fn print(session: &mut Session<'_>, checks: &[Check], worst: CheckState) -> Result<(), super::Failure> {
    let display = session.display;
    match session.format() {
        Format::Table => {
            let rows: Vec<_> = checks.iter().map(|check| cells(check, &display)).collect();
            if display.terminal {
                print_for_terminal(session, &rows, checks)?;
            } else {
                session.print_table(COLUMNS, &rows)?;
            }
        }
        Format::Json => {
            let checks = checks.iter().map(CheckView::from).collect();
            json::write_document(&mut session.out, &ReportView { state: worst, checks })?;
        }
        Format::Ndjson => {
            for check in checks {
                json::write_line(&mut session.out, &CheckView::from(check))?;
            }
        }
        Format::Csv => {
            let csv = Csv::new(CSV, display.terminal);
            csv.write_header(&mut session.out)?;
            for check in checks {
                let found = found_text(&check.found, &display);
                csv.write_row(&mut session.out, &CheckView { found, ..CheckView::without_found(check) })?;
            }
        }
    }
    Ok(())
}

/// Prints the commands below the table: a narrow terminal has no room for them beside the findings.
fn print_for_terminal(session: &mut Session<'_>, rows: &[Vec<Cell>], checks: &[Check]) -> Result<(), super::Failure> {
    session.print_table(&COLUMNS[..3], rows)?;
    for check in checks {
        if let Some(command) = &check.command {
            let title = session.display.word(title_key(check.name));
            writeln!(session.out, "{title}: {}", sanitize(command))?;
        }
    }
    Ok(())
}

/// JSON document of a report.
#[derive(Serialize)]
struct ReportView<'c> {
    state: CheckState,
    checks: Vec<CheckView<'c, &'c CheckDetail>>,
}

/// JSON object of a check.
#[derive(Serialize)]
struct CheckView<'c, F> {
    check: CheckName,
    state: CheckState,
    found: F,
    command: Option<&'c str>,
}

impl<'c> From<&'c Check> for CheckView<'c, &'c CheckDetail> {
    fn from(check: &'c Check) -> Self {
        Self { check: check.name, state: check.state, found: &check.found, command: check.command.as_deref() }
    }
}

impl<'c> CheckView<'c, String> {
    /// Returns the view of a check with `found` still empty.
    fn without_found(check: &'c Check) -> Self {
        Self { check: check.name, state: check.state, found: String::new(), command: check.command.as_deref() }
    }
}

fn cells(check: &Check, display: &DisplayOptions) -> Vec<Cell> {
    let (word, style) = match check.state {
        CheckState::Ok => ("doctor.state.ok", FAINT),
        CheckState::Attention => ("doctor.state.attention", coloured(AnsiColor::Yellow)),
        CheckState::Broken => ("doctor.state.broken", coloured(AnsiColor::Red).bold()),
    };
    vec![
        Cell::new(&display.word(title_key(check.name))),
        Cell::new(&display.word(word)).styled(style),
        Cell::new(&found_text(&check.found, display)),
        Cell::optional(check.command.as_deref()),
    ]
}

const fn coloured(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(colour)))
}

/// Returns the locale key of the title of a check.
const fn title_key(name: CheckName) -> &'static str {
    match name {
        CheckName::File => "doctor.check.file",
        CheckName::Permissions => "doctor.check.permissions",
        CheckName::Wal => "doctor.check.wal",
        CheckName::Schema => "doctor.check.schema",
        CheckName::Engine => "doctor.check.engine",
        CheckName::Tickets => "doctor.check.tickets",
        CheckName::Oldest => "doctor.check.oldest",
        CheckName::Events => "doctor.check.events",
        CheckName::Webhook => "doctor.check.webhook",
        CheckName::Deliveries => "doctor.check.deliveries",
        CheckName::DeliveryLease => "doctor.check.delivery_lease",
        CheckName::Notifications => "doctor.check.notifications",
        CheckName::Mails => "doctor.check.mails",
        CheckName::Tokens => "doctor.check.tokens",
        CheckName::Integrity => "doctor.check.integrity",
    }
}

/// Formats the finding of a check as text.
fn found_text(found: &CheckDetail, display: &DisplayOptions) -> String {
    let translate = |message: Message| display.locale.translate(&message);
    match found {
        CheckDetail::File(file) => format!("{} ({})", file.location, size(file.bytes)),
        CheckDetail::Permissions { mode } => mode.clone(),
        CheckDetail::Wal { bytes } => size(*bytes),
        CheckDetail::Schema { version } => version.to_string(),
        CheckDetail::Engine { version } => format!("SQLite {version}"),
        CheckDetail::Tickets { open, escalated, closed } => {
            format!("OPEN {open}, ESCALATED {escalated}, CLOSED {closed}")
        }
        CheckDetail::Oldest { ticket_id: Some(id), created_at: Some(at) } => {
            translate(Message::new("doctor.oldest").with("id", id).with("when", display.time(*at)))
        }
        CheckDetail::Oldest { .. } => display.word("doctor.no_ticket"),
        CheckDetail::Events { events, audience } => {
            translate(Message::new("doctor.events").with("events", events).with("audience", audience))
        }
        CheckDetail::Webhook(webhook) => {
            let key = if webhook.disabled_at.is_some() { "doctor.webhook_disabled" } else { "doctor.webhook" };
            let message = Message::new(key).with("id", webhook.webhook_id).with("url", &webhook.url);
            translate(message.with("waiting", webhook.waiting))
        }
        CheckDetail::Deliveries { waiting, retried, dead }
        | CheckDetail::Mails(MailFacts { waiting, retried, dead }) => translate(
            Message::new("doctor.deliveries").with("waiting", waiting).with("retried", retried).with("dead", dead),
        ),
        CheckDetail::DeliveryLease(Some(lease)) => translate(
            Message::new("doctor.delivery_lease")
                .with("holder", lease.holder.get(..SERVER_ID_DIGITS).unwrap_or(&lease.holder))
                .with("since", display.time(lease.since))
                .with("seen", display.time(lease.seen_at)),
        ),
        CheckDetail::DeliveryLease(None) => display.word("doctor.no_server"),
        CheckDetail::Notifications { unread } => translate(Message::new("doctor.unread").with("unread", unread)),
        CheckDetail::Tokens { ending } => translate(Message::new("doctor.tokens").with("ending", ending)),
        CheckDetail::Integrity(integrity) => match integrity.errors.as_slice() {
            [] if integrity.finished => display.word("doctor.sound"),
            [] => translate(Message::new("doctor.unfinished").with("seconds", QUICK_CHECK_LIMIT.as_secs())),
            errors => translate(Message::new("doctor.errors").with("errors", errors.join("; "))),
        },
    }
}

/// Formats a size in the largest unit in which it is at least 10, or in bytes.
fn size(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let fits = units.into_iter().find(|(shift, _)| bytes >> shift >= 10);
    fits.map_or_else(|| format!("{bytes} B"), |(shift, unit)| format!("{} {unit}", bytes >> shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_at_least_two_digits_above_10_kib() {
        for (bytes, text) in
            [(0, "0 B"), (10_239, "10239 B"), (10_240, "10 KiB"), (10 << 20, "10 MiB"), (9 << 30, "9216 MiB")]
        {
            assert_eq!(size(bytes), text);
        }
        assert_eq!(size(u64::MAX), "17179869183 GiB");
    }
}
