//! Ranges of IP addresses in CIDR notation.

use std::net::IpAddr;
use std::str::FromStr;

use super::Message;

/// Addresses with a common prefix (RFC 4632), such as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IpRange {
    network: IpAddr,
    prefix: u8,
}

/// Parse error of an [`IpRange`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a range of addresses")]
pub struct IpRangeParseError;

impl From<IpRangeParseError> for Message {
    fn from(IpRangeParseError: IpRangeParseError) -> Self {
        Self::new("argument.ip_range")
    }
}

impl IpRange {
    /// Returns true if the range contains the address; an IPv4 address may be mapped to IPv6.
    pub fn contains(&self, address: IpAddr) -> bool {
        truncate(address.to_canonical(), self.prefix) == Some(self.network)
    }
}

impl FromStr for IpRange {
    type Err = IpRangeParseError;

    /// Parses an address with a prefix length, or a single address. Bits after the prefix are ignored.
    fn from_str(text: &str) -> Result<Self, IpRangeParseError> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| IpRangeParseError)?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(digits) if digits.bytes().all(|digit| digit.is_ascii_digit()) => {
                digits.parse().map_err(|_| IpRangeParseError)?
            }
            Some(_) => return Err(IpRangeParseError),
            None => longest,
        };
        let network = truncate(address, prefix).ok_or(IpRangeParseError)?;
        Ok(Self { network, prefix })
    }
}

/// Returns the address with zeros after this prefix; none if the prefix is longer than the address.
fn truncate(address: IpAddr, prefix: u8) -> Option<IpAddr> {
    let ones = |bits: u32| bits.checked_sub(u32::from(prefix));
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(ones(32)?).unwrap_or(0);
            Some(IpAddr::V4((u32::from(address) & mask).into()))
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(ones(128)?).unwrap_or(0);
            Some(IpAddr::V6((u128::from(address) & mask).into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(range: &str, address: &str) -> bool {
        range.parse::<IpRange>().unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn a_range_contains_the_addresses_with_its_prefix() {
        for (range, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
            ("192.168.4.7/30", "192.168.4.4", "192.168.4.8"),
            ("127.0.0.1", "127.0.0.1", "127.0.0.2"),
            ("0.0.0.0/0", "255.255.255.255", "::1"),
            ("10.0.0.0/8", "::ffff:10.1.2.3", "::ffff:11.1.2.3"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("::1", "::1", "::2"),
            ("::/0", "fe80::1", "10.0.0.1"),
        ] {
            assert!(contains(range, inside), "{range} {inside}");
            assert!(!contains(range, outside), "{range} {outside}");
        }
    }

    #[test]
    fn an_invalid_range_is_rejected() {
        for text in ["", "/", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0/8", "10.0.0.0/+8", "10.0.0.0/8/8", "a", "*"]
        {
            assert_eq!(text.parse::<IpRange>(), Err(IpRangeParseError), "{text:?}");
        }
    }
}
