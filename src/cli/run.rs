//! Runs the commands.

use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory;

use super::args::{Cli, Command};
use super::exit::Exit;
use super::failure::Failure;
use super::global::Global;
use super::help;
use super::session::{Opening, Session};
use crate::model::Error;
use crate::store::Store;

/// Runs every command but `serve`, which is the application's own; `open` opens the store, and only for the commands
/// that need one.
pub fn run(cli: Cli, open: &dyn Fn(&Path, Opening) -> Result<Store, Error>) -> ExitCode {
    let mut session = Session::new(cli.global, open);
    let locale = session.display.locale;
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
        Command::Completions(command) => command.run(&mut session, help::in_language(Cli::command(), locale)),
        Command::Man(command) => command.run(&mut session, &help::manual(Cli::command(), locale)),
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
