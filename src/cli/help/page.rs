//! What there is to say of one command, before it is known how it will look.

use clap::builder::{PossibleValue, StyledStr};
use clap::{Arg, Command};

use super::super::output::visible::visible;
use super::words::{EXIT, MEANS};
use crate::model::Message;
use crate::text::Locale;

/// A page of help on one command.
pub(super) struct Page {
    /// The words that lead to it: `support ticket list`.
    pub(super) name: String,
    /// What it is for.
    pub(super) about: String,
    /// What else there is to say, in paragraphs.
    pub(super) more: Option<String>,
    /// How it is used: `support ticket list [OPTIONS]`.
    pub(super) usage: String,
    /// The commands below it, and what each is for.
    pub(super) commands: Vec<(String, String)>,
    /// Its arguments, under their headings.
    pub(super) groups: Vec<Group>,
    /// Examples, some with a comment.
    pub(super) examples: Vec<(String, Option<String>)>,
    /// What the exit codes mean, where it says so.
    pub(super) exits: Vec<(String, String)>,
}

/// Arguments under one heading.
pub(super) struct Group {
    pub(super) heading: String,
    pub(super) entries: Vec<Entry>,
}

/// One argument.
pub(super) struct Entry {
    /// `-h, `, where it has a short name.
    pub(super) short: Option<String>,
    /// `--status`; empty for an argument without a name.
    pub(super) name: String,
    /// ` <STATUS>`.
    pub(super) value: String,
    /// Its sentence.
    pub(super) help: String,
    /// What stands there on a long page instead, where that is something else.
    pub(super) long_help: Option<String>,
    /// The variable of the environment that stands for it, and whether its value is shown.
    pub(super) env: Option<(String, bool)>,
    /// What it is where it is not given.
    pub(super) default: Option<String>,
    /// What it can be, and what that means.
    pub(super) values: Vec<(String, Option<String>)>,
}

impl Page {
    /// That of a command whose sentences are in this language already.
    pub(super) fn of(command: &mut Command, locale: Locale) -> Self {
        let usage = command.render_usage().to_string();
        let about = text(command.get_about());
        let more = text(command.get_long_about()).split_once("\n\n").map(|(_, more)| more.to_owned());
        let lines = text(command.get_after_help());
        let (exits, examples) = lines.lines().map(line).partition::<Vec<_>, _>(|(shown, _)| shown.starts_with(EXIT));
        let exit =
            |(shown, means): (String, Option<String>)| (shown[EXIT.len()..].to_owned(), means.unwrap_or_default());
        let below = command.get_subcommands().filter(|below| !below.is_hide_set());
        Self {
            name: command.get_bin_name().unwrap_or_else(|| command.get_name()).to_owned(),
            usage: usage.trim_start_matches("Usage:").trim().to_owned(),
            about,
            more,
            commands: below.map(|below| (below.get_name().to_owned(), text(below.get_about()))).collect(),
            groups: groups(command, locale),
            examples,
            exits: exits.into_iter().map(exit).collect(),
        }
    }
}

/// The sentence without its looks; empty where there is none.
fn text(sentence: Option<&StyledStr>) -> String {
    sentence.map(ToString::to_string).unwrap_or_default()
}

/// A line of examples and exit codes, with its meaning.
fn line(line: &str) -> (String, Option<String>) {
    match line.split_once(MEANS) {
        Some((shown, means)) => (shown.trim_end().to_owned(), Some(means.to_owned())),
        None => (line.to_owned(), None),
    }
}

/// Arguments without a name, options, and then those that stand under headings of their own.
fn groups(command: &Command, locale: Locale) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut push = |heading: String, argument: &Arg| match groups.iter_mut().find(|group| group.heading == heading) {
        Some(group) => group.entries.push(Entry::of(argument)),
        None => groups.push(Group { heading, entries: vec![Entry::of(argument)] }),
    };
    let shown = || command.get_arguments().filter(|argument| !argument.is_hide_set());
    for argument in shown().filter(|argument| argument.is_positional()) {
        push(locale.word("cli.help.arguments"), argument);
    }
    for argument in shown().filter(|argument| !argument.is_positional() && argument.get_help_heading().is_none()) {
        push(locale.word("cli.help.options"), argument);
    }
    for argument in shown().filter(|argument| !argument.is_positional()) {
        if let Some(heading) = argument.get_help_heading() {
            push(heading.to_owned(), argument);
        }
    }
    groups
}

impl Entry {
    fn of(argument: &Arg) -> Self {
        let shown = argument.to_string();
        let (name, value) = match shown.find([' ', '[', '<']) {
            Some(at) => shown.split_at(at),
            None => (shown.as_str(), ""),
        };
        let takes_values = argument.get_action().takes_values();
        let defaults = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect::<Vec<_>>();
        let value_of = |value: &PossibleValue| (value.get_name().to_owned(), value.get_help().map(ToString::to_string));
        let values = argument.get_possible_values();
        Self {
            short: argument.get_short().map(|short| format!("-{short}, ")),
            name: name.to_owned(),
            value: value.to_owned(),
            help: text(argument.get_help()),
            long_help: argument.get_long_help().map(ToString::to_string),
            env: argument
                .get_env()
                .map(|name| (name.to_string_lossy().into_owned(), !argument.is_hide_env_values_set())),
            default: (takes_values && !defaults.is_empty()).then(|| defaults.join(" ")),
            values: if takes_values { values.iter().map(value_of).collect() } else { Vec::new() },
        }
    }

    /// Whether it says what each of its values means.
    pub(super) fn explains_values(&self) -> bool {
        self.values.iter().any(|(_, means)| means.is_some())
    }

    /// The variable of the environment as it stands now, and what it is where it is not given.
    pub(super) fn notes(&self, locale: Locale) -> Vec<String> {
        let set = |name: &String| visible(&std::env::var_os(name).unwrap_or_default().to_string_lossy()).into_owned();
        self.notes_with(locale, |name, shown| if shown { format!("{name}={}", set(name)) } else { name.clone() })
    }

    /// The same for whoever reads it later: the variable without what it holds.
    pub(super) fn lasting_notes(&self, locale: Locale) -> Vec<String> {
        self.notes_with(locale, |name, _| name.clone())
    }

    fn notes_with(&self, locale: Locale, env: impl Fn(&String, bool) -> String) -> Vec<String> {
        let note = |key, value: &str| locale.say(&Message::new(key).with("value", value));
        let env = self.env.as_ref().map(|(name, shown)| note("cli.help.env", &env(name, *shown)));
        env.into_iter().chain(self.default.iter().map(|value| note("cli.help.default", value))).collect()
    }

    /// Everything that it can be.
    pub(super) fn possible(&self, locale: Locale) -> Option<String> {
        let values: Vec<&str> = self.values.iter().map(|(value, _)| value.as_str()).collect();
        let message = || Message::new("usage.possible").with("values", values.join(", "));
        (!values.is_empty()).then(|| locale.say(&message()))
    }
}
