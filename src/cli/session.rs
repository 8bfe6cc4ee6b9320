//! Context of a command: store, caller, display options and output streams.

use std::io::{self, Write};
use std::path::Path;

use super::exit::Exit;
use super::failure::CommandResult;
use super::failure::Failure;
use super::global::Global;
use super::output::Format;
use super::output::display_options::DisplayOptions;
use super::output::out::Out;
use super::output::sanitize::sanitize;
use super::output::table::{Cell, Column, Table};
use crate::model::actor::AgentName;
use crate::model::principal::Caller;
use crate::model::{Error, Location, Message};
use crate::store::Store;

/// Mode in which a command opens the store file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// The file must exist.
    Existing,
    /// The file is created if it does not exist.
    Create,
    /// As [`Self::Create`], with settings for bulk writes.
    BulkWrite,
}

/// Function that opens the store file.
type Open<'o> = &'o dyn Fn(&Path, OpenMode) -> Result<Store, Error>;

/// Context of a running command.
pub(crate) struct Session<'o> {
    global: Global,
    open: Open<'o>,
    store: Option<Store>,
    /// Display options of standard output.
    pub(crate) display: DisplayOptions,
    /// Standard output.
    pub(crate) out: Out,
}

impl<'o> Session<'o> {
    /// Creates a session. The store is opened on first use.
    pub(crate) fn new(global: Global, open: Open<'o>) -> Self {
        let display = DisplayOptions::of_stdout(global.locale());
        let width = if global.wide { usize::MAX } else { display.width };
        let display = DisplayOptions { width, utc: global.utc, ..display };
        Self { global, open, store: None, display, out: Out::stdout() }
    }

    /// Returns the output format.
    pub(crate) fn format(&self) -> Format {
        self.global.format
    }

    /// Returns the store, whose file must exist.
    ///
    /// # Errors
    /// Errors of the store: exit code 3.
    pub(crate) fn store(&mut self) -> Result<Store, Failure> {
        self.open_store(OpenMode::Existing)
    }

    /// Returns the store, created if its file does not exist.
    ///
    /// # Errors
    /// As [`Self::store`].
    pub(crate) fn store_or_create(&mut self) -> Result<Store, Failure> {
        self.open_store(OpenMode::Create)
    }

    /// Returns the store opened for bulk writes, created if its file does not exist.
    ///
    /// # Errors
    /// As [`Self::store`].
    pub(crate) fn store_for_bulk_writes(&mut self) -> Result<Store, Failure> {
        self.open_store(OpenMode::BulkWrite)
    }

    fn open_store(&mut self, mode: OpenMode) -> Result<Store, Failure> {
        if let Some(store) = &self.store {
            return Ok(store.clone());
        }
        let store = (self.open)(&self.global.db, mode)?;
        self.store = Some(store.clone());
        Ok(store)
    }

    /// Returns the location of the store, whether it exists or not.
    pub(crate) fn location(&self) -> Location {
        self.global.db.to_string_lossy().into_owned().into()
    }

    /// Returns the operator as caller of use cases. With `award`, an operation may earn the customer an award.
    pub(crate) fn caller(&self, award: bool) -> Caller {
        Caller::operator(self.agent(), award)
    }

    /// Returns the agent name: `--agent`, else the login name, else `agent`.
    pub(crate) fn agent(&self) -> AgentName {
        let login = || whoami::username().ok().and_then(|name| AgentName::new(&name));
        let agent = self.global.agent.clone().or_else(login);
        let nameless = || AgentName::new("agent").expect("a plain word is a valid name");
        agent.unwrap_or_else(nameless)
    }

    /// Translates a message to the reader's language.
    pub(crate) fn translate(&self, message: &Message) -> String {
        self.display.locale.translate(message)
    }

    /// Prints a hint on standard error.
    pub(crate) fn hint(&mut self, message: &Message) {
        let text = self.translate(message);
        self.write_stderr(&sanitize(&text));
    }

    /// Prints a warning on standard error.
    pub(crate) fn warn(&mut self, message: &Message) {
        let text = self.translate(message);
        self.write_stderr(&format!("warning: {}", sanitize(&text)));
    }

    /// Prints a failure on standard error, and returns its exit status.
    pub(crate) fn fail(&mut self, failure: &Failure) -> Exit {
        let locale = self.display.locale;
        let text = if self.format().is_json() { failure.json(locale) } else { failure.text(locale) };
        self.write_stderr(&text);
        failure.exit()
    }

    /// Prints a line on standard error, after flushing standard output.
    fn write_stderr(&mut self, line: &str) {
        // A reader that closed a stream does not want its content.
        let _ = self.out.flush();
        let _ = writeln!(io::stderr(), "{line}");
    }

    /// Prints a complete table.
    ///
    /// # Errors
    /// [`Failure::Output`] if standard output cannot be written.
    pub(crate) fn print_table(&mut self, columns: &'static [Column], rows: &[Vec<Cell>]) -> Result<(), Failure> {
        let mut table = Table::new(self.display, columns);
        self.out.write_all(table.block(rows).as_bytes())?;
        self.hint_hidden_columns(&table);
        Ok(())
    }

    /// Prints a hint with the hidden columns of a table, if any.
    pub(crate) fn hint_hidden_columns(&mut self, table: &Table) {
        let columns = table.hidden_columns().join(", ");
        if !columns.is_empty() {
            self.hint(&Message::new("cli.table.left_out").with("columns", columns));
        }
    }

    /// Ends the session: closes the store, prints the failure, if any, and flushes standard output.
    pub(crate) fn finish(mut self, result: CommandResult) -> Exit {
        if let Some(store) = self.store.take() {
            store.close();
        }
        let is_output_failure = matches!(result, Err(Failure::Output(_)));
        let exit = result.unwrap_or_else(|failure| self.fail(&failure));
        match self.out.flush() {
            Err(_) if is_output_failure => exit,
            Ok(()) => exit,
            Err(error) => exit.max(self.fail(&Failure::Output(error))),
        }
    }
}
