//! Reads the configuration, opens the store, and lets the caller in by one of the two doors.

mod demo;
mod log;
mod serve;
mod trust;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use crate::cli::{self, Cli, Command, LogFormat, Opening};
use crate::metrics::Metrics;
use crate::model::Error;
use crate::store::Store;
use crate::store::sqlite::{Open, Settings, Sqlite};
use serve::serve;

/// Runs one command to its end.
pub fn run(cli: Cli) -> ExitCode {
    let Command::Serve(args) = &cli.command else {
        log::start(LogFormat::Text, "off");
        return cli::run(cli, &open);
    };
    log::start(args.log_format, "info");
    match serve(&cli.global, args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => cli::fail(cli.global, &failure),
    }
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
