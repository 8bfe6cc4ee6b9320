//! Rates: a maximum amount in a period.

use std::str::FromStr;

use super::{Message, Timestamp, timestamp};

/// Text of a limit that is switched off.
const OFF: &str = "off";
/// Maximum length of a period, in seconds: 30 days.
const MAX_PERIOD: i64 = 30 * timestamp::DAY;
/// Units of a size, in bytes.
const UNITS: [(&str, u64); 6] =
    [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000)];

/// Maximum amount in any period of this length, such as 600 in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Amount, at least 1.
    pub amount: u32,
    /// Length of the period in seconds, from 1 s to 30 days.
    pub period: u32,
}

/// Limit on a number of things, which `off` switches off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountLimit(pub Option<Rate>);

/// Parse error of a [`CountLimit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a rate")]
pub struct CountLimitParseError;

impl From<CountLimitParseError> for Message {
    fn from(CountLimitParseError: CountLimitParseError) -> Self {
        Self::new("argument.rate")
    }
}

impl FromStr for CountLimit {
    type Err = CountLimitParseError;

    /// Parses `off` or a rate such as `600/1m`.
    fn from_str(text: &str) -> Result<Self, CountLimitParseError> {
        if text == OFF {
            return Ok(Self(None));
        }
        Rate::parse(text, |count| count.parse().ok()).map(|rate| Self(Some(rate))).ok_or(CountLimitParseError)
    }
}

/// Limit on a number of bytes, which `off` switches off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteLimit(pub Option<Rate>);

/// Parse error of a [`ByteLimit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a size in a period")]
pub struct ByteLimitParseError;

impl From<ByteLimitParseError> for Message {
    fn from(ByteLimitParseError: ByteLimitParseError) -> Self {
        Self::new("argument.byte_rate")
    }
}

impl FromStr for ByteLimit {
    type Err = ByteLimitParseError;

    /// Parses `off` or a rate such as `10MB/1d`; the units are KB, MB, GB, KiB, MiB and GiB.
    fn from_str(text: &str) -> Result<Self, ByteLimitParseError> {
        if text == OFF {
            return Ok(Self(None));
        }
        Rate::parse(text, parse_size).map(|rate| Self(Some(rate))).ok_or(ByteLimitParseError)
    }
}

impl Rate {
    /// Returns the time at which the period that ends now began, exclusive.
    #[must_use]
    pub fn start(self, now: Timestamp) -> Timestamp {
        now.plus(-i64::from(self.period))
    }

    /// Parses an amount and a period.
    fn parse(text: &str, amount: impl FnOnce(&str) -> Option<u32>) -> Option<Self> {
        let (most, period) = text.split_once('/')?;
        let amount = amount(most).filter(|amount| *amount > 0)?;
        let period = timestamp::parse_duration(period).filter(|seconds| *seconds <= MAX_PERIOD)?;
        Some(Self { amount, period: u32::try_from(period).ok()? })
    }
}

/// Parses a number of bytes up to 4 GiB, with or without a unit.
fn parse_size(text: &str) -> Option<u32> {
    let unit = UNITS.iter().find_map(|(unit, bytes)| Some((text.strip_suffix(unit)?, *bytes)));
    let (number, bytes) = unit.unwrap_or((text, 1));
    u32::try_from(number.parse::<u64>().ok()?.checked_mul(bytes)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_limit_is_a_count_in_a_period_or_off() {
        assert_eq!("600/1m".parse(), Ok(CountLimit(Some(Rate { amount: 600, period: 60 }))));
        assert_eq!("1/30d".parse(), Ok(CountLimit(Some(Rate { amount: 1, period: 2_592_000 }))));
        assert_eq!("off".parse(), Ok(CountLimit(None)));
        for text in ["", "600", "600/", "/1m", "0/1m", "-1/1m", "600/0s", "600/31d", "600/1m/1", "OFF", "1MB/1d"] {
            assert_eq!(text.parse::<CountLimit>(), Err(CountLimitParseError), "{text:?}");
        }
    }

    #[test]
    fn a_byte_limit_is_a_size_in_a_period_or_off() {
        let bytes = |text: &str| text.parse::<ByteLimit>().map(|limit| limit.0.map(|rate| rate.amount));
        assert_eq!(bytes("10MB/1d"), Ok(Some(10_000_000)));
        assert_eq!(bytes("64KiB/1h"), Ok(Some(65_536)));
        assert_eq!(bytes("3GiB/30d"), Ok(Some(3 << 30)));
        assert_eq!(bytes("500/1m"), Ok(Some(500)));
        assert_eq!(bytes("off"), Ok(None));
        for text in ["", "10MB", "MB/1d", "0KB/1d", "1.5MB/1d", "10 MB/1d", "10mb/1d", "5GB/1d", "1TB/1d"] {
            assert_eq!(bytes(text), Err(ByteLimitParseError), "{text:?}");
        }
    }
}
