//! One run of a command: where its store is, who runs it, how it looks, and where its words go.

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
use crate::model::{Error, Message};
use crate::store::Store;

/// How a command wants the store's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// It must be there.
    Existing,
    /// It is made where it is not there.
    Create,
    /// The same, and a world is written to it.
    Fill,
}

/// Opens the store's file.
type Open<'o> = &'o dyn Fn(&Path, Opening) -> Result<Store, Error>;

/// One run of a command.
pub(crate) struct Session<'o> {
    global: Global,
    open: Open<'o>,
    store: Option<Store>,
    /// How it looks to whoever reads it.
    pub(crate) display: DisplayOptions,
    /// Standard output.
    pub(crate) out: Out,
}

impl<'o> Session<'o> {
    /// A run with nothing opened yet.
    pub(crate) fn new(global: Global, open: Open<'o>) -> Self {
        let display = DisplayOptions::of_stdout(global.locale());
        let width = if global.wide { usize::MAX } else { display.width };
        let display = DisplayOptions { width, utc: global.utc, ..display };
        Self { global, open, store: None, display, out: Out::stdout() }
    }

    /// How data is printed.
    pub(crate) fn format(&self) -> Format {
        self.global.format
    }

    /// The store, which must be there.
    ///
    /// # Errors
    /// Those of the store: exit code 3.
    pub(crate) fn store(&mut self) -> Result<Store, Failure> {
        self.opened(Opening::Existing)
    }

    /// The store, made where it is not there.
    ///
    /// # Errors
    /// As [`Self::store`].
    pub(crate) fn store_or_new(&mut self) -> Result<Store, Failure> {
        self.opened(Opening::Create)
    }

    /// The same, for a command that writes a world to it.
    ///
    /// # Errors
    /// As [`Self::store`].
    pub(crate) fn store_to_fill(&mut self) -> Result<Store, Failure> {
        self.opened(Opening::Fill)
    }

    fn opened(&mut self, opening: Opening) -> Result<Store, Failure> {
        if let Some(store) = &self.store {
            return Ok(store.clone());
        }
        let store = (self.open)(&self.global.db, opening)?;
        self.store = Some(store.clone());
        Ok(store)
    }

    /// Who runs it, as the desk knows them; what they do earns the customer an award only where they say so.
    pub(crate) fn caller(&self, award: bool) -> Caller {
        Caller::operator(self.agent(), award)
    }

    /// The name of whoever runs it.
    pub(crate) fn agent(&self) -> AgentName {
        let login = || whoami::username().ok().and_then(|name| AgentName::new(&name));
        let named = self.global.agent.clone().or_else(login);
        let nameless = || AgentName::new("agent").expect("a plain word is a name");
        named.unwrap_or_else(nameless)
    }

    /// A sentence in the reader's language.
    pub(crate) fn say(&self, message: &Message) -> String {
        self.display.locale.say(message)
    }

    /// Tells a person what may be of use to them, beside the data.
    pub(crate) fn hint(&mut self, message: &Message) {
        let said = self.say(message);
        self.aside(&sanitize(&said));
    }

    /// Tells a person what did not go as it should though the command did what it was asked for.
    pub(crate) fn warn(&mut self, message: &Message) {
        let said = self.say(message);
        self.aside(&format!("warning: {}", sanitize(&said)));
    }

    /// Tells what failed, and returns how the program will end.
    pub(crate) fn fail(&mut self, failure: &Failure) -> Exit {
        let locale = self.display.locale;
        let told = if self.format().is_json() { failure.json(locale) } else { failure.text(locale) };
        self.aside(&told);
        failure.exit()
    }

    /// A line on standard error, after everything that standard output was given before.
    fn aside(&mut self, line: &str) {
        // Both are for someone who reads along; whoever closed them wants no word about it.
        let _ = self.out.flush();
        let _ = writeln!(io::stderr(), "{line}");
    }

    /// Prints a whole table.
    ///
    /// # Errors
    /// [`Failure::Output`].
    pub(crate) fn print_table(&mut self, columns: &'static [Column], rows: &[Vec<Cell>]) -> Result<(), Failure> {
        let mut table = Table::new(self.display, columns);
        self.out.write_all(table.block(rows).as_bytes())?;
        self.tell_left_out(&table);
        Ok(())
    }

    /// Says which columns of a table had no place.
    pub(crate) fn tell_left_out(&mut self, table: &Table) {
        let columns = table.left_out().join(", ");
        if !columns.is_empty() {
            self.hint(&Message::new("cli.table.left_out").with("columns", columns));
        }
    }

    /// Ends the run: lets go of the store, says what failed, and hands over everything that was printed.
    pub(crate) fn finish(mut self, ran: CommandResult) -> Exit {
        if let Some(store) = self.store.take() {
            store.close();
        }
        let told = matches!(ran, Err(Failure::Output(_)));
        let exit = ran.unwrap_or_else(|failure| self.fail(&failure));
        match self.out.flush() {
            Err(_) if told => exit,
            Ok(()) => exit,
            Err(error) => exit.max(self.fail(&Failure::Output(error))),
        }
    }
}
