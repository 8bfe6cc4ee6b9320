//! The relay that takes our mail, as `serve` is told of it: where it is, who we are there, and whom mails are from.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read as _};
use std::net::IpAddr;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use lettre::message::Mailbox;
use percent_encoding::percent_decode_str;
use url::Url;

use super::smtp::Credentials;
use crate::model::bom::without_bom;
use crate::model::{EmailAddress, Message};

/// The port for TLS from the first byte (RFC 8314, 3.3).
const PORT_TLS: u16 = 465;
/// The port for submission (RFC 6409, 3.1).
const PORT: u16 = 587;
/// The longest password, in bytes.
const MAX_PASSWORD: u64 = 4_096;

/// What `serve` is told of the relay.
#[derive(Debug, Clone, Copy)]
pub struct RelaySettings<'s> {
    /// `smtp://[user:password@]host[:port]`, or `smtps://`.
    pub url: &'s str,
    /// `Support <support@example.com>`.
    pub from: &'s str,
    /// A file that holds the password, and nothing else.
    pub password_file: Option<&'s Path>,
}

/// Why the relay's settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// Not a URL of a relay.
    #[error("not an SMTP URL")]
    BadUrl,
    /// Not a name and an address.
    #[error("not a sender")]
    BadFrom,
    /// The password file could not be read.
    #[error("{} could not be read", .0.display())]
    Unread(PathBuf, #[source] io::Error),
    /// Others than its owner can read the password file.
    #[error("{} can be read by others", .0.display())]
    Exposed(PathBuf),
    /// The password file holds no password: it is empty, too long, or has several lines.
    #[error("{} holds no password", .0.display())]
    NoPassword(PathBuf),
    /// A password without a user, a user without a password, or two passwords.
    #[error("a user and a password belong together")]
    HalfCredentials,
}

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{option}: {error}")]
pub struct RelayConfigError {
    /// The option that is wrong: `--smtp`.
    pub option: &'static str,
    /// Why.
    #[source]
    pub error: RelayError,
}

impl RelayConfigError {
    /// Whether what the options say is wrong in itself, whatever a file holds.
    pub const fn is_of_words(&self) -> bool {
        match self.error {
            RelayError::BadUrl | RelayError::BadFrom | RelayError::HalfCredentials => true,
            RelayError::Unread(..) | RelayError::Exposed(_) | RelayError::NoPassword(_) => false,
        }
    }

    /// What to tell a person. What was given is not repeated: it may hold a password.
    pub fn message(&self) -> Message {
        let message = match &self.error {
            RelayError::BadUrl => Message::new("mail.bad_url"),
            RelayError::BadFrom => Message::new("mail.bad_from"),
            RelayError::Unread(file, source) => {
                Message::new("identity.unread").with("name", file.display()).with("reason", source)
            }
            RelayError::Exposed(file) => Message::new("identity.exposed").with("name", file.display()),
            RelayError::NoPassword(file) => Message::new("mail.no_password").with("name", file.display()),
            RelayError::HalfCredentials => Message::new("mail.half_credentials"),
        };
        message.with("option", self.option)
    }
}

/// How a connection to the relay is kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    /// TLS from the first byte.
    Tls,
    /// STARTTLS, and nothing without it.
    StartTls,
    /// STARTTLS where it is offered: the relay is on this machine.
    StartTlsIfOffered,
}

/// A relay.
pub(super) struct Relay {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) credentials: Option<Credentials>,
    pub(super) from: Mailbox,
    /// What the ids of messages end with.
    pub(super) domain: String,
}

impl Relay {
    /// The relay of these settings.
    pub(super) fn of(settings: RelaySettings<'_>) -> Result<Self, RelayConfigError> {
        let bad = |option| move |error| RelayConfigError { option, error };
        let url = read_url(settings.url).ok_or(RelayError::BadUrl).map_err(bad("--smtp"))?;
        let (from, domain) = sender(settings.from).ok_or(RelayError::BadFrom).map_err(bad("--mail-from"))?;
        let in_file = settings.password_file.map(password).transpose().map_err(bad("--smtp-password-file"))?;
        let credentials = match (url.user, url.password, in_file) {
            (None, None, None) => None,
            (Some(user), Some(password), None) | (Some(user), None, Some(password)) => {
                Some(Credentials { user, password })
            }
            _ => return Err(bad("--smtp")(RelayError::HalfCredentials)),
        };
        Ok(Self { host: url.host, port: url.port, security: url.security, credentials, from, domain })
    }
}

/// What a URL says.
#[derive(Debug, PartialEq, Eq)]
struct RelayUrl {
    host: String,
    port: u16,
    security: Security,
    user: Option<String>,
    password: Option<String>,
}

