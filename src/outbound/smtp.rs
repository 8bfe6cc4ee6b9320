//! SMTP client (RFC 5321, 3207, 4954): a session with a relay. Only the code of a reply is interpreted; its text is
//! recorded.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;

use super::dial::{Connection, ConnectionError, secure};
use crate::model::delivery::DeliveryError;

/// Maximum number of bytes of a reply that are kept; the rest is read and discarded.
const MAX_KEPT: usize = 4 * 1024;
/// Maximum number of bytes of a reply that are read; a session with a longer reply is not used again.
const MAX_REPLY: usize = 64 * 1024;

/// User name and password.
pub(super) struct Credentials {
    pub(super) user: String,
    pub(super) password: String,
}

/// Reply of the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    /// Code of the last line.
    pub(super) code: u16,
    /// Text of the lines, with invalid UTF-8 replaced.
    pub(super) lines: Vec<String>,
    /// True if the reply is complete, so that the session can continue.
    pub(super) complete: bool,
}

impl Reply {
    /// Returns the text on one line.
    pub(super) fn text(&self) -> String {
        self.lines.join(" ")
    }

    const fn is_positive(&self) -> bool {
        matches!(self.code, 200..=399)
    }
}

/// Error of an SMTP session.
#[derive(Debug, thiserror::Error)]
pub(super) enum SmtpError {
    /// Connection failed.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// Relay rejected a command.
    #[error("{} {}", .0.code, .0.text())]
    Refused(Reply),
    /// Relay does not support an extension that the session requires.
    #[error("{0} is not supported by the relay")]
    Unsupported(&'static str),
}

/// Session with a relay after its greeting.
pub(super) struct Session {
    stream: BufReader<Box<dyn Connection>>,
    /// Extensions of the relay: the lines of its reply to `EHLO`, in upper case.
    extensions: Vec<String>,
    /// Deadline of every operation.
    deadline: Instant,
}

impl Session {
    /// Reads the greeting of the relay and sends `EHLO`.
    pub(super) async fn begin(stream: Box<dyn Connection>, deadline: Instant) -> Result<Self, SmtpError> {
        let mut session = Self { stream: BufReader::new(stream), extensions: Vec::new(), deadline };
        let greeting = session.reply().await?;
        require_positive(greeting)?;
        session.ehlo().await?;
        Ok(session)
    }

    /// Sets a new deadline.
    pub(super) const fn set_deadline(&mut self, deadline: Instant) {
        self.deadline = deadline;
    }

    /// Returns true if the relay offers this extension, with this parameter if one is passed.
    pub(super) fn offers(&self, extension: &str, parameter: Option<&str>) -> bool {
        self.extensions.iter().any(|line| {
            let mut words = line.split([' ', '=']);
            words.next() == Some(extension) && parameter.is_none_or(|parameter| words.any(|word| word == parameter))
        })
    }

    /// Upgrades the session to TLS with `STARTTLS`.
    pub(super) async fn start_tls(mut self, host: &str, tls: &TlsConnector) -> Result<Self, SmtpError> {
        if !self.offers("STARTTLS", None) {
            return Err(SmtpError::Unsupported("STARTTLS"));
        }
        self.command("STARTTLS").await?;
        // Bytes after the reply were sent without TLS and could be injected commands (RFC 3207, 6).
        if !self.stream.buffer().is_empty() {
            return Err(ConnectionError::from(DeliveryError::Broken).into());
        }
        let (deadline, stream) = (self.deadline, self.stream.into_inner());
        let stream = timeout_at(deadline, secure(stream, host, tls)).await.map_err(|_| timed_out())??;
        let mut session = Self { stream: BufReader::new(stream), extensions: Vec::new(), deadline };
        session.ehlo().await?;
        Ok(session)
    }

    /// Authenticates with `AUTH PLAIN` or `AUTH LOGIN`.
    pub(super) async fn authenticate(&mut self, credentials: &Credentials) -> Result<(), SmtpError> {
        let Credentials { user, password } = credentials;
        if self.offers("AUTH", Some("PLAIN")) {
            self.command(&format!("AUTH PLAIN {}", STANDARD.encode(format!("\0{user}\0{password}")))).await?;
        } else if self.offers("AUTH", Some("LOGIN")) {
            self.command("AUTH LOGIN").await?;
            self.command(&STANDARD.encode(user)).await?;
            self.command(&STANDARD.encode(password)).await?;
        } else {
            return Err(SmtpError::Unsupported("AUTH PLAIN or LOGIN"));
        }
        Ok(())
    }

