//! Parsers of argument values: enumerations, times, durations, numbers and ids.

use std::fmt::Display;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::i18n::Locale;
use crate::model::actor::{Actor, AgentName};
use crate::model::award::Cents;
use crate::model::key::Key;
use crate::model::ledger::MAX_GRANT_POINTS;
use crate::model::role::Role;
use crate::model::search::SearchQuery;
use crate::model::ticket::{MAX_REASON, Reason};
use crate::model::timestamp::{self, DAY, TimestampParseError};
use crate::model::token::MAX_LIFETIME;
use crate::model::webhook::secret::SigningSecret;
use crate::model::{Level, Message, Timestamp};

/// Parse error of an argument, with a description of valid values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", Locale::ENGLISH.translate(.0))]
pub(crate) struct ArgumentError(pub(crate) Message);

/// Result of parsing an argument.
type ParseResult<T> = Result<T, ArgumentError>;

fn or_error<T>(value: Option<T>, error: Message) -> ParseResult<T> {
    value.ok_or(ArgumentError(error))
}

/// Id argument, or `-` for ids on standard input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IdArgument<I> {
    /// Id.
    Id(I),
    /// Ids on standard input.
    Stdin,
}

/// Parses a value with its `FromStr`.
pub(crate) fn parse<T: FromStr<Err: Into<Message>>>(text: &str) -> ParseResult<T> {
    text.parse().map_err(|error: T::Err| ArgumentError(error.into()))
}

/// Parses an id or `-`.
pub(crate) fn id_or_stdin<I: FromStr<Err: Into<Message>>>(text: &str) -> ParseResult<IdArgument<I>> {
    if text == "-" { Ok(IdArgument::Stdin) } else { parse(text).map(IdArgument::Id) }
}

/// Returns a parser of integers within bounds.
pub(crate) fn number<N>(bounds: RangeInclusive<N>) -> impl TypedValueParser<Value = N>
where
    N: FromStr + PartialOrd + Display + Clone + Send + Sync + 'static,
{
    move |text: &str| {
        let number = text.parse().ok().filter(|number| bounds.contains(number));
        let (min, max) = (bounds.start(), bounds.end());
        or_error(number, Message::new("argument.number").with("least", min).with("most", max))
    }
}

/// Parses a socket address.
pub(crate) fn address(text: &str) -> ParseResult<SocketAddr> {
    or_error(text.parse().ok(), Message::new("argument.address"))
}

