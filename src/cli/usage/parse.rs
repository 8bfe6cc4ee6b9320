//! Parses the arguments, and prints help and usage errors.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Command, CommandFactory, FromArgMatches};

use super::super::args::Cli;
use super::super::exit::Exit;
use super::super::global::select_locale;
use super::super::output::display_options::DisplayOptions;
use super::super::output::out::Out;
use super::super::output::sanitize::sanitize;
use super::super::{Failure, help};
use super::message::UsageError;
use crate::i18n::Locale;
use crate::model::Message;

/// Parses the arguments of the process.
///
/// # Errors
/// The exit code, after help or an error is printed: 0 for help and version, 2 for a usage error.
pub fn parse() -> Result<Cli, ExitCode> {
    let matches = without_empty_variables(Cli::command()).try_get_matches();
    match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => {
            warn_of_unknown_language(cli.global.lang.as_deref());
            Ok(cli)
        }
        Err(error) => Err(print_error(&error)),
    }
}

/// Removes the variables that are set to nothing, which count as not set.
fn without_empty_variables(command: Command) -> Command {
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    command
        .mut_args(
            |argument| {
                if argument.get_env().is_some_and(is_empty) { argument.env(None::<&'static str>) } else { argument }
            },
        )
        .mut_subcommands(without_empty_variables)
}

/// Prints a warning if the requested language is unknown.
fn warn_of_unknown_language(requested: Option<&str>) {
    let Some(lang) = requested.filter(|tag| !tag.is_empty() && Locale::from_tag(tag).is_none()) else { return };
    let known = Locale::all().map(Locale::name).collect::<Vec<_>>().join(", ");
    let message = Message::new("cli.warning.lang").with("lang", sanitize(lang)).with("known", known);
    let _ = writeln!(io::stderr(), "warning: {}", Locale::ENGLISH.translate(&message));
}

/// Prints the requested help or version, or the usage error, and returns the exit code. Ignores errors of stderr.
fn print_error(error: &clap::Error) -> ExitCode {
    let arguments = to_text(std::env::args_os());
    let requested = RequestedOutput::from_arguments(&arguments);
    let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand);
    if error.use_stderr() && requested.json {
        let _ =
            writeln!(io::stderr(), "{}", UsageError::new(error, &find_command(&arguments), requested.locale).json());
    } else if is_help {
        // Parsing the same arguments with the translated tree renders the page of the same command.
        let display = DisplayOptions::of_stdout(requested.locale);
        let page = help::for_screen(Cli::command(), &display).try_get_matches_from(std::env::args_os());
        return print_page(page.as_ref().err().unwrap_or(error), &requested);
    } else if !error.use_stderr() {
        return print_page(error, &requested);
    } else {
        let _ =
            writeln!(io::stderr(), "{}", UsageError::new(error, &find_command(&arguments), requested.locale).text());
    }
    Exit::Usage.into()
}

/// Prints a page of help, and returns the exit code.
fn print_page(page: &clap::Error, requested: &RequestedOutput) -> ExitCode {
    if page.use_stderr() {
        let _ = page.print();
        return Exit::Usage.into();
    }
    let display = DisplayOptions::of_stdout(requested.locale);
    let text = page.render();
    let text = if display.colour { text.ansi().to_string() } else { text.to_string() };
    let mut out = Out::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Exit::Done.into(),
        Err(error) => {
            let failure = Failure::Output(error);
            let text = if requested.json { failure.json(requested.locale) } else { failure.text(requested.locale) };
            let _ = writeln!(io::stderr(), "{text}");
            failure.exit().into()
        }
    }
}

/// Returns the innermost command that the arguments name.
fn find_command(arguments: &[String]) -> Command {
    let mut command = Cli::command();
    command.build();
    for word in arguments.iter().skip(1).take_while(|word| *word != "--") {
        if let Some(subcommand) = command.find_subcommand(word) {
            command = subcommand.clone();
        }
    }
    command
}

/// Converts arguments to text, with replacement characters for invalid UTF-8.
fn to_text(arguments: impl Iterator<Item = OsString>) -> Vec<String> {
    arguments.map(|argument| argument.to_string_lossy().into_owned()).collect()
}

/// Language and format requested by arguments that cannot be parsed.
struct RequestedOutput {
    locale: Locale,
    json: bool,
}

impl RequestedOutput {
    fn from_arguments(arguments: &[String]) -> Self {
        let end = arguments.iter().position(|argument| argument == "--").unwrap_or(arguments.len());
        let options = &arguments[..end];
        let lang = option_value(options, "--lang").map(str::to_owned).or_else(|| std::env::var("SUPPORT_LANG").ok());
        let json = matches!(option_value(options, "--format"), Some("json" | "ndjson"));
        Self { locale: select_locale(lang), json }
    }
}

/// Returns the value of the last occurrence of an option, as a separate argument or after `=`.
fn option_value<'a>(arguments: &'a [String], option: &str) -> Option<&'a str> {
    let is_option = |index: usize| arguments[index] == option;
    let joined = |index: usize| arguments[index].strip_prefix(option)?.strip_prefix('=');
    (0..arguments.len()).rev().find_map(|index| match joined(index) {
        Some(value) => Some(value),
        None if is_option(index) => arguments.get(index + 1).map(String::as_str),
        None => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(arguments: &[&str], option: &str) -> Option<String> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        option_value(&arguments, option).map(str::to_owned)
    }

    #[test]
    fn a_value_is_found_as_a_separate_argument_and_after_an_equals_sign() {
        assert_eq!(last(&["ticket", "--lang", "fr", "--nope"], "--lang").as_deref(), Some("fr"));
        assert_eq!(last(&["--lang=fr", "--lang=de"], "--lang").as_deref(), Some("de"));
        assert_eq!(last(&["--language=fr", "--lang"], "--lang"), None);
        assert_eq!(last(&["--lang="], "--lang").as_deref(), Some(""));
    }

    #[test]
    fn arguments_after_two_dashes_are_not_options() {
        let requested =
            |arguments: &[&str]| RequestedOutput::from_arguments(&to_text(arguments.iter().map(OsString::from)));
        assert!(requested(&["--format=json"]).json);
        assert!(!requested(&["--", "--format=json"]).json);
    }
}
