//! The executable: parse, run, exit code.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    support::app::run(support::cli::Cli::parse())
}