    /// Sends `MAIL FROM`.
    pub(super) async fn mail_from(&mut self, from: &str) -> Result<(), SmtpError> {
        self.command(&format!("MAIL FROM:<{from}>")).await.map(drop)
    }

    /// Sends `RCPT TO`, `DATA` and the mail, after `MAIL FROM`. Returns the relay's reply to the mail.
    pub(super) async fn send(&mut self, to: &str, mail: &[u8]) -> Result<Reply, SmtpError> {
        self.command(&format!("RCPT TO:<{to}>")).await?;
        let ready = self.command("DATA").await?;
        if ready.code != 354 {
            return Err(ConnectionError::new(DeliveryError::Broken, format!("{} {}", ready.code, ready.text())).into());
        }
        self.write(&dot_stuffed(mail)).await?;
        require_positive(self.reply().await?)
    }

    /// Sends `QUIT`.
    pub(super) async fn quit(&mut self) {
        let _ = self.command("QUIT").await;
    }

    async fn ehlo(&mut self) -> Result<(), SmtpError> {
        let reply = self.command(&format!("EHLO {}", ehlo_name())).await?;
        self.extensions = reply.lines.iter().skip(1).map(|line| line.to_ascii_uppercase()).collect();
        Ok(())
    }

    /// Sends a command. A reply that is not positive is an error.
    async fn command(&mut self, command: &str) -> Result<Reply, SmtpError> {
        self.write(format!("{command}\r\n").as_bytes()).await?;
        require_positive(self.reply().await?)
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), ConnectionError> {
        let written = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout_at(self.deadline, written).await.map_err(|_| timed_out())?.map_err(broken)
    }

    /// Reads a reply. If the connection fails, the deadline passes or the reply is too long, returns the code received
    /// so far.
    async fn reply(&mut self) -> Result<Reply, ConnectionError> {
        let mut reading = ReplyReader::default();
        let error = loop {
            let (used, ended) = match timeout_at(self.deadline, self.stream.fill_buf()).await {
                Ok(Ok([])) => break ConnectionError::new(DeliveryError::Broken, "the relay hung up"),
                Ok(Ok(bytes)) => reading.take(bytes),
                Ok(Err(error)) => break broken(error),
                Err(_) => break timed_out(),
            };
            self.stream.consume(used);
            if ended {
                return reading.finish(true).ok_or_else(|| ConnectionError::new(DeliveryError::Broken, "no SMTP"));
            }
            if reading.bytes > MAX_REPLY {
                break ConnectionError::new(DeliveryError::Broken, "the reply is too long");
            }
        };
        reading.finish(false).ok_or(error)
    }
}

/// Reply that is being read.
#[derive(Debug, Default)]
struct ReplyReader {
    lines: Vec<Vec<u8>>,
    line: Vec<u8>,
    bytes: usize,
}

impl ReplyReader {
    /// Consumes bytes up to the end of the reply. Returns their number, and true at the end.
    fn take(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (index, &byte) in bytes.iter().enumerate() {
            self.bytes += 1;
            if byte == b'\n' {
                let line = std::mem::take(&mut self.line);
                let more = parse_code(&line).is_some() && line.get(3) == Some(&b'-');
                self.lines.push(line);
                if !more {
                    return (index + 1, true);
                }
            } else if self.line.len() < 4 || self.bytes <= MAX_KEPT {
                self.line.push(byte);
            }
        }
        (bytes.len(), false)
    }

