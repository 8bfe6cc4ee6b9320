//! Translated messages of usage errors, built from the `ErrorKind` and the `ContextKind`s of clap.

use std::error::Error;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use serde::Serialize;

use super::super::output::json;
use super::super::output::sanitize::sanitize;
use super::super::values::ArgumentError;
use crate::i18n::Locale;
use crate::model::{Code, Message};

/// Usage error in one language.
pub(super) struct UsageError {
    locale: Locale,
    /// Message. If it ends with a colon, `listed` follows.
    sentence: String,
    listed: Vec<String>,
    /// Valid values or commands, if the error has any.
    valid: Option<String>,
    tips: Vec<String>,
    usage: Option<String>,
}

impl UsageError {
    /// Converts an error of clap about the arguments of a command.
    pub(super) fn new(error: &clap::Error, command: &Command, locale: Locale) -> Self {
        let (message, listed) = sentence(error, locale);
        let usage = || command.clone().help_template("{usage}").render_help().to_string();
        Self {
            locale,
            sentence: locale.translate(&message),
            listed,
            valid: valid(error, command).map(|message| locale.translate(&message)),
            tips: tips(error, command).iter().map(|message| locale.translate(message)).collect(),
            usage: error.get(ContextKind::Usage).map(|_| usage().trim().to_owned()),
        }
    }

    /// Formats the error as text: message, tips, usage line and a reference to `--help`.
    pub(super) fn text(&self) -> String {
        let mut text = format!("error: {}", self.sentence);
        for line in self.listed.iter().chain(&self.valid) {
            text.push_str("\n  ");
            text.push_str(line);
        }
        if !self.tips.is_empty() {
            text.push('\n');
        }
        for tip in &self.tips {
            text.push_str("\n  ");
            text.push_str(tip);
        }
        if let Some(usage) = &self.usage {
            text.push_str("\n\n");
            text.push_str(&self.locale.translate(&Message::new("usage.line").with("usage", usage)));
        }
        text.push_str("\n\n");
        text.push_str(&self.locale.text("usage.hint"));
        text
    }

    /// Formats the error as a JSON object on one line, with the message only.
    pub(super) fn json(&self) -> String {
        let listed = self.listed.join(", ");
        let mut message = self.sentence.clone();
        for part in
            [listed.as_str(), self.valid.as_deref().unwrap_or_default()].into_iter().filter(|part| !part.is_empty())
        {
            // A full-width colon contains its space.
            message.push_str(if message.ends_with('：') { "" } else { " " });
            message.push_str(part);
        }
        json::to_line(&Document { error: ErrorView { code: Code::InvalidUsage, message } })
    }
}

#[derive(Serialize)]
struct Document {
    error: ErrorView,
}

#[derive(Serialize)]
struct ErrorView {
    code: Code,
    message: String,
}

/// Returns the message and the arguments that it lists.
fn sentence(error: &clap::Error, locale: Locale) -> (Message, Vec<String>) {
    let argument = text(error, ContextKind::InvalidArg);
    let about = |key| Message::new(key).with("argument", &argument);
    let with_value = |key| about(key).with("value", text(error, ContextKind::InvalidValue));
    let counted = |key, wanted| {
        about(key).with("wanted", text(error, wanted)).with("found", text(error, ContextKind::ActualNumValues))
    };
    let command = || text(error, ContextKind::InvalidSubcommand);
    let message = match error.kind() {
        ErrorKind::ArgumentConflict => {
            let others = texts(error, ContextKind::PriorArg);
            match others.as_slice() {
                [] => about("usage.conflict_others"),
                [other] if *other == argument => about("usage.repeated"),
                [other] => about("usage.conflict").with("other", other),
                _ => return (about("usage.conflict_several"), others),
            }
        }
        ErrorKind::MissingRequiredArgument => {
            return (Message::new("usage.missing"), texts(error, ContextKind::InvalidArg));
        }
        ErrorKind::InvalidValue if text(error, ContextKind::InvalidValue).is_empty() => about("usage.no_value"),
        ErrorKind::InvalidValue => with_value("usage.value"),
        ErrorKind::ValueValidation => match reason(error, locale) {
            Some(reason) => with_value("usage.value_because").with("reason", reason),
            None => with_value("usage.value"),
        },
        ErrorKind::TooManyValues => with_value("usage.too_many"),
        ErrorKind::TooFewValues => counted("usage.too_few", ContextKind::MinValues),
        ErrorKind::WrongNumberOfValues => counted("usage.wrong_number", ContextKind::ExpectedNumValues),
        ErrorKind::NoEquals => about("usage.no_equals"),
        ErrorKind::UnknownArgument => about("usage.unknown"),
        ErrorKind::InvalidSubcommand => Message::new("usage.unknown_command").with("command", command()),
        ErrorKind::MissingSubcommand => Message::new("usage.no_command").with("command", command()),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Message::new("usage.command_needed"),
        ErrorKind::InvalidUtf8 => Message::new("usage.utf8"),
        // Kinds that a later clap adds.
        kind => Message::new("usage.other").with("reason", kind),
    };
    (message, Vec::new())
}

