//! Targets of webhooks: URL and additional headers.

use std::fmt;
use std::net::IpAddr;

use http::{HeaderName, HeaderValue};
use url::{Host, Url};

use super::address::is_public;
use crate::model::{Code, Message, ValidationErrors};

/// Maximum length of a URL, in bytes.
pub const MAX_URL: usize = 2_048;
/// Maximum number of additional headers.
pub const MAX_HEADERS: usize = 20;
/// Maximum length of a header value, in bytes.
pub const MAX_VALUE: usize = 1_024;

/// Headers that every message has, or that would change the message or its connection.
const RESERVED: &[&str] = &[
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// Target: an `http` or `https` URL with a host and without user information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    url: Url,
    private: bool,
}

impl Target {
    /// Parses a URL as browsers do (WHATWG): `http://0x7f.1/` is 127.0.0.1. `private` allows non-public addresses.
    ///
    /// # Errors
    /// The message.
    pub fn parse(text: &str, private: bool) -> Result<Self, Message> {
        let shape = || Message::new("validation.webhook_url");
        if text.len() > MAX_URL {
            return Err(Message::new("validation.webhook_url_long").with("most", MAX_URL));
        }
        let mut url = Url::parse(text).map_err(|_| shape())?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(shape());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Message::new("validation.webhook_url_user"));
        }
        url.set_fragment(None);
        let target = Self { url, private };
        match target.address() {
            Some(address) if !target.allows(address) => {
                Err(Message::new("validation.webhook_url_private").with("address", address))
            }
            _ => Ok(target),
        }
    }

    /// Parses a stored URL, which was validated by [`Self::parse`] before.
    pub fn from_stored(text: &str, private: bool) -> Option<Self> {
        Url::parse(text).ok().filter(Url::has_host).map(|url| Self { url, private })
    }

    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Returns true if non-public addresses are allowed.
    pub const fn is_private(&self) -> bool {
        self.private
    }

    /// Returns true if messages are not encrypted (`http`).
    pub fn is_unencrypted(&self) -> bool {
        self.url.scheme() == "http"
    }

    /// Returns true if messages may be sent to this address.
    pub const fn allows(&self, address: IpAddr) -> bool {
        self.private || is_public(address)
    }

    /// Returns the IP address, if the host is one.
    pub fn address(&self) -> Option<IpAddr> {
        match self.url.host()? {
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
            Host::Domain(_) => None,
        }
    }

    /// Returns the host name, or the address without brackets.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
    }

    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(443)
    }

    /// Returns the value of the `Host` header, with the port unless it is the scheme's default.
    pub fn authority(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Returns path and query.
    pub fn path(&self) -> String {
        let path = self.url.path();
        self.url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
    }
}

