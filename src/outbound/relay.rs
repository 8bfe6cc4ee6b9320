//! Settings of the SMTP relay: address, credentials and sender.

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

/// Port for SMTP over implicit TLS (RFC 8314, 3.3).
const PORT_TLS: u16 = 465;
/// Port for message submission (RFC 6409, 3.1).
const PORT: u16 = 587;
/// Maximum length of a password in bytes.
const MAX_PASSWORD: u64 = 4_096;

/// Relay options of `serve`.
#[derive(Debug, Clone, Copy)]
pub struct RelaySettings<'s> {
    /// URL: `smtp://[user:password@]host[:port]`, or `smtps://`.
    pub url: &'s str,
    /// Sender: `Support <support@example.com>`.
    pub from: &'s str,
    /// File that contains only the password.
    pub password_file: Option<&'s Path>,
}

/// Error in the relay settings.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    #[error("not an SMTP URL")]
    BadUrl,
    /// Sender is not a name and an address.
    #[error("not a sender")]
    BadFrom,
    #[error("{} could not be read", .0.display())]
    Unread(PathBuf, #[source] io::Error),
    /// Users other than its owner can read the password file.
    #[error("{} can be read by others", .0.display())]
    Exposed(PathBuf),
    /// Password file contains no password: it is empty, too long, or has several lines.
    #[error("{} holds no password", .0.display())]
    NoPassword(PathBuf),
    /// User without a password, password without a user, or two passwords.
    #[error("a user and a password belong together")]
    HalfCredentials,
}

/// Invalid option of the relay settings.
#[derive(Debug, thiserror::Error)]
#[error("{option}: {error}")]
pub struct RelayConfigError {
    /// Name of the option, such as `--smtp`.
    pub option: &'static str,
    #[source]
    pub error: RelayError,
}

impl RelayConfigError {
    /// Returns true if the value of an option is invalid in itself, and false if a file is the cause.
    pub const fn is_usage_error(&self) -> bool {
        match self.error {
            RelayError::BadUrl | RelayError::BadFrom | RelayError::HalfCredentials => true,
            RelayError::Unread(..) | RelayError::Exposed(_) | RelayError::NoPassword(_) => false,
        }
    }

    /// Returns the localizable message. It does not repeat the value, which may contain a password.
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

/// Transport security of a connection to the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    Tls,
    /// Mandatory STARTTLS.
    StartTls,
    /// STARTTLS if offered; only for a relay on this host.
    StartTlsIfOffered,
}

/// Validated relay settings.
pub(super) struct Relay {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) credentials: Option<Credentials>,
    pub(super) from: Mailbox,
    /// Domain of message ids.
    pub(super) domain: String,
}

impl Relay {
    /// Validates the settings.
    pub(super) fn from_settings(settings: RelaySettings<'_>) -> Result<Self, RelayConfigError> {
        let invalid = |option| move |error| RelayConfigError { option, error };
        let url = parse_url(settings.url).ok_or(RelayError::BadUrl).map_err(invalid("--smtp"))?;
        let (from, domain) = parse_sender(settings.from).ok_or(RelayError::BadFrom).map_err(invalid("--mail-from"))?;
        let file_password =
            settings.password_file.map(read_password).transpose().map_err(invalid("--smtp-password-file"))?;
        let credentials = match (url.user, url.password, file_password) {
            (None, None, None) => None,
            (Some(user), Some(password), None) | (Some(user), None, Some(password)) => {
                Some(Credentials { user, password })
            }
            _ => return Err(invalid("--smtp")(RelayError::HalfCredentials)),
        };
        Ok(Self { host: url.host, port: url.port, security: url.security, credentials, from, domain })
    }
}

/// Components of a relay URL.
#[derive(Debug, PartialEq, Eq)]
struct RelayUrl {
    host: String,
    port: u16,
    security: Security,
    user: Option<String>,
    password: Option<String>,
}

/// Parses `smtp://[user[:password]@]host[:port]`. Returns `None` for other URLs, and for ones with a path, query or
/// fragment.
fn parse_url(text: &str) -> Option<RelayUrl> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str().filter(|host| !host.is_empty())?;
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let has_more = !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some();
    let is_host_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'_');
    if has_more || !host.bytes().all(is_host_byte) || url.port() == Some(0) {
        return None;
    }
    let (security, port) = match url.scheme() {
        "smtps" => (Security::Tls, PORT_TLS),
        "smtp" if is_loopback(&host) => (Security::StartTlsIfOffered, PORT),
        "smtp" => (Security::StartTls, PORT),
        _ => return None,
    };
    let decode = |text: &str| percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned);
    let user = decode(url.username())?;
    let password = url.password().map(decode);
    Some(RelayUrl {
        host,
        port: url.port().unwrap_or(port),
        security,
        user: (!user.is_empty()).then_some(user),
        password: if let Some(password) = password { Some(password?) } else { None },
    })
}

/// Returns true if the host is `localhost` or a loopback address.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Parses `Support <support@example.com>`, or an address without a name.
fn parse_sender(text: &str) -> Option<(Mailbox, String)> {
    if text.len() > 400 || text.chars().any(char::is_control) {
        return None;
    }
    let mailbox: Mailbox = text.parse().ok()?;
    let address = EmailAddress::new(mailbox.email.as_ref())?;
    Some((mailbox, address.domain().to_owned()))
}

/// Reads the single line of a file that only its owner can read.
fn read_password(path: &Path) -> Result<String, RelayError> {
    let unread = |error| RelayError::Unread(path.to_owned(), error);
    // Opening a named pipe would block until a process writes to it.
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
    fn a_relay_url_has_a_host_and_optionally_a_port_and_credentials() {
        let read = |text| parse_url(text).unwrap();
        let url =
            |host: &str, port, security| RelayUrl { host: host.to_owned(), port, security, user: None, password: None };
        assert_eq!(read("smtp://mail.example.com"), url("mail.example.com", 587, Security::StartTls));
        assert_eq!(read("smtps://mail.example.com/"), url("mail.example.com", 465, Security::Tls));
        assert_eq!(read("smtp://127.0.0.1:2525"), url("127.0.0.1", 2_525, Security::StartTlsIfOffered));
        assert_eq!(read("smtp://[::1]:25"), url("::1", 25, Security::StartTlsIfOffered));
        assert_eq!(read("smtp://localhost"), url("localhost", 587, Security::StartTlsIfOffered));
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
            assert_eq!(parse_url(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_sender_is_an_address_with_an_optional_name() {
        let parsed = |text| parse_sender(text).map(|(mailbox, _)| mailbox.to_string());
        assert_eq!(parsed("support@example.com").as_deref(), Some("support@example.com"));
        assert_eq!(parsed("Support <support@example.com>").as_deref(), Some("Support <support@example.com>"));
        for wrong in [
            "",
            "Support",
            "Support <support>",
            "a@b",
            "S <s@example.com>\r\nBcc: x@example.com",
            "<>",
            "a@b.de, c@d.de",
        ] {
            assert_eq!(parsed(wrong), None, "{wrong:?}");
        }
    }
}
