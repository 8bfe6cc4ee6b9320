//! How arguments are read: closed lists, days and instants, lengths of time, ids.

use std::fmt::Display;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::model::clock::{self, DAY};
use crate::model::key::Key;
use crate::model::person::{Actor, AgentName, Role};
use crate::model::reward::Cents;
use crate::model::ticket::{REASON_MAX, Reason};
use crate::model::token::LIFETIME_MAX;
use crate::model::words::Words;
use crate::model::{Level, Timestamp};

/// An id among the arguments, or `-`: read them from standard input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named<I> {
    /// This one.
    Id(I),
    /// Those on standard input.
    Stdin,
}

/// Reads an id or `-`.
pub(crate) fn named<I: FromStr<Err: Display>>(text: &str) -> Result<Named<I>, String> {
    if text == "-" {
        return Ok(Named::Stdin);
    }
    text.parse().map(Named::Id).map_err(|error: I::Err| error.to_string())
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
pub(crate) fn level(text: &str) -> Result<Level, String> {
    let level = text.parse().ok().and_then(Level::new);
    level.ok_or_else(|| "a level is 1, 2 or 3".to_owned())
}

/// Reads what is searched for.
pub(crate) fn words(text: &str) -> Result<Words, String> {
    Words::parse(text).ok_or_else(|| "a search needs a letter or a digit".to_owned())
}

/// Reads the beginning of a span: a UTC day stands for its first second.
pub(crate) fn since(text: &str) -> Result<Timestamp, String> {
    instant(text, 0)
}

/// Reads the end of a span, which belongs to it: a UTC day stands for its last second.
pub(crate) fn until(text: &str) -> Result<Timestamp, String> {
    instant(text, DAY - 1)
}

fn instant(text: &str, into_the_day: i64) -> Result<Timestamp, String> {
    let is_day = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day = || format!("{text}T00:00:00Z").parse::<Timestamp>().map(|first| first.plus(into_the_day));
    let read = if is_day { day() } else { text.parse() };
    read.map_err(|_| "a day is written like 2025-06-01, an instant like 2025-06-01T00:00:00Z".to_owned())
}

/// Reads how long a token is good, in seconds.
pub(crate) fn lifetime(text: &str) -> Result<i64, String> {
    let seconds = clock::seconds(text).filter(|seconds| (1..=LIFETIME_MAX).contains(seconds));
    seconds.ok_or_else(|| "a length of time is written like 30d, 12h or 1d12h, and is at most 3650d".to_owned())
}

/// Reads an agent's name.
pub(crate) fn agent(text: &str) -> Result<AgentName, String> {
    AgentName::new(text).ok_or_else(|| "a name has 1 to 100 characters, none of them a control character".to_owned())
}

/// Reads who did something.
pub(crate) fn actor(text: &str) -> Result<Actor, String> {
    Actor::of_tag(text).ok_or_else(|| "it is an agent's name, agent:NAME, customer:ID or fixtures".to_owned())
}

/// Reads a role's name.
pub(crate) fn role(text: &str) -> Result<Role, String> {
    Role::new(text).ok_or_else(|| "a role has 1 to 32 characters of a-z, 0-9, _ and -".to_owned())
}

/// Reads why an agent does something.
pub(crate) fn reason(text: &str) -> Result<Reason, String> {
    Reason::new(text).ok_or_else(|| {
        format!("a reason has 1 to {REASON_MAX} characters, and no control characters but tabs and line breaks")
    })
}

/// Reads an amount of credit in dollars.
pub(crate) fn credit(text: &str) -> Result<Cents, String> {
    Cents::parse(text).ok_or_else(|| "an amount is written like 1.50, with at most two decimals".to_owned())
}

/// Reads a grant's key.
pub(crate) fn key(text: &str) -> Result<Key, String> {
    Key::new(text).ok_or_else(|| "a key has 1 to 255 visible ASCII characters".to_owned())
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
            assert!(since(text).is_err(), "{text:?}");
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
