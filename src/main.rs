//! The executable: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    support::cli::parse().map_or_else(|exit| exit, support::app::run)
}
