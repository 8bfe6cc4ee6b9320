//! How arguments are read: closed lists, days and instants, lengths of time, numbers, ids.

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

/// An argument that cannot be read, and what it should be like.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", Locale::ENGLISH.say(.0))]
pub(crate) struct Unreadable(pub(crate) Message);

/// What an argument was read as.
type Read<T> = Result<T, Unreadable>;

fn unless<T>(read: Option<T>, why: Message) -> Read<T> {
    read.ok_or(Unreadable(why))
}

/// An id among the arguments, or `-`: read them from standard input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named<I> {
    /// This one.
    Id(I),
    /// Those on standard input.
    Stdin,
}

/// Reads what reads itself.
pub(crate) fn read<T: FromStr<Err: Into<Message>>>(text: &str) -> Read<T> {
    text.parse().map_err(|why: T::Err| Unreadable(why.into()))
}

/// Reads an id or `-`.
pub(crate) fn named<I: FromStr<Err: Into<Message>>>(text: &str) -> Read<Named<I>> {
    if text == "-" { Ok(Named::Stdin) } else { read(text).map(Named::Id) }
}

/// Reads a whole number within bounds.
pub(crate) fn number<N>(bounds: RangeInclusive<N>) -> impl TypedValueParser<Value = N>
where
    N: FromStr + PartialOrd + Display + Clone + Send + Sync + 'static,
{
    move |text: &str| {
        let number = text.parse().ok().filter(|number| bounds.contains(number));
        let (least, most) = (bounds.start(), bounds.end());
        unless(number, Message::new("argument.number").with("least", least).with("most", most))
    }
}

/// Reads an address and port to listen on.
pub(crate) fn address(text: &str) -> Read<SocketAddr> {
    unless(text.parse().ok(), Message::new("argument.address"))
}

/// Reads one of a closed list, in any case of letters, and names them all where it is none.
pub(crate) fn one_of<T>(all: &'static [T]) -> impl TypedValueParser<Value = T>
where
    T: Copy + Display + Send + Sync + 'static,
{
    PossibleValuesParser::new(all.iter().map(ToString::to_string)).map(move |text: String| {
        let same = |value: &&T| value.to_string().eq_ignore_ascii_case(&text);
        *all.iter().find(same).expect("the parser lets only these pass")
    })
}

/// Reads a level, 1 to 3.
pub(crate) fn level(text: &str) -> Read<Level> {
    unless(text.parse().ok().and_then(Level::new), Message::new("argument.level"))
}

/// Reads what is searched for.
pub(crate) fn words(text: &str) -> Read<SearchQuery> {
    unless(SearchQuery::parse(text), Message::new("argument.words"))
}

/// Reads the beginning of a span: a UTC day stands for its first second.
pub(crate) fn since(text: &str) -> Read<Timestamp> {
    instant(text, 0)
}

/// Reads the end of a span, which belongs to it: a UTC day stands for its last second.
pub(crate) fn until(text: &str) -> Read<Timestamp> {
    instant(text, DAY - 1)
}

fn instant(text: &str, into_the_day: i64) -> Read<Timestamp> {
    let is_day = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day = || format!("{text}T00:00:00Z").parse::<Timestamp>().map(|first| first.plus(into_the_day));
    let read = if is_day { day() } else { text.parse() };
    read.map_err(|why| match why {
        TimestampParseError::Form => Unreadable(Message::new("argument.when")),
        TimestampParseError::Range => {
            let range = Message::new("argument.when_range");
            Unreadable(range.with("least", Timestamp::FIRST).with("most", Timestamp::LAST))
        }
    })
}

/// Reads how long a token is good, in seconds.
pub(crate) fn lifetime(text: &str) -> Read<i64> {
    let seconds = timestamp::seconds(text).filter(|seconds| (1..=MAX_LIFETIME).contains(seconds));
    unless(seconds, Message::new("argument.lifetime"))
}

/// Reads an agent's name.
pub(crate) fn agent(text: &str) -> Read<AgentName> {
    unless(AgentName::new(text), Message::new("argument.agent"))
}

/// Reads who did something.
pub(crate) fn actor(text: &str) -> Read<Actor> {
    unless(Actor::of_tag(text), Message::new("argument.actor"))
}

/// Reads a role's name.
pub(crate) fn role(text: &str) -> Read<Role> {
    unless(Role::new(text), Message::new("argument.role"))
}

/// Reads why an agent does something.
pub(crate) fn reason(text: &str) -> Read<Reason> {
    unless(Reason::new(text), Message::new("argument.reason").with("most", MAX_REASON))
}

/// Reads points; the desk says how many may be granted.
pub(crate) fn points(text: &str) -> Read<i64> {
    unless(text.parse().ok(), Message::new("argument.number").with("least", 0).with("most", MAX_GRANT_POINTS))
}

/// Reads an amount of credit in dollars.
pub(crate) fn credit(text: &str) -> Read<Cents> {
    unless(Cents::parse(text), Message::new("argument.credit"))
}

/// Reads a grant's key.
pub(crate) fn key(text: &str) -> Read<Key> {
    unless(Key::new(text), Message::new("argument.key"))
}

/// Reads a webhook's secret.
pub(crate) fn secret(text: &str) -> Read<SigningSecret> {
    unless(SigningSecret::parse(text.trim()), Message::new("argument.secret"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TicketId;

    #[test]
    fn a_day_stands_for_its_first_or_last_second() {
        assert_eq!(since("2025-06-01").unwrap().to_string(), "2025-06-01T00:00:00Z");
        assert_eq!(until("2025-06-01").unwrap().to_string(), "2025-06-01T23:59:59Z");
        assert_eq!(until("2025-06-01T10:00:00+02:00").unwrap().to_string(), "2025-06-01T08:00:00Z");
        for text in ["", "2025-02-30", "20250601", "2025-06", "today", "2025-06-01T00:00"] {
            assert_eq!(since(text), Err(Unreadable(Message::new("argument.when"))), "{text:?}");
        }
        assert_eq!(until("9999-12-30").unwrap(), Timestamp::LAST);
        for text in ["9999-12-31", "9999-12-31T00:00:00Z"] {
            let said = until(text).unwrap_err().to_string();
            assert_eq!(said, "expected a time from 0000-01-01T00:00:00Z to 9999-12-30T22:00:00Z", "{text:?}");
        }
    }

    #[test]
    fn an_id_or_a_dash_is_named() {
        assert_eq!(named::<TicketId>("-"), Ok(Named::Stdin));
        assert_eq!(named::<TicketId>("7").ok(), TicketId::new(7).map(Named::Id));
        assert!(named::<TicketId>("0").is_err());
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