/// Returns a case-insensitive parser of enumerated values. Its error lists them all.
pub(crate) fn one_of<T>(all: &'static [T]) -> impl TypedValueParser<Value = T>
where
    T: Copy + Display + Send + Sync + 'static,
{
    PossibleValuesParser::new(all.iter().map(ToString::to_string)).map(move |text: String| {
        let is_same = |value: &&T| value.to_string().eq_ignore_ascii_case(&text);
        *all.iter().find(is_same).expect("the parser accepts only these values")
    })
}

/// Parses a level, 1 to 3.
pub(crate) fn level(text: &str) -> ParseResult<Level> {
    or_error(text.parse().ok().and_then(Level::new), Message::new("argument.level"))
}

/// Parses a search query.
pub(crate) fn search_query(text: &str) -> ParseResult<SearchQuery> {
    or_error(SearchQuery::parse(text), Message::new("argument.words"))
}

/// Parses the start of a period: a time, or a UTC day for its first second.
pub(crate) fn since(text: &str) -> ParseResult<Timestamp> {
    instant(text, 0)
}

/// Parses the inclusive end of a period: a time, or a UTC day for its last second.
pub(crate) fn until(text: &str) -> ParseResult<Timestamp> {
    instant(text, DAY - 1)
}

fn instant(text: &str, offset: i64) -> ParseResult<Timestamp> {
    let is_day = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day = || format!("{text}T00:00:00Z").parse::<Timestamp>().map(|first| first.plus(offset));
    let parsed = if is_day { day() } else { text.parse() };
    parsed.map_err(|error| match error {
        TimestampParseError::Form => ArgumentError(Message::new("argument.when")),
        TimestampParseError::Range => {
            let range = Message::new("argument.when_range");
            ArgumentError(range.with("least", Timestamp::FIRST).with("most", Timestamp::LAST))
        }
    })
}

/// Parses the lifetime of a token, in seconds.
pub(crate) fn lifetime(text: &str) -> ParseResult<i64> {
    let seconds = timestamp::parse_duration(text).filter(|seconds| (1..=MAX_LIFETIME).contains(seconds));
    or_error(seconds, Message::new("argument.lifetime"))
}

/// Parses an agent name.
pub(crate) fn agent(text: &str) -> ParseResult<AgentName> {
    or_error(AgentName::new(text), Message::new("argument.agent"))
}

/// Parses an actor.
pub(crate) fn actor(text: &str) -> ParseResult<Actor> {
    or_error(Actor::from_tag(text), Message::new("argument.actor"))
}

/// Parses a role.
pub(crate) fn role(text: &str) -> ParseResult<Role> {
    or_error(Role::new(text), Message::new("argument.role"))
}

/// Parses the reason of an operation.
pub(crate) fn reason(text: &str) -> ParseResult<Reason> {
    or_error(Reason::new(text), Message::new("argument.reason").with("most", MAX_REASON))
}

/// Parses a number of points. The use case checks the limit.
pub(crate) fn points(text: &str) -> ParseResult<i64> {
    or_error(text.parse().ok(), Message::new("argument.number").with("least", 0).with("most", MAX_GRANT_POINTS))
}

/// Parses an amount of credit in dollars.
pub(crate) fn credit(text: &str) -> ParseResult<Cents> {
    or_error(Cents::parse(text), Message::new("argument.credit"))
}

/// Parses an idempotency key.
pub(crate) fn key(text: &str) -> ParseResult<Key> {
    or_error(Key::new(text), Message::new("argument.key"))
}

/// Parses the signing secret of a webhook.
pub(crate) fn secret(text: &str) -> ParseResult<SigningSecret> {
    or_error(SigningSecret::parse(text.trim()), Message::new("argument.secret"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TicketId;

    #[test]
    fn a_day_is_parsed_as_its_first_or_last_second() {
        assert_eq!(since("2025-06-01").unwrap().to_string(), "2025-06-01T00:00:00Z");
        assert_eq!(until("2025-06-01").unwrap().to_string(), "2025-06-01T23:59:59Z");
        assert_eq!(until("2025-06-01T10:00:00+02:00").unwrap().to_string(), "2025-06-01T08:00:00Z");
        for text in ["", "2025-02-30", "20250601", "2025-06", "today", "2025-06-01T00:00"] {
            assert_eq!(since(text), Err(ArgumentError(Message::new("argument.when"))), "{text:?}");
        }
        assert_eq!(until("9999-12-30").unwrap(), Timestamp::LAST);
        for text in ["9999-12-31", "9999-12-31T00:00:00Z"] {
            let message = until(text).unwrap_err().to_string();
            assert_eq!(message, "expected a time from 0000-01-01T00:00:00Z to 9999-12-30T22:00:00Z", "{text:?}");
        }
    }

    #[test]
    fn an_id_argument_is_an_id_or_a_dash() {
        assert_eq!(id_or_stdin::<TicketId>("-"), Ok(IdArgument::Stdin));
        assert_eq!(id_or_stdin::<TicketId>("7").ok(), TicketId::new(7).map(IdArgument::Id));
        assert!(id_or_stdin::<TicketId>("0").is_err());
    }

    #[test]
    fn a_lifetime_has_bounds() {
        assert_eq!(lifetime("30d"), Ok(30 * DAY));
        assert!(lifetime("3650d").is_ok());
        for text in ["0s", "3651d", "30", "soon"] {
            assert!(lifetime(text).is_err(), "{text:?}");
        }
    }
}
