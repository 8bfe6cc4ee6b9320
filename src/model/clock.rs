//! Time as the desk knows it: seconds since 1970 in UTC, written as RFC 3339 with `Z`.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// Seconds in a day; days are always 24 hours here, since all times are UTC.
pub const DAY: i64 = 86_400;

/// An instant in UTC, to the second, between the years −9999 and 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text is not a time as RFC 3339 writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a time is written like 2025-06-01T00:00:00Z")]
pub struct NotATime;

impl Timestamp {
    /// The machine's clock, read now.
    pub fn now() -> Self {
        Self(jiff::Timestamp::now().as_second())
    }

    /// The instant so many seconds after 1970-01-01T00:00:00Z; none outside the years that RFC 3339 can write.
    pub fn from_second(second: i64) -> Option<Self> {
        jiff::Timestamp::from_second(second).ok().filter(|at| at.as_second() >= EARLIEST).map(|_| Self(second))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn second(self) -> i64 {
        self.0
    }

    /// This instant so many seconds later, or the last instant that can be written.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds).clamp(EARLIEST, LATEST))
    }
}

/// 0000-01-01T00:00:00Z: RFC 3339 knows no earlier year.
const EARLIEST: i64 = -62_167_219_200;
/// 9999-12-30T22:00:00Z, the last second that is kept.
const LATEST: i64 = 253_402_207_200;

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(at) => at.fmt(f),
            Err(_) => write!(f, "@{}", self.0),
        }
    }
}

impl FromStr for Timestamp {
    type Err = NotATime;

    /// Reads RFC 3339 with any offset; a fraction of a second is dropped.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        // jiff reads more than RFC 3339 (weeks, bracketed zones): the shape is held here first.
        let bytes = text.as_bytes();
        let shaped = bytes.len() >= 20
            && bytes[4] == b'-'
            && bytes[7] == b'-'
            && matches!(bytes[10], b'T' | b't')
            && bytes[13] == b':'
            && bytes[16] == b':'
            && !text.contains('[');
        if !shaped {
            return Err(NotATime);
        }
        let at: jiff::Timestamp = text.parse().map_err(|_| NotATime)?;
        let floor = at.as_second() - i64::from(at.subsec_nanosecond() < 0);
        Self::from_second(floor).ok_or(NotATime)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads a length of time in seconds: `90s`, `15m`, `12h`, `30d`, `2w`, or several in a row (`1d12h`).
pub fn seconds(text: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut number: Option<i64> = None;
    for sign in text.chars() {
        if let Some(digit) = sign.to_digit(10) {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(i64::from(digit))?);
            continue;
        }
        let unit = match sign {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => DAY,
            'w' => 7 * DAY,
            _ => return None,
        };
        total = total.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    (number.is_none() && total > 0).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_to_the_second_in_utc() {
        let at: Timestamp = "2025-06-01T02:00:00.75+02:00".parse().unwrap();
        assert_eq!(at.to_string(), "2025-06-01T00:00:00Z");
    }

    #[test]
    fn what_is_not_rfc_3339_is_not_a_time() {
        for text in
            ["", "2025-06-01", "2025-06-01 00:00:00Z", "yesterday", "2025-06-01T00:00:00Z[UTC]", "2025-13-01T00:00:00Z"]
        {
            assert_eq!(text.parse::<Timestamp>(), Err(NotATime), "{text:?}");
        }
    }

    #[test]
    fn a_length_of_time_is_numbers_with_units() {
        assert_eq!(seconds("30d"), Some(30 * DAY));
        assert_eq!(seconds("1d12h"), Some(129_600));
        for text in ["", "0s", "30", "d", "-1d", "1y", "99999999999999999999d"] {
            assert_eq!(seconds(text), None, "{text:?}");
        }
    }
}
