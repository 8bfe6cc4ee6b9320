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
const MEANING_SEPARATOR: &str = "  # ";
/// Prefix of the line of an exit code; any other line is an example.
const EXIT_PREFIX: &str = "exit ";

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
    let mut sentences = Vec::new();
    let mut record = |key: String, source: Option<&str>| {
        sentences.push(Sentence { key, source: source.map(str::to_owned) });
        String::new()
    };
    translate_command(command, "help", &mut record);
    sentences
}

/// Builds the command tree with every sentence in this language.
pub(crate) fn in_language(command: Command, locale: Locale) -> Command {
    let mut command = translate_command(command, "help", &mut |key, _| locale.text(&key));
    command.build();
    translate_built_ins(command, locale)
}

/// Function from a locale key and the English source text to the translated sentence.
type Translate<'s> = &'s mut dyn FnMut(String, Option<&str>) -> String;

/// Translates a command and its subcommands; `prefix` is the locale key of the command.
fn translate_command(mut command: Command, prefix: &str, translate: Translate<'_>) -> Command {
    let source = command.get_about().map(ToString::to_string).unwrap_or_default();
    let about = translate(format!("{prefix}.about"), Some(&source));
    if let Some(long) = command.get_long_about().map(ToString::to_string) {
        let more = long.split_once("\n\n").map_or(long.as_str(), |(_, more)| more);
        let more = translate(format!("{prefix}.more"), Some(more));
        command = command.long_about(format!("{about}\n\n{more}"));
    }
    if let Some(lines) = command.get_after_help().map(ToString::to_string) {
        let lines: Vec<String> = lines.lines().map(|line| translate_line(line, prefix, translate)).collect();
        command = command.after_help(lines.join("\n"));
    }
    command.about(about).mut_args(|argument| translate_argument(argument, prefix, translate)).mut_subcommands(
        |subcommand| {
            let prefix = format!("{prefix}.{}", subcommand.get_name());
            translate_command(subcommand, &prefix, translate)
        },
    )
}

/// Returns the examples and the exit codes of a command, each with its meaning, if any.
pub(super) fn examples_and_exits(command: &Command) -> (Vec<WithMeaning>, Vec<WithMeaning>) {
    let lines = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (exits, examples) =
        lines.lines().map(split_meaning).partition::<Vec<_>, _>(|(shown, _)| shown.starts_with(EXIT_PREFIX));
    let codes = exits.into_iter().map(|(shown, meaning)| (shown[EXIT_PREFIX.len()..].to_owned(), meaning));
    (examples, codes.collect())
}

/// Example or exit code with its meaning, if any.
type WithMeaning = (String, Option<String>);

fn split_meaning(line: &str) -> WithMeaning {
    match line.split_once(MEANING_SEPARATOR) {
        Some((shown, meaning)) => (shown.trim_end().to_owned(), Some(meaning.to_owned())),
        None => (line.to_owned(), None),
    }
}

/// Translates the line of an example or exit code, in which the last part of a locale key stands for the meaning.
fn translate_line(line: &str, prefix: &str, translate: Translate<'_>) -> String {
    let Some((shown, name)) = line.split_once(MEANING_SEPARATOR) else { return line.to_owned() };
    let kind = if shown.starts_with(EXIT_PREFIX) { "exits" } else { "examples" };
    format!("{shown}{MEANING_SEPARATOR}{}", translate(format!("{prefix}.{kind}.{name}"), None))
}

fn translate_argument(argument: Arg, prefix: &str, translate: Translate<'_>) -> Arg {
    let key = nearest_key(prefix, argument.get_id().as_str());
    let source = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let mut argument = argument.help(translate(key.clone(), Some(&source)));
    if let Some(heading) = argument.get_help_heading().map(str::to_owned) {
        argument = argument.help_heading(translate(heading, None));
    }
    let values = argument.get_possible_values();
    if values.iter().all(|value| value.get_help().is_none()) {
        return argument;
    }
    let values = values.into_iter().map(|value| {
        let name = value.get_name().to_owned();
        let source = value.get_help().map(ToString::to_string).unwrap_or_default();
        PossibleValue::new(name.clone()).help(translate(format!("{key}_values.{name}"), Some(&source)))
    });
    let values: Vec<PossibleValue> = values.collect();
    argument.value_parser(PossibleValuesParser::new(values))
}

/// Returns the locale key of an argument: under its command, else under the nearest ancestor that has this key.
fn nearest_key(prefix: &str, name: &str) -> String {
    let prefixes = std::iter::successors(Some(prefix), |prefix| prefix.rsplit_once('.').map(|(above, _)| above));
    let mut keys = prefixes.map(|prefix| format!("{prefix}.{name}"));
    keys.find(|key| Locale::has_key(key)).unwrap_or_else(|| format!("{prefix}.{name}"))
}

/// Translates the arguments and the command that clap adds: `--help`, `--version` and `help`.
fn translate_built_ins(command: Command, locale: Locale) -> Command {
    let command = command.mut_args(|argument| match argument.get_id().as_str() {
        "help" => argument.help(locale.text("cli.help.help")).long_help(locale.text("cli.help.help_long")),
        "version" => argument.help(locale.text("cli.help.version")),
        _ => argument,
    });
    command.mut_subcommands(|subcommand| {
        let subcommand = if subcommand.get_name() == "help" {
            subcommand.about(locale.text("cli.help.help_command"))
        } else {
            subcommand
        };
        translate_built_ins(subcommand, locale)
    })
}