/// Reads `smtp://[user[:password]@]host[:port]`; none where it is something else, or says more.
fn read_url(text: &str) -> Option<RelayUrl> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str().filter(|host| !host.is_empty())?;
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let more = !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'_');
    if more || !host.bytes().all(plain) || url.port() == Some(0) {
        return None;
    }
    let (security, port) = match url.scheme() {
        "smtps" => (Security::Tls, PORT_TLS),
        "smtp" if is_here(&host) => (Security::StartTlsIfOffered, PORT),
        "smtp" => (Security::StartTls, PORT),
        _ => return None,
    };
    let words = |text: &str| percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned);
    let user = words(url.username())?;
    let password = url.password().map(words);
    Some(RelayUrl {
        host,
        port: url.port().unwrap_or(port),
        security,
        user: (!user.is_empty()).then_some(user),
        password: if let Some(password) = password { Some(password?) } else { None },
    })
}

/// Whether a host is this machine.
fn is_here(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Reads `Support <support@example.com>`, or the address alone.
fn sender(text: &str) -> Option<(Mailbox, String)> {
    if text.len() > 400 || text.chars().any(char::is_control) {
        return None;
    }
    let mailbox: Mailbox = text.parse().ok()?;
    let address = EmailAddress::new(mailbox.email.as_ref())?;
    Some((mailbox, address.domain().to_owned()))
}

/// The one line of a file that only its owner can read.
fn password(path: &Path) -> Result<String, RelayError> {
    let unread = |error| RelayError::Unread(path.to_owned(), error);
    // Opening a pipe waits for whoever writes it.
    if !path.metadata().map_err(unread)?.is_file() {
        return Err(unread(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")));
    }
    let file = File::open(path).map_err(unread)?;
    if file.metadata().map_err(unread)?.mode() & 0o077 != 0 {
        return Err(RelayError::Exposed(path.to_owned()));
    }
    let mut bytes = Vec::new();
    file.take(MAX_PASSWORD + 1).read_to_end(&mut bytes).map_err(unread)?;
    let text = String::from_utf8(without_bom(&bytes).to_owned()).ok().filter(|text| text.len() as u64 <= MAX_PASSWORD);
    let line = text.map(|text| text.strip_suffix('\n').unwrap_or(&text).trim_end_matches('\r').to_owned());
    line.filter(|line| !line.is_empty() && !line.contains(['\n', '\r', '\0']))
        .ok_or_else(|| RelayError::NoPassword(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_is_a_host_and_perhaps_a_port_and_a_user() {
        let read = |text| read_url(text).unwrap();
        let place =
            |host: &str, port, security| RelayUrl { host: host.to_owned(), port, security, user: None, password: None };
        assert_eq!(read("smtp://mail.example.com"), place("mail.example.com", 587, Security::StartTls));
        assert_eq!(read("smtps://mail.example.com/"), place("mail.example.com", 465, Security::Tls));
        assert_eq!(read("smtp://127.0.0.1:2525"), place("127.0.0.1", 2_525, Security::StartTlsIfOffered));
        assert_eq!(read("smtp://[::1]:25"), place("::1", 25, Security::StartTlsIfOffered));
        assert_eq!(read("smtp://localhost"), place("localhost", 587, Security::StartTlsIfOffered));
        let known = read("smtps://desk%40example.com:p%3A%2Fw@mail.example.com:2465");
        assert_eq!((known.user.as_deref(), known.password.as_deref()), (Some("desk@example.com"), Some("p:/w")));
        for wrong in [
            "",
            "mail.example.com",
            "mail.example.com:25",
            "http://mail.example.com",
            "smtp://",
            "smtp://:25",
            "smtp://mail.example.com/path",
            "smtp://mail.example.com?tls=none",
            "smtp://mail.example.com#x",
            "smtp://mail.example.com:0",
            "smtp://mail.example.com:99999",
            "smtp://mail example.com",
            "smtp://%6dail.example.com",
            "smtp://u:%ff@mail.example.com",
        ] {
            assert_eq!(read_url(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_sender_is_an_address_and_perhaps_a_name() {
        let said = |text| sender(text).map(|(mailbox, _)| mailbox.to_string());
        assert_eq!(said("support@example.com").as_deref(), Some("support@example.com"));
        assert_eq!(said("Support <support@example.com>").as_deref(), Some("Support <support@example.com>"));
        for wrong in [
            "",
            "Support",
            "Support <support>",
            "a@b",
            "S <s@example.com>\r\nBcc: x@example.com",
            "<>",
            "a@b.de, c@d.de",
        ] {
            assert_eq!(said(wrong), None, "{wrong:?}");
        }
    }
}
