//! Translation of the help: locale keys of all sentences, and their insertion into the command tree.
//!
//! The sentences of `ticket list` are under `help.ticket.list`: `about`, `more` for further paragraphs, and each
//! argument under its name. An argument that several commands share may be one level higher. Descriptions of the values
//! of an argument are under `NAME_values`, comments of examples under `examples`, and meanings of exit codes under
//! `exits`.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Command};

use crate::i18n::Locale;

/// Separator between an example or exit code and its meaning.
const MEANS: &str = "  # ";
/// Prefix of the line of an exit code; any other line is an example.
const EXIT: &str = "exit ";

/// Sentence of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Locale key.
    pub key: String,
    /// English text in a doc comment, if the sentence is from one; equal to that of `locales/en.json`.
    pub source: Option<String>,
}

/// Returns every sentence of the help, repeated as often as the help uses it.
pub(crate) fn sentences(command: Command) -> Vec<Sentence> {
    let mut asked = Vec::new();
    let mut note = |key: String, source: Option<&str>| {
        asked.push(Sentence { key, source: source.map(str::to_owned) });
        String::new()
    };
    reword(command, "help", &mut note);
    asked
}

/// Builds the command tree with every sentence in this language.
pub(crate) fn in_language(command: Command, locale: Locale) -> Command {
    let mut command = reword(command, "help", &mut |key, _| locale.text(&key));
    command.build();
    parsers_own(command, locale)
}

/// Function from a locale key and the English source text to the translated sentence.
type Say<'s> = &'s mut dyn FnMut(String, Option<&str>) -> String;

/// Translates a command and its subcommands; `place` is the locale key of the command.
fn reword(mut command: Command, place: &str, say: Say<'_>) -> Command {
    let source = command.get_about().map(ToString::to_string).unwrap_or_default();
    let about = say(format!("{place}.about"), Some(&source));
    if let Some(long) = command.get_long_about().map(ToString::to_string) {
        let more = long.split_once("\n\n").map_or(long.as_str(), |(_, more)| more);
        let more = say(format!("{place}.more"), Some(more));
        command = command.long_about(format!("{about}\n\n{more}"));
    }
    if let Some(lines) = command.get_after_help().map(ToString::to_string) {
        let lines: Vec<String> = lines.lines().map(|line| reword_line(line, place, say)).collect();
        command = command.after_help(lines.join("\n"));
    }
    command.about(about).mut_args(|argument| reword_argument(argument, place, say)).mut_subcommands(|below| {
        let place = format!("{place}.{}", below.get_name());
        reword(below, &place, say)
    })
}

/// Returns the examples and the exit codes of a command, each with its meaning, if any.
pub(super) fn examples_and_exits(command: &Command) -> (Vec<Explained>, Vec<Explained>) {
    let lines = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (exits, examples) = lines.lines().map(explained).partition::<Vec<_>, _>(|(shown, _)| shown.starts_with(EXIT));
    let codes = exits.into_iter().map(|(shown, means)| (shown[EXIT.len()..].to_owned(), means));
    (examples, codes.collect())
}

/// Example or exit code with its meaning, if any.
type Explained = (String, Option<String>);

fn explained(line: &str) -> Explained {
    match line.split_once(MEANS) {
        Some((shown, means)) => (shown.trim_end().to_owned(), Some(means.to_owned())),
        None => (line.to_owned(), None),
    }
}

/// Translates the line of an example or exit code, in which the last part of a locale key stands for the meaning.
fn reword_line(line: &str, place: &str, say: Say<'_>) -> String {
    let Some((shown, name)) = line.split_once(MEANS) else { return line.to_owned() };
    let kind = if shown.starts_with(EXIT) { "exits" } else { "examples" };
    format!("{shown}{MEANS}{}", say(format!("{place}.{kind}.{name}"), None))
}

fn reword_argument(argument: Arg, place: &str, say: Say<'_>) -> Arg {
    let key = nearest(place, argument.get_id().as_str());
    let source = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let mut argument = argument.help(say(key.clone(), Some(&source)));
    if let Some(heading) = argument.get_help_heading().map(str::to_owned) {
        argument = argument.help_heading(say(heading, None));
    }
    let values = argument.get_possible_values();
    if values.iter().all(|value| value.get_help().is_none()) {
        return argument;
    }
    let values = values.into_iter().map(|value| {
        let name = value.get_name().to_owned();
        let source = value.get_help().map(ToString::to_string).unwrap_or_default();
        PossibleValue::new(name.clone()).help(say(format!("{key}_values.{name}"), Some(&source)))
    });
    let values: Vec<PossibleValue> = values.collect();
    argument.value_parser(PossibleValuesParser::new(values))
}

/// Returns the locale key of an argument: under its command, else under the nearest ancestor that has this key.
fn nearest(place: &str, name: &str) -> String {
    let places = std::iter::successors(Some(place), |place| place.rsplit_once('.').map(|(above, _)| above));
    let mut keys = places.map(|place| format!("{place}.{name}"));
    keys.find(|key| Locale::has_key(key)).unwrap_or_else(|| format!("{place}.{name}"))
}

/// Translates the arguments and the command that clap adds: `--help`, `--version` and `help`.
fn parsers_own(command: Command, locale: Locale) -> Command {
    let command = command.mut_args(|argument| match argument.get_id().as_str() {
        "help" => argument.help(locale.text("cli.help.help")).long_help(locale.text("cli.help.help_long")),
        "version" => argument.help(locale.text("cli.help.version")),
        _ => argument,
    });
    command.mut_subcommands(|below| {
        let below = if below.get_name() == "help" { below.about(locale.text("cli.help.help_command")) } else { below };
        parsers_own(below, locale)
    })
}
