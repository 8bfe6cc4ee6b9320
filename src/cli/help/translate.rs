//! The words of the help: where each sentence stands in `locales/`, and how the tree of commands gets them.
//!
//! What `ticket list` says stands under `help.ticket.list`: `about`, `more` where there is more to say than one
//! sentence, and each argument under its name. An argument that several commands share may stand one level higher. What
//! the values of an argument mean stands under `NAME_values`, the comments of examples under `examples` and the meanings
//! of exit codes under `exits`.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Command};

use crate::i18n::Locale;

/// What stands between an example or an exit code and its meaning.
const MEANS: &str = "  # ";
/// What an exit code's line begins with; any other line is an example.
const EXIT: &str = "exit ";

/// A sentence of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Its key in `locales/`.
    pub key: String,
    /// What the sources say in its place, where they say it: the same in English.
    pub source: Option<String>,
}

/// Every sentence that the help asks for, as often as it does.
pub(crate) fn sentences(command: Command) -> Vec<Sentence> {
    let mut asked = Vec::new();
    let mut note = |key: String, source: Option<&str>| {
        asked.push(Sentence { key, source: source.map(str::to_owned) });
        String::new()
    };
    reword(command, "help", &mut note);
    asked
}

/// The tree of commands, built, with every sentence in this language.
pub(crate) fn in_language(command: Command, locale: Locale) -> Command {
    let mut command = reword(command, "help", &mut |key, _| locale.word(&key));
    command.build();
    parsers_own(command, locale)
}

/// Gives the sentence under a key, in place of that of the sources.
type Say<'s> = &'s mut dyn FnMut(String, Option<&str>) -> String;

/// The command and those below it with other words; `place` is where its own stand.
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

/// The examples and the exit codes that a command tells of, each with its meaning where it has one.
pub(super) fn examples_and_exits(command: &Command) -> (Vec<Explained>, Vec<Explained>) {
    let lines = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (exits, examples) = lines.lines().map(explained).partition::<Vec<_>, _>(|(shown, _)| shown.starts_with(EXIT));
    let codes = exits.into_iter().map(|(shown, means)| (shown[EXIT.len()..].to_owned(), means));
    (examples, codes.collect())
}

/// What is typed or returned, and what it means.
type Explained = (String, Option<String>);

fn explained(line: &str) -> Explained {
    match line.split_once(MEANS) {
        Some((shown, means)) => (shown.trim_end().to_owned(), Some(means.to_owned())),
        None => (line.to_owned(), None),
    }
}

/// An example or an exit code; the sources give its meaning a name.
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

/// The key of an argument: under its command, else under the nearest above that has such a sentence.
fn nearest(place: &str, name: &str) -> String {
    let places = std::iter::successors(Some(place), |place| place.rsplit_once('.').map(|(above, _)| above));
    let mut keys = places.map(|place| format!("{place}.{name}"));
    keys.find(|key| Locale::knows(key)).unwrap_or_else(|| format!("{place}.{name}"))
}

/// What the parser adds of its own: the options and the command that ask for help, and the one that asks for the version.
fn parsers_own(command: Command, locale: Locale) -> Command {
    let command = command.mut_args(|argument| match argument.get_id().as_str() {
        "help" => argument.help(locale.word("cli.help.help")).long_help(locale.word("cli.help.help_long")),
        "version" => argument.help(locale.word("cli.help.version")),
        _ => argument,
    });
    command.mut_subcommands(|below| {
        let below = if below.get_name() == "help" { below.about(locale.word("cli.help.help_command")) } else { below };
        parsers_own(below, locale)
    })
}