/// Additional headers of a webhook. Values may be secret and are never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    /// Parses headers of the form `Name: value`; records errors under `header`.
    pub fn parse(texts: &[String], errors: &mut ValidationErrors) -> Self {
        let mut headers = Self::default();
        for text in texts {
            if let Err(message) = headers.add(text) {
                errors.add(Code::InvalidWebhook, "header", message);
            }
        }
        if headers.0.len() > MAX_HEADERS {
            let message = Message::new("validation.webhook_headers").with("most", MAX_HEADERS);
            errors.add(Code::InvalidWebhook, "header", message);
        }
        headers
    }

    fn add(&mut self, text: &str) -> Result<(), Message> {
        let shape = || Message::new("validation.webhook_header").with("most", MAX_VALUE);
        let (name, value) = text.split_once(':').ok_or_else(shape)?;
        let value = value.trim();
        let plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\t');
        if value.len() > MAX_VALUE || !value.bytes().all(plain) {
            return Err(shape());
        }
        let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| shape())?;
        let value = HeaderValue::from_str(value).map_err(|_| shape())?;
        if RESERVED.contains(&name.as_str()) || name.as_str().starts_with("webhook-") {
            return Err(Message::new("validation.webhook_header_reserved").with("name", name));
        }
        if self.0.iter().any(|(known, _)| *known == name) {
            return Err(Message::new("validation.webhook_header_twice").with("name", name));
        }
        self.0.push((name, value));
        Ok(())
    }

    /// Parses the stored form: a JSON array of names and values.
    pub fn from_stored(json: &str) -> Option<Self> {
        let pairs: Vec<(String, String)> = serde_json::from_str(json).ok()?;
        let header = |(name, value): (String, String)| Some((name.parse().ok()?, value.parse().ok()?));
        pairs.into_iter().map(header).collect::<Option<_>>().map(Self)
    }

    /// Returns the stored form, which [`Self::from_stored`] parses.
    pub fn to_json(&self) -> String {
        let pairs: Vec<_> = self.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap_or(""))).collect();
        serde_json::json!(pairs).to_string()
    }

    /// Returns names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// Returns the names, which are not secret.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> &'static str {
        Target::parse(text, false).unwrap_err().key
    }

    #[test]
    fn a_target_is_an_http_url_without_user_information() {
        let target = Target::parse("https://example.com:8443/a/b?c=d#e", false).unwrap();
        assert_eq!((target.host(), target.port(), &*target.path()), ("example.com", 8443, "/a/b?c=d"));
        assert_eq!(target.authority(), "example.com:8443");
        assert_eq!(Target::parse("https://example.com:443", false).unwrap().authority(), "example.com");
        for text in ["", "example.com", "ftp://example.com", "file:///etc/passwd", "https://", "javascript:alert(1)"] {
            assert_eq!(refusal(text), "validation.webhook_url", "{text}");
        }
        assert_eq!(refusal("https://me@example.com"), "validation.webhook_url_user");
        assert_eq!(refusal("https://:secret@example.com"), "validation.webhook_url_user");
        assert_eq!(refusal(&format!("https://example.com/{}", "a".repeat(MAX_URL))), "validation.webhook_url_long");
    }

    #[test]
    fn a_non_public_address_is_rejected_in_every_notation() {
        for host in [
            "127.0.0.1",
            "127.1",
            "0x7f.1",
            "0177.0.0.1",
            "2130706433",
            "0x7f000001",
            "017700000001",
            "127.0.1",
            "１２７.0.0.1",
            "127。0。0。1",
            "%31%32%37.0.0.1",
            "0",
            "0.0.0.0",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:ffff:a9fe:a9fe]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:7f00:1::]",
            "169.254.169.254",
            "0xa9fea9fe",
            "0251.0376.0251.0376",
            "10.1",
            "192.168.257",
            "100.64.1",
        ] {
            assert_eq!(refusal(&format!("http://{host}/")), "validation.webhook_url_private", "{host}");
            assert!(Target::parse(&format!("http://{host}/"), true).is_ok(), "{host}");
        }
    }

    #[test]
    fn control_characters_and_reserved_headers_are_rejected() {
        let errors = |texts: &[&str]| {
            let mut errors = ValidationErrors::default();
            let texts: Vec<_> = texts.iter().map(|&text| text.to_owned()).collect();
            let headers = Headers::parse(&texts, &mut errors);
            (headers, errors.into_unsorted().first().map(|error| error.message.key))
        };
        let (headers, error) = errors(&["Authorization: Bearer abc", "X-Team:support"]);
        assert_eq!(error, None);
        assert_eq!(headers.names().collect::<Vec<_>>(), ["authorization", "x-team"]);
        assert_eq!(Headers::from_stored(&headers.to_json()), Some(headers.clone()));
        assert!(!format!("{headers:?}").contains("abc"));
        for text in ["X-Team", ": value", "X Team: a", "X-Team: a\r\nX-Evil: b", "X-Team: é"] {
            assert_eq!(errors(&[text]).1, Some("validation.webhook_header"), "{text:?}");
        }
        for text in ["Host: a", "content-length: 5", "Webhook-Id: msg_1", "Transfer-Encoding: chunked"] {
            assert_eq!(errors(&[text]).1, Some("validation.webhook_header_reserved"), "{text}");
        }
        assert_eq!(errors(&["X-A: 1", "x-a: 2"]).1, Some("validation.webhook_header_twice"));
    }
}
