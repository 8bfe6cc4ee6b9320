//! Dispatch of the commands.

use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory;

use super::args::{Cli, Command};
use super::exit::Exit;
use super::failure::Failure;
use super::global::Global;
use super::help;
use super::session::{OpenMode, Session};
use crate::model::Error;
use crate::store::{Maintenance, Store};

/// Runs any command but `serve`, which the application runs. Commands that need the store call `open`.
pub fn run(
    cli: Cli,
    open: &dyn Fn(&Path, OpenMode) -> Result<Store, Error>,
    maintenance: &dyn Maintenance,
) -> ExitCode {
    let mut session = Session::new(cli.global, open);
    let locale = session.display.locale;
    let result = match cli.command {
        Command::Serve(_) => Ok(Exit::Done),
        Command::Ticket(command) => command.run(&mut session),
        Command::Points(command) => command.run(&mut session),
        Command::Notification(command) => command.run(&mut session),
        Command::Token(command) => command.run(&mut session),
        Command::Audit(command) => command.run(&mut session),
        Command::Webhook(command) => command.run(&mut session),
        Command::Doctor(command) => command.run(&mut session),
        Command::Store(command) => command.run(&mut session, maintenance),
        Command::Fixtures(command) => command.run(&mut session),
        Command::Completions(command) => command.run(&mut session, help::in_language(Cli::command(), locale)),
        Command::Man(command) => command.run(&mut session, &help::manual(Cli::command(), locale)),
    };
    session.finish(result).into()
}

/// Prints a failure of `serve` on standard error, in the format of all commands.
pub fn report(global: Global, failure: &Failure) {
    Session::new(global, &|_, _| unreachable!("reporting a failure opens no store")).fail(failure);
}

/// Returns the exit code of a failure.
pub fn exit_code(failure: &Failure) -> ExitCode {
    failure.exit().into()
}
