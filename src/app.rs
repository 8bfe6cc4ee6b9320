//! Application: reads the configuration, opens the store, and runs the command or the server.

mod background_writer;
mod demo;
mod identity;
mod limits;
mod log;
mod open;
mod serve;
mod signals;

use std::process::ExitCode;

use crate::cli::{self, Cli, Command, Failure, Global};
use crate::store::sqlite::SqliteMaintenance;
use background_writer::within_deadline;
use log::ServerLog;
use open::open;
use serve::serve;

/// Runs a command and returns its exit code.
pub fn run(cli: Cli) -> ExitCode {
    signals::survive_file_size_limit();
    let Command::Serve(args) = &cli.command else {
        log::start_for_command();
        return cli::run(cli, &open, &SqliteMaintenance);
    };
    let log = match ServerLog::start(args.log_format) {
        Ok(log) => log,
        Err(error) => return fail(cli.global, Failure::System(error)),
    };
    let served = serve(&cli.global, args, &log.lost);
    log.flush();
    served.map_or_else(|failure| fail(cli.global, failure), |()| ExitCode::SUCCESS)
}

/// Reports the failure of `serve`. A blocked standard error does not delay the exit.
fn fail(global: Global, failure: Failure) -> ExitCode {
    let code = cli::exit_code(&failure);
    within_deadline(move || cli::report(global, &failure));
    code
}