/// Returns the reason why a value is invalid, translated if the parser of the value is from this crate.
fn reason(error: &clap::Error, locale: Locale) -> Option<String> {
    let source = error.source()?;
    let parse_error = source.downcast_ref::<ArgumentError>();
    Some(parse_error.map_or_else(
        || sanitize(&source.to_string()).into_owned(),
        |ArgumentError(why)| translate_sanitized(locale, why),
    ))
}

/// Translates a message with sanitized values, because these may contain typed text.
fn translate_sanitized(locale: Locale, message: &Message) -> String {
    let values = message.values.iter().map(|(name, value)| (*name, sanitize(value).into_owned()));
    locale.translate(&Message { values: values.collect(), ..message.clone() })
}

/// Returns the note on valid values or commands, in brackets.
fn valid(error: &clap::Error, command: &Command) -> Option<Message> {
    let (key, values) = match error.kind() {
        ErrorKind::MissingSubcommand | ErrorKind::InvalidSubcommand => {
            let commands = command.get_subcommands().filter(|below| !below.is_hide_set());
            ("usage.commands", commands.map(|below| below.get_name().to_owned()).collect())
        }
        _ => ("usage.possible", texts(error, ContextKind::ValidValue)),
    };
    (!values.is_empty()).then(|| Message::new(key).with("values", values.join(", ")))
}

/// Returns tips with similar arguments and values.
fn tips(error: &clap::Error, command: &Command) -> Vec<Message> {
    let kinds =
        [(ContextKind::SuggestedArg, "usage.similar_argument"), (ContextKind::SuggestedValue, "usage.similar_value")];
    let similar = kinds
        .into_iter()
        .flat_map(|(kind, key)| texts(error, kind).into_iter().map(move |name| Message::new(key).with("name", name)));
    let mut tips: Vec<_> = similar.collect();
    let word = text(error, ContextKind::InvalidArg);
    let takes_values = command.get_positionals().next().is_some();
    if error.kind() == ErrorKind::UnknownArgument && tips.is_empty() && takes_values && word.starts_with('-') {
        tips.push(Message::new("usage.as_value").with("instead", format!("-- {word}")).with("word", word));
    }
    tips
}

/// Returns a sanitized context value of the error, or an empty text.
fn text(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => sanitize(text).into_owned(),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// Returns all sanitized context values of a kind.
fn texts(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::Strings(texts)) => texts.iter().map(|text| sanitize(text).into_owned()).collect(),
        Some(ContextValue::String(text)) => vec![sanitize(text).into_owned()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use clap::{Arg, CommandFactory};

    use super::super::super::args::Cli;
    use super::*;

    /// Returns the message for these arguments of a command.
    fn message_for(command: &Command, arguments: &[&str]) -> String {
        let error = command.clone().no_binary_name(true).try_get_matches_from(arguments).unwrap_err();
        UsageError::new(&error, command, Locale::ENGLISH).sentence
    }

    #[test]
    fn error_kinds_that_no_command_of_the_executable_causes_have_messages() {
        let pair = || Command::new("x").arg(Arg::new("pair").long("pair").num_args(2));
        assert_eq!(message_for(&pair(), &["--pair", "1"]), "'--pair <pair> <pair>' requires 2 values; provided: 1");
        let two = || Command::new("x").arg(Arg::new("two").long("two").num_args(2..=3));
        assert_eq!(
            message_for(&two(), &["--two", "1"]),
            "'--two <two> <two>...' requires at least 2 values; provided: 1"
        );
        let equals = || Command::new("x").arg(Arg::new("a").long("a").require_equals(true));
        assert_eq!(message_for(&equals(), &["--a", "1"]), "equal sign is needed when assigning values to '--a=<a>'");
    }

    /// Returns every command with its path.
    fn commands(command: &Command, path: &[String]) -> Vec<(Vec<String>, Command)> {
        let below = command.get_subcommands().flat_map(|sub| {
            let path = [path, &[sub.get_name().to_owned()]].concat();
            commands(sub, &path)
        });
        below.chain([(path.to_vec(), command.clone())]).collect()
    }

    #[test]
    fn every_invalid_value_has_a_translated_reason() {
        let mut rejected = 0;
        for (path, command) in commands(&Cli::command(), &[]) {
            for argument in command.get_arguments().filter(|argument| argument.get_action().takes_values()) {
                let argument_text = match argument.get_long() {
                    Some(long) => format!("--{long}=\u{7}"),
                    None => "\u{7}".to_owned(),
                };
                let arguments = ["support".to_owned()].into_iter().chain(path.clone()).chain([argument_text]);
                let Err(error) = Cli::command().try_get_matches_from(arguments) else { continue };
                if error.kind() == ErrorKind::ValueValidation {
                    let source = error.source().unwrap();
                    assert!(source.is::<ArgumentError>(), "{path:?} {argument}: {source}");
                    rejected += 1;
                }
            }
        }
        assert!(rejected > 60, "{rejected}");
    }
}
