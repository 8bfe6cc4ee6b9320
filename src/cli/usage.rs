//! Arguments that are wrong: told by the parser's own words, and as JSON to whoever asked for JSON.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use serde::Serialize;

use super::Cli;
use super::output::json;
use super::output::visible::visible;
use crate::model::Code;

/// Reads the arguments.
///
/// # Errors
/// How the program ends, after it was said why: 0 for help and version, 2 for what is wrong.
pub fn read() -> Result<Cli, ExitCode> {
    Cli::try_parse().map_err(|error| {
        if error.use_stderr() && wants_json(std::env::args()) {
            // Whoever closed standard error wants no word about it.
            let _ = writeln!(io::stderr(), "{}", document(&error.render().to_string()));
        } else {
            let _ = error.print();
        }
        u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
    })
}

#[derive(Serialize)]
struct Document {
    error: Told,
}

#[derive(Serialize)]
struct Told {
    code: Code,
    message: String,
}

/// The parser's first sentence on one line; its hints on usage are for people.
fn document(rendered: &str) -> String {
    let sentence = rendered.split("\n\n").next().unwrap_or_default();
    let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    let message = visible(sentence.strip_prefix("error: ").unwrap_or(&sentence)).into_owned();
    json::line(&Document { error: Told { code: Code::InvalidUsage, message } })
}

/// Whether JSON was asked for among arguments that could not be read as a whole.
fn wants_json(arguments: impl Iterator<Item = String>) -> bool {
    let arguments: Vec<String> = arguments.collect();
    let is_json = |format: &str| matches!(format, "json" | "ndjson");
    let apart = arguments.windows(2).any(|pair| pair[0] == "--format" && is_json(&pair[1]));
    apart || arguments.iter().filter_map(|argument| argument.strip_prefix("--format=")).any(is_json)
}
