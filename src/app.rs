//! Reads the configuration, opens the store, and lets the caller in by one of the two doors.

mod background_writer;
mod demo;
mod log;
mod serve;
mod trust;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use crate::cli::{self, Cli, Command, Failure, Global, Opening};
use crate::metrics::Metrics;
use crate::model::Error;
use crate::store::Store;
use crate::store::sqlite::{Open, Settings, Sqlite};
use background_writer::within_deadline;
use log::ServerLog;
use serve::serve;

/// Runs one command to its end.
pub fn run(cli: Cli) -> ExitCode {
    let Command::Serve(args) = &cli.command else {
        log::start_for_command();
        return cli::run(cli, &open);
    };
    let log = match ServerLog::start(args.log_format) {
        Ok(log) => log,
        Err(error) => return fail(cli.global, Failure::System(error)),
    };
    let served = serve(&cli.global, args, &log.lost);
    log.flush();
    served.map_or_else(|failure| fail(cli.global, failure), |()| ExitCode::SUCCESS)
}

/// Tells what `serve` failed with. Standard error that takes nothing does not hold up the end.
fn fail(global: Global, failure: Failure) -> ExitCode {
    let code = cli::exit_code(&failure);
    within_deadline(move || cli::report(global, &failure));
    code
}

/// KiB of pages that are kept while a world is written: its customers' places in the indexes are all over them.
const FILLING: u32 = 128 * 1024;

/// Opens the one backend there is.
fn open(file: &Path, opening: Opening) -> Result<Store, Error> {
    open_counting(file, opening, None)
}

/// The same, where somebody counts the commits.
fn open_counting(file: &Path, opening: Opening, metrics: Option<&Metrics>) -> Result<Store, Error> {
    let how = match opening {
        Opening::Existing => Open::Existing,
        Opening::Create | Opening::Fill => Open::Create,
    };
    let cache = match opening {
        Opening::Existing | Opening::Create => Settings::default().cache,
        Opening::Fill => FILLING,
    };
    let commits = metrics.map(|metrics| Arc::clone(&metrics.writer));
    Ok(Store::new(Sqlite::open_with(file, how, Settings { cache, commits, ..Settings::default() })?))
}
