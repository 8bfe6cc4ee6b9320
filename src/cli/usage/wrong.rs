//! What is wrong with the arguments, as a sentence: the parser says what it found, and the words are ours.

use std::error::Error;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use serde::Serialize;

use super::super::output::json;
use super::super::output::visible::visible;
use super::super::values::Unreadable;
use crate::model::{Code, Message};
use crate::text::Locale;

/// What is wrong, said in one language.
pub(super) struct Wrong {
    locale: Locale,
    /// The sentence, and where it ends in a colon what it speaks of.
    sentence: String,
    listed: Vec<String>,
    /// What would have been right.
    known: Option<String>,
    tips: Vec<String>,
    usage: Option<String>,
}

impl Wrong {
    /// What the parser found.
    pub(super) fn of(error: &clap::Error, locale: Locale) -> Self {
        let (message, listed) = sentence(error, locale);
        let usage = match error.get(ContextKind::Usage) {
            Some(ContextValue::StyledStr(usage)) => Some(usage.to_string()),
            _ => None,
        };
        Self {
            locale,
            sentence: locale.say(&message),
            listed,
            known: known(error).map(|message| locale.say(&message)),
            tips: tips(error).iter().map(|message| locale.say(message)).collect(),
            usage,
        }
    }

    /// As a person reads it: the sentence, tips, how the command is used, and where there is more.
    pub(super) fn text(&self) -> String {
        let mut text = format!("error: {}", self.sentence);
        for line in self.listed.iter().chain(&self.known) {
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
            let usage = usage.trim_start_matches("Usage:").trim();
            text.push_str("\n\n");
            text.push_str(&self.locale.say(&Message::new("usage.line").with("usage", usage)));
        }
        text.push_str("\n\n");
        text.push_str(&self.locale.word("usage.hint"));
        text
    }

    /// As a program reads it: a JSON object on one line, with the sentence alone.
    pub(super) fn json(&self) -> String {
        let listed = self.listed.join(", ");
        let mut message = self.sentence.clone();
        for part in
            [listed.as_str(), self.known.as_deref().unwrap_or_default()].into_iter().filter(|part| !part.is_empty())
        {
            // A Chinese colon brings its space along.
            message.push_str(if message.ends_with('：') { "" } else { " " });
            message.push_str(part);
        }
        json::line(&Document { error: Told { code: Code::InvalidUsage, message } })
    }
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

/// The sentence, and what it lists.
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
        // What a later parser finds is better told in its own words than not at all.
        _ => Message::new("usage.other").with("reason", parsers_own(error)),
    };
    (message, Vec::new())
}

/// Why a value was refused: in our words where we refused it.
fn reason(error: &clap::Error, locale: Locale) -> Option<String> {
    let source = error.source()?;
    let ours = source.downcast_ref::<Unreadable>();
    Some(ours.map_or_else(|| visible(&source.to_string()).into_owned(), |Unreadable(why)| said(locale, why)))
}

/// The sentence, where what was typed may stand in it.
fn said(locale: Locale, message: &Message) -> String {
    let values = message.values.iter().map(|(name, value)| (*name, visible(value).into_owned()));
    locale.say(&Message { values: values.collect(), ..message.clone() })
}

/// What would have been right, in brackets.
fn known(error: &clap::Error) -> Option<Message> {
    let all = |key, kind| {
        let values = texts(error, kind);
        (!values.is_empty()).then(|| Message::new(key).with("values", values.join(", ")))
    };
    match error.kind() {
        ErrorKind::MissingSubcommand => all("usage.commands", ContextKind::ValidSubcommand),
        _ => all("usage.possible", ContextKind::ValidValue),
    }
}

/// What may have been meant.
fn tips(error: &clap::Error) -> Vec<Message> {
    let commands = texts(error, ContextKind::SuggestedSubcommand);
    let mut tips = Vec::new();
    match commands.as_slice() {
        [] => {}
        [name] => tips.push(Message::new("usage.similar_command").with("name", name)),
        names => {
            let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
            tips.push(Message::new("usage.similar_commands").with("names", names.join(", ")));
        }
    }
    for (kind, key) in
        [(ContextKind::SuggestedArg, "usage.similar_argument"), (ContextKind::SuggestedValue, "usage.similar_value")]
    {
        tips.extend(texts(error, kind).iter().map(|name| Message::new(key).with("name", name)));
    }
    if let Some(ContextValue::StyledStrs(more)) = error.get(ContextKind::Suggested) {
        tips.extend(more.iter().filter_map(|tip| retold(error, &visible(&tip.to_string()))));
    }
    tips
}

