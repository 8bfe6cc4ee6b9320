//! Runs the commands.

use std::path::Path;
use std::process::ExitCode;

use super::args::{Cli, Command, Global};
use super::exit::Exit;
use super::failure::Failure;
use super::session::Session;
use crate::model::Error;
use crate::store::Store;

/// What a command came to; a failure has not been told yet.
pub(crate) type Ran = Result<Exit, Failure>;

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

/// Runs every command but `serve`, which is the application's own; `open` opens the store, and only for the commands
/// that need one.
pub fn run(cli: Cli, open: &dyn Fn(&Path, Opening) -> Result<Store, Error>) -> ExitCode {
    let mut session = Session::new(cli.global, open);
    let ran = match cli.command {
        Command::Serve(_) => Ok(Exit::Done),
        Command::Ticket(command) => command.run(&mut session),
        Command::Points(command) => command.run(&mut session),
        Command::Notification(command) => command.run(&mut session),
        Command::Token(command) => command.run(&mut session),
        Command::Audit(command) => command.run(&mut session),
        Command::Webhook(command) => command.run(&mut session),
        Command::Doctor(command) => command.run(&mut session),
        Command::Fixtures(command) => command.run(&mut session),
        Command::Completions(command) => command.run(&mut session),
        Command::Man(command) => command.run(&mut session),
    };
    session.finish(ran).into()
}

/// Tells on standard error what `serve` failed with, as every other command would.
pub fn report(global: Global, failure: &Failure) {
    Session::new(global, &|_, _| unreachable!("nothing is opened to tell of a failure")).fail(failure);
}

/// Exit code of a program that failed with this.
pub fn exit_code(failure: &Failure) -> ExitCode {
    failure.exit().into()
}
