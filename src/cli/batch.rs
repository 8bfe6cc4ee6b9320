//! Commands on several items: processes the items in order, prints each outcome, and fails if any item failed.

use std::io::Write;

use serde::Serialize;

use super::exit::Exit;
use super::failure::Failure;
use super::output::csv::Csv;
use super::output::display_options::DisplayOptions;
use super::output::json;
use super::session::Session;
use super::{CommandResult, Format};
use crate::model::Message;

/// Outcome of a command on one item. Its JSON is that of `Serialize`.
pub(crate) trait CommandOutcome: Serialize {
    /// CSV header: paths of the JSON members, such as `ride.id`.
    const CSV: &'static [&'static str];

    /// Formats the outcome as text that is safe for a terminal, without a final line break.
    fn text(&self, display: &DisplayOptions) -> String;

    /// Returns the warning to print with the text, if any. Other formats carry it in the data.
    fn warning(&self) -> Option<Message> {
        None
    }
}

/// Prints the outcome of a command on a single item.
pub(crate) fn print_outcome<T: CommandOutcome>(session: &mut Session<'_>, outcome: &T) -> CommandResult {
    match session.format() {
        Format::Json => json::write_document(&mut session.out, outcome)?,
        Format::Table | Format::Ndjson | Format::Csv => {
            write_header::<T>(session)?;
            print(session, outcome)?;
        }
    }
    Ok(Exit::Done)
}

/// Runs a command on each item and prints each outcome as soon as it is known.
///
/// JSON is one document: an object for a single item, an array for several. A store error ends the batch, because the
/// other items would fail too. Returns the highest exit code.
pub(crate) fn run_each<'o, I, T: CommandOutcome>(
    session: &mut Session<'o>,
    items: Vec<Result<I, Failure>>,
    mut run: impl FnMut(&mut Session<'o>, I) -> Result<T, Failure>,
) -> CommandResult {
    let is_batch = items.len() != 1;
    let mut outcomes = Vec::new();
    let mut exit = Exit::Done;
    write_header::<T>(session)?;
    for item in items {
        match item.and_then(|item| run(session, item)) {
            Ok(outcome) if session.format() == Format::Json => outcomes.push(outcome),
            Ok(outcome) => print(session, &outcome)?,
            Err(failure) => exit = exit.max(session.fail(&failure)),
        }
        if exit == Exit::Store {
            break;
        }
    }
    if session.format() == Format::Json {
        match outcomes.first() {
            Some(outcome) if !is_batch => json::write_document(&mut session.out, outcome)?,
            Some(_) => json::write_document(&mut session.out, &outcomes)?,
            None if is_batch => json::write_document(&mut session.out, &outcomes)?,
            None => {}
        }
    }
    Ok(exit)
}

fn write_header<T: CommandOutcome>(session: &mut Session<'_>) -> Result<(), Failure> {
    if session.format() == Format::Csv {
        csv_writer::<T>(session).write_header(&mut session.out)?;
    }
    Ok(())
}

fn csv_writer<T: CommandOutcome>(session: &Session<'_>) -> Csv {
    Csv::new(T::CSV, session.display.terminal)
}

fn print<T: CommandOutcome>(session: &mut Session<'_>, outcome: &T) -> Result<(), Failure> {
    match session.format() {
        Format::Table => writeln!(session.out, "{}", outcome.text(&session.display))?,
        Format::Json | Format::Ndjson => json::write_line(&mut session.out, outcome)?,
        Format::Csv => csv_writer::<T>(session).write_row(&mut session.out, outcome)?,
    }
    session.out.flush()?;
    if let (Format::Table, Some(warning)) = (session.format(), outcome.warning()) {
        session.warn(&warning);
    }
    Ok(())
}
