//! Timestamps: seconds since 1970 in UTC, formatted as RFC 3339 with `Z`.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Seconds in a day.
pub const DAY: i64 = 86_400;

/// Point in time in UTC, in whole seconds, between the years 0 and 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Error of a text that is not a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimestampParseError {
    /// The text is not in RFC 3339 format.
    #[error("a time is written like 2025-06-01T00:00:00Z")]
    Form,
    /// The time is outside of [`Timestamp::FIRST`] to [`Timestamp::LAST`].
    #[error("a time lies from 0000-01-01T00:00:00Z to 9999-12-30T22:00:00Z")]
    Range,
}

impl Timestamp {
    /// Earliest time.
    pub const FIRST: Self = Self(EARLIEST);
    /// Latest time.
    pub const LAST: Self = Self(LATEST);

    /// Builds a timestamp from seconds since 1970-01-01T00:00:00Z; none outside the range.
    pub fn from_second(second: i64) -> Option<Self> {
        (EARLIEST..=LATEST).contains(&second).then_some(Self(second))
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z.
    pub const fn second(self) -> i64 {
        self.0
    }

    /// Adds seconds, saturating at the limits.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds).clamp(EARLIEST, LATEST))
    }
}

impl From<SystemTime> for Timestamp {
    /// Rounds down to whole seconds, saturating at the limits.
    fn from(at: SystemTime) -> Self {
        let seconds = |span: Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        let second = match at.duration_since(UNIX_EPOCH) {
            Ok(after) => seconds(after),
            Err(before) => -seconds(before.duration()) - i64::from(before.duration().subsec_nanos() > 0),
        };
        Self(second.clamp(EARLIEST, LATEST))
    }
}

/// 0000-01-01T00:00:00Z, the earliest time in RFC 3339.
const EARLIEST: i64 = -62_167_219_200;
/// 9999-12-30T22:00:00Z.
const LATEST: i64 = 253_402_207_200;

/// Formatted time: 20 ASCII characters.
pub struct TimestampText([u8; 20]);

impl TimestampText {
    /// Returns the text, such as `2025-06-01T00:00:00Z`.
    pub fn as_str(&self) -> &str {
        // All bytes are ASCII, so the default is never used.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Timestamp {
    /// Formats the time as RFC 3339. Implemented by hand for speed: every row of a list has two times.
    pub fn to_rfc3339(self) -> TimestampText {
        let (day, second) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        let (year, month, day) = date(day);
        let mut text = *b"0000-00-00T00:00:00Z";
        for (place, number) in [
            (0, year / 100),
            (2, year % 100),
            (5, month),
            (8, day),
            (11, second / 3_600),
            (14, second / 60 % 60),
            (17, second % 60),
        ] {
            let number = u8::try_from(number).unwrap_or_default();
            text[place] += number / 10;
            text[place + 1] += number % 10;
        }
        TimestampText(text)
    }
}

/// Returns year, month and day for a number of days since 1970-01-01 in the proleptic Gregorian calendar (Howard
/// Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`; years begin in March).
const fn date(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let (era, day) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    (era * 400 + year + if month <= 2 { 1 } else { 0 }, month, day)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.to_rfc3339().as_str())
    }
}

impl FromStr for Timestamp {
    type Err = TimestampParseError;

    /// Parses RFC 3339 with any offset; fractions of a second are truncated.
    fn from_str(text: &str) -> Result<Self, TimestampParseError> {
        // jiff accepts more than RFC 3339 (weeks, time zones in brackets), so the shape is checked first.
        let bytes = text.as_bytes();
        let shaped = bytes.len() >= 20
            && bytes[4] == b'-'
            && bytes[7] == b'-'
            && matches!(bytes[10], b'T' | b't')
            && bytes[13] == b':'
            && bytes[16] == b':'
            && !text.contains('[');
        if !shaped {
            return Err(TimestampParseError::Form);
        }
        // The range of the calendar is a few hours larger at both ends than that of timestamps.
        let day =
            text.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok()).ok_or(TimestampParseError::Form)?;
        let at_an_end = [(0, 1, 1), (9999, 12, 30), (9999, 12, 31)].contains(&(day.year(), day.month(), day.day()));
        let outside = if at_an_end { TimestampParseError::Range } else { TimestampParseError::Form };
        let at: jiff::Timestamp = text.parse().map_err(|_| outside)?;
        let floor = at.as_second() - i64::from(at.subsec_nanosecond() < 0);
        Self::from_second(floor).ok_or(TimestampParseError::Range)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.to_rfc3339().as_str())
    }
}