/// A tip that the parser gives as a sentence of its own; none where the sentence is one that we do not know.
fn retold(error: &clap::Error, tip: &str) -> Option<Message> {
    let word = [ContextKind::InvalidArg, ContextKind::InvalidSubcommand].map(|kind| text(error, kind)).concat();
    if let Some(instead) = tip.strip_prefix(&format!("to pass '{word}' as a value, use '")) {
        let instead = instead.strip_suffix('\'')?;
        return Some(Message::new("usage.as_value").with("word", word).with("instead", instead));
    }
    if tip.starts_with("subcommand '") {
        return Some(Message::new("usage.two_dashes").with("command", word));
    }
    let command = tip.strip_prefix('\'')?.strip_suffix("' exists")?;
    Some(Message::new("usage.exists").with("command", command))
}

/// The parser's own first sentence, on one line.
fn parsers_own(error: &clap::Error) -> String {
    let rendered = error.render().to_string();
    let sentence = rendered.split("\n\n").next().unwrap_or_default();
    let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    visible(sentence.strip_prefix("error: ").unwrap_or(&sentence)).into_owned()
}

/// Something the parser says of the error, made visible; empty where it does not.
fn text(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => visible(text).into_owned(),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// The same, where there may be several.
fn texts(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::Strings(texts)) => texts.iter().map(|text| visible(text).into_owned()).collect(),
        Some(ContextValue::String(text)) => vec![visible(text).into_owned()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use clap::{Arg, Command, CommandFactory};

    use super::super::super::Cli;
    use super::*;

    /// What is told of these arguments of a command that is not ours.
    fn told(command: Command, arguments: &[&str]) -> String {
        let error = command.no_binary_name(true).try_get_matches_from(arguments).unwrap_err();
        Wrong::of(&error, Locale::ENGLISH).sentence
    }

    #[test]
    fn what_no_argument_of_ours_can_have_wrong_has_its_sentence() {
        let pair = || Command::new("x").arg(Arg::new("pair").long("pair").num_args(2));
        assert_eq!(told(pair(), &["--pair", "1"]), "'--pair <pair> <pair>' requires 2 values; provided: 1");
        let two = || Command::new("x").arg(Arg::new("two").long("two").num_args(2..=3));
        assert_eq!(told(two(), &["--two", "1"]), "'--two <two> <two>...' requires at least 2 values; provided: 1");
        let equals = || Command::new("x").arg(Arg::new("a").long("a").require_equals(true));
        assert_eq!(told(equals(), &["--a", "1"]), "equal sign is needed when assigning values to '--a=<a>'");
    }

    #[test]
    fn what_is_not_known_is_told_in_the_parsers_own_words() {
        let error = Command::new("x").error(ErrorKind::Format, "the \u{1b}[31mred one\n\nmore");
        let said = Wrong::of(&error, Locale::ENGLISH).text();
        assert!(said.starts_with("error: the arguments could not be read: the "), "{said}");
        assert!(!said.contains('\u{1b}') && !said.contains("more\n"), "{said}");
    }

    /// Every command with the words that lead to it.
    fn commands(command: &Command, path: &[String]) -> Vec<(Vec<String>, Command)> {
        let below = command.get_subcommands().flat_map(|sub| {
            let path = [path, &[sub.get_name().to_owned()]].concat();
            commands(sub, &path)
        });
        below.chain([(path.to_vec(), command.clone())]).collect()
    }

    #[test]
    fn every_refusal_of_a_value_gives_a_reason_of_ours() {
        let mut refused = 0;
        for (path, command) in commands(&Cli::command(), &[]) {
            for argument in command.get_arguments().filter(|argument| argument.get_action().takes_values()) {
                let given = match argument.get_long() {
                    Some(long) => format!("--{long}=\u{7}"),
                    None => "\u{7}".to_owned(),
                };
                let arguments = ["support".to_owned()].into_iter().chain(path.clone()).chain([given]);
                let Err(error) = Cli::command().try_get_matches_from(arguments) else { continue };
                if error.kind() == ErrorKind::ValueValidation {
                    let source = error.source().unwrap();
                    assert!(source.is::<Unreadable>(), "{path:?} {argument}: {source}");
                    refused += 1;
                }
            }
        }
        assert!(refused > 60, "{refused}");
    }
}