    /// Returns the reply, or `None` if no line has a code.
    fn finish(mut self, complete: bool) -> Option<Reply> {
        if !self.line.is_empty() {
            self.lines.push(self.line);
        }
        let code = self.lines.iter().rev().find_map(|line| parse_code(line))?;
        let text = |line: &Vec<u8>| String::from_utf8_lossy(line.get(4..).unwrap_or_default()).trim_end().to_owned();
        Some(Reply { code, lines: self.lines.iter().map(text).collect(), complete })
    }
}

/// Parses the code at the start of a line.
fn parse_code(line: &[u8]) -> Option<u16> {
    let digits = line.get(..3).filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
    if !matches!(line.get(3), None | Some(b' ' | b'-' | b'\r')) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok().filter(|code| (200..=599).contains(code))
}

/// Applies dot-stuffing to a mail for `DATA`: doubles a dot at the start of a line and appends the final dot (RFC 5321,
/// 4.5.2).
fn dot_stuffed(mail: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(mail.len() + 64);
    for line in mail.split_inclusive(|&byte| byte == b'\n') {
        if line.starts_with(b".") {
            bytes.push(b'.');
        }
        bytes.extend_from_slice(line);
    }
    if !bytes.ends_with(b"\r\n") {
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b".\r\n");
    bytes
}

/// Returns the host name for `EHLO`, or an address literal.
fn ehlo_name() -> String {
    let is_host_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let is_valid = |name: &String| !name.is_empty() && name.bytes().all(is_host_byte);
    whoami::hostname().ok().filter(is_valid).unwrap_or_else(|| "[127.0.0.1]".to_owned())
}

fn require_positive(reply: Reply) -> Result<Reply, SmtpError> {
    if reply.is_positive() { Ok(reply) } else { Err(SmtpError::Refused(reply)) }
}

fn broken(error: std::io::Error) -> ConnectionError {
    ConnectionError::new(DeliveryError::Broken, error)
}

fn timed_out() -> ConnectionError {
    ConnectionError::new(DeliveryError::TimedOut, "no answer in time")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the reply in these bytes, read one by one, and the number of bytes left over.
    fn read(bytes: &[u8]) -> (Option<Reply>, usize) {
        let mut reading = ReplyReader::default();
        for at in 0..bytes.len() {
            if reading.take(&bytes[at..=at]).1 {
                return (reading.finish(true), bytes.len() - at - 1);
            }
        }
        (reading.finish(false), 0)
    }

    fn reply(code: u16, lines: &[&str], complete: bool) -> Reply {
        Reply { code, lines: lines.iter().map(|&line| line.to_owned()).collect(), complete }
    }

    #[test]
    fn a_complete_reply_has_the_code_of_its_last_line() {
        assert_eq!(read(b"250 ok\r\n"), (Some(reply(250, &["ok"], true)), 0));
        assert_eq!(read(b"250-a\r\n250-b\r\n250 c\r\n220 x"), (Some(reply(250, &["a", "b", "c"], true)), 5));
        assert_eq!(read(b"250\r\n").0, Some(reply(250, &[""], true)));
        assert_eq!(read(b"250 \xff\xfe\r\n").0, Some(reply(250, &["\u{fffd}\u{fffd}"], true)));
        assert_eq!(read(b"250 ok\n").0, Some(reply(250, &["ok"], true)));
        let long = [b"554 ".as_slice(), &[b'x'; 10_000], b"\r\n"].concat();
        let found = read(&long).0.unwrap();
        assert_eq!((found.code, found.complete), (554, true));
        assert!(found.text().len() <= MAX_KEPT);
    }

    #[test]
    fn an_incomplete_reply_has_the_code_received_so_far() {
        assert_eq!(read(b"250").0, Some(reply(250, &[""], false)));
        assert_eq!(read(b"250-queued\r\n").0, Some(reply(250, &["queued"], false)));
        assert_eq!(read(b"250-queued\r\n25").0.map(|reply| (reply.code, reply.complete)), Some((250, false)));
        for none in [&b""[..], b"25", b"ok\r\n", b"2500 ok\r\n", b"HTTP/1.1 400\r\n", b"199 ok\r\n", b"600 x\r\n"] {
            assert_eq!(read(none).0, None, "{none:?}");
        }
    }

    #[test]
    fn a_dot_at_the_beginning_of_a_line_is_doubled() {
        assert_eq!(dot_stuffed(b".a\r\nb.\r\n..\r\n"), b"..a\r\nb.\r\n...\r\n.\r\n");
        assert_eq!(dot_stuffed(b"a"), b"a\r\n.\r\n");
    }
}