/// Parses a duration into seconds: `90s`, `15m`, `12h`, `30d`, `2w`, or a sequence (`1d12h`).
pub fn parse_duration(text: &str) -> Option<i64> {
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
    fn a_time_is_formatted_in_whole_seconds_in_utc() {
        let at: Timestamp = "2025-06-01T02:00:00.75+02:00".parse().unwrap();
        assert_eq!(at.to_string(), "2025-06-01T00:00:00Z");
    }

    #[test]
    fn every_day_is_formatted_like_the_calendar() {
        let ends = [EARLIEST, EARLIEST + 1, -1, 0, 951_782_400, 1_709_164_799, 1_709_251_200, LATEST - 1, LATEST];
        let days = (EARLIEST..LATEST)
            .step_by(usize::try_from(29 * DAY).unwrap())
            .map(|second| second + second.rem_euclid(997));
        for second in ends.into_iter().chain(days) {
            let at = Timestamp::from_second(second).unwrap();
            assert_eq!(at.to_string(), jiff::Timestamp::from_second(second).unwrap().to_string());
        }
        assert_eq!((Timestamp::from_second(EARLIEST - 1), Timestamp::from_second(LATEST + 1)), (None, None));
    }

    #[test]
    fn a_system_time_out_of_range_is_clamped() {
        let at = |second: i64| match u64::try_from(second) {
            Ok(after) => UNIX_EPOCH + Duration::from_secs(after),
            Err(_) => UNIX_EPOCH - Duration::from_secs(second.unsigned_abs()),
        };
        for (clock, second) in [
            (at(0), 0),
            (at(1_748_736_000) + Duration::from_millis(999), 1_748_736_000),
            (at(0) - Duration::from_millis(1), -1),
            (at(LATEST), LATEST),
            (at(253_402_300_799), LATEST),
            (at(i64::MAX / 2), LATEST),
            (at(EARLIEST - 1), EARLIEST),
        ] {
            let now = Timestamp::from(clock);
            assert_eq!(now.second(), second);
            assert_eq!(now.to_string().parse(), Ok(now));
        }
        let (first, last) = (Timestamp(EARLIEST), Timestamp(LATEST));
        assert_eq!(
            (last.plus(DAY), first.plus(-DAY), last.plus(i64::MAX), first.plus(i64::MIN)),
            (last, first, last, first)
        );
    }

    #[test]
    fn text_that_is_not_rfc_3339_is_rejected() {
        for text in
            ["", "2025-06-01", "2025-06-01 00:00:00Z", "yesterday", "2025-06-01T00:00:00Z[UTC]", "2025-13-01T00:00:00Z"]
        {
            assert_eq!(text.parse::<Timestamp>(), Err(TimestampParseError::Form), "{text:?}");
        }
    }

    #[test]
    fn a_time_out_of_range_has_its_own_error() {
        assert_eq!("0000-01-01T00:00:00Z".parse(), Ok(Timestamp::FIRST));
        assert_eq!("9999-12-30T22:00:00Z".parse(), Ok(Timestamp::LAST));
        for text in
            ["9999-12-30T22:00:01Z", "9999-12-31T00:00:00Z", "9999-12-31T23:59:59+01:00", "0000-01-01T00:00:00+01:00"]
        {
            assert_eq!(text.parse::<Timestamp>(), Err(TimestampParseError::Range), "{text:?}");
        }
    }

    #[test]
    fn a_duration_is_a_sequence_of_numbers_with_units() {
        assert_eq!(parse_duration("30d"), Some(30 * DAY));
        assert_eq!(parse_duration("1d12h"), Some(129_600));
        for text in ["", "0s", "30", "d", "-1d", "1y", "99999999999999999999d"] {
            assert_eq!(parse_duration(text), None, "{text:?}");
        }
    }
}
