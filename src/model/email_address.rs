//! Mail addresses.

use std::fmt;

use serde::Serialize;

/// Maximum length of an address, in bytes (RFC 5321, 4.5.3.1.3).
const MAX_ADDRESS: usize = 254;

/// Mail address `local@host.domain` in ASCII without quoting (RFC 5321, 4.1.2), which excludes line breaks, brackets
/// and lists of addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Parses an address.
    pub fn new(text: &str) -> Option<Self> {
        let (local, domain) = text.split_once('@')?;
        let is_valid = text.len() <= MAX_ADDRESS && is_local(local) && is_domain(domain);
        is_valid.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the part after the `@`.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns true for a dot-string (RFC 5321, 4.1.2).
fn is_local(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    text.len() <= 64 && text.split('.').all(|word| !word.is_empty() && word.bytes().all(plain))
}

/// Returns true for a domain of at least two labels.
fn is_domain(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(plain) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.contains('.') && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_no_quoting() {
        for valid in ["a@b.de", "amina.diallo+tickets@mail.example.com", "o'neil@xn--bcher-kva.example", "7@1.example"]
        {
            assert!(EmailAddress::new(valid).is_some(), "{valid}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        for invalid in [
            "",
            "@",
            "amina",
            "amina@",
            "@example.com",
            "amina@localhost",
            "amina@example..com",
            ".a@example.com",
            "a.@example.com",
            "a..b@example.com",
            "a@-b.com",
            "a@b-.com",
            "a b@example.com",
            "a@exam ple.com",
            "a@example.com\r\nBcc: x@y.com",
            "a@example.com\n",
            "<a@example.com>",
            "a@b@example.com",
            "a,b@example.com",
            "\"a\"@example.com",
            "amina@[127.0.0.1]",
            "amína@example.com",
            "a@bücher.example",
            "a@example.com ",
            &long,
        ] {
            assert!(EmailAddress::new(invalid).is_none(), "{invalid:?}");
        }
    }
}
