//! Notes on an argument (environment variable, default, possible values), which clap itself prints in English only.

use clap::Arg;

use super::super::output::sanitize::sanitize;
use crate::i18n::Locale;
use crate::model::Message;

/// Hides the notes of clap.
pub(super) fn without_notes(argument: Arg) -> Arg {
    argument.hide_env(true).hide_default_value(true).hide_possible_values(true)
}

/// Removes the colon from a heading, because clap appends one.
pub(super) fn without_colon(heading: &str) -> String {
    heading.trim_end_matches([':', '：']).to_owned()
}

/// Returns the notes on the environment variable (with its value if `env_values`) and on the default, each in brackets.
pub(super) fn notes(argument: &Arg, locale: Locale, env_values: bool) -> Vec<String> {
    let note = |key, value: String| locale.translate(&Message::new(key).with("value", value));
    let env = argument.get_env().map(|name| {
        let (name, value) = (name.to_string_lossy(), std::env::var_os(name).unwrap_or_default());
        let with_value = env_values && !argument.is_hide_env_values_set();
        if with_value { format!("{name}={}", sanitize(&value.to_string_lossy())) } else { name.into_owned() }
    });
    let defaults: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let default = (argument.get_action().takes_values() && !defaults.is_empty()).then(|| defaults.join(" "));
    let env = env.map(|env| note("cli.help.env", env));
    env.into_iter().chain(default.map(|default| note("cli.help.default", default))).collect()
}

/// Returns the note on possible values, in brackets.
pub(super) fn possible_values(argument: &Arg, locale: Locale) -> Option<String> {
    let values: Vec<_> = values(argument).into_iter().map(|(name, _)| name).collect();
    let message = || Message::new("usage.possible").with("values", values.join(", "));
    (!values.is_empty()).then(|| locale.translate(&message()))
}

/// Returns the possible values with their descriptions, one per line below a heading, if they have descriptions.
pub(super) fn explained_values(argument: &Arg, locale: Locale) -> Option<String> {
    let values = values(argument);
    let lines =
        values.iter().filter_map(|(name, meaning)| meaning.as_ref().map(|meaning| format!("- {name}: {meaning}")));
    let lines: Vec<_> = std::iter::once(locale.text("cli.help.values")).chain(lines).collect();
    (lines.len() > 1).then(|| lines.join("\n"))
}

fn values(argument: &Arg) -> Vec<(String, Option<String>)> {
    if !argument.get_action().takes_values() {
        return Vec::new();
    }
    let values = argument.get_possible_values().into_iter();
    values.map(|value| (value.get_name().to_owned(), value.get_help().map(ToString::to_string))).collect()
}
