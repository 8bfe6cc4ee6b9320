//! The SMTP client (RFC 5321, 3207, 4954): a session with a relay. A reply's code decides; its text is only shown.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;

use super::dial::{Connection, ConnectionError, secure};
use crate::model::delivery::DeliveryError;

/// The most bytes of a reply that are kept: the rest of a longer one is read and dropped.
const KEPT: usize = 4 * 1024;
/// The most bytes of a reply that are read; a session whose relay says more is not used again.
const MAX_REPLY: usize = 64 * 1024;

/// A user and a password.
pub(super) struct Credentials {
    pub(super) user: String,
    pub(super) password: String,
}

/// A reply of the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    /// The code of the last line.
    pub(super) code: u16,
    /// The text of the lines, whatever was no UTF-8 replaced.
    pub(super) lines: Vec<String>,
    /// All of it came: the session can go on.
    pub(super) whole: bool,
}

impl Reply {
    /// The text in one line.
    pub(super) fn text(&self) -> String {
        self.lines.join(" ")
    }

    const fn is_positive(&self) -> bool {
        matches!(self.code, 200..=399)
    }
}

/// A session that came to no reply, or to one that ends it.
#[derive(Debug, thiserror::Error)]
pub(super) enum SmtpError {
    /// The connection failed.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// The relay refused a command.
    #[error("{} {}", .0.code, .0.text())]
    Refused(Reply),
    /// The relay cannot do what the session needs.
    #[error("{0} is not supported by the relay")]
    Unsupported(&'static str),
}

/// A session with a relay that has greeted us.
pub(super) struct Session {
    stream: BufReader<Box<dyn Connection>>,
    /// The relay's extensions: the lines of its reply to `EHLO`, in capitals.
    extensions: Vec<String>,
    /// The end of everything.
    deadline: Instant,
}

impl Session {
    /// Takes the relay's greeting, and introduces us.
    pub(super) async fn begin(stream: Box<dyn Connection>, deadline: Instant) -> Result<Self, SmtpError> {
        let mut session = Self { stream: BufReader::new(stream), extensions: Vec::new(), deadline };
        let greeting = session.reply().await?;
        positive(greeting)?;
        session.introduce().await?;
        Ok(session)
    }

    /// Sets a new end for everything.
    pub(super) const fn until(&mut self, deadline: Instant) {
        self.deadline = deadline;
    }

    /// True where the relay announces this extension, perhaps with such a parameter.
    pub(super) fn offers(&self, extension: &str, parameter: Option<&str>) -> bool {
        self.extensions.iter().any(|line| {
            let mut words = line.split([' ', '=']);
            words.next() == Some(extension) && parameter.is_none_or(|parameter| words.any(|word| word == parameter))
        })
    }

    /// Goes on over TLS.
    pub(super) async fn start_tls(mut self, host: &str, tls: &TlsConnector) -> Result<Self, SmtpError> {
        if !self.offers("STARTTLS", None) {
            return Err(SmtpError::Unsupported("STARTTLS"));
        }
        self.ask("STARTTLS").await?;
        // Bytes behind the reply were not said over TLS, and are no part of what follows.
        if !self.stream.buffer().is_empty() {
            return Err(ConnectionError::from(DeliveryError::Broken).into());
        }
        let (deadline, stream) = (self.deadline, self.stream.into_inner());
        let stream = timeout_at(deadline, secure(stream, host, tls)).await.map_err(|_| late())??;
        let mut session = Self { stream: BufReader::new(stream), extensions: Vec::new(), deadline };
        session.introduce().await?;
        Ok(session)
    }

    /// Signs in.
    pub(super) async fn sign_in(&mut self, credentials: &Credentials) -> Result<(), SmtpError> {
        let Credentials { user, password } = credentials;
        if self.offers("AUTH", Some("PLAIN")) {
            self.ask(&format!("AUTH PLAIN {}", STANDARD.encode(format!("\0{user}\0{password}")))).await?;
        } else if self.offers("AUTH", Some("LOGIN")) {
            self.ask("AUTH LOGIN").await?;
            self.ask(&STANDARD.encode(user)).await?;
            self.ask(&STANDARD.encode(password)).await?;
        } else {
            return Err(SmtpError::Unsupported("AUTH PLAIN or LOGIN"));
        }
        Ok(())
    }

    /// Begins a mail.
    pub(super) async fn mail_from(&mut self, from: &str) -> Result<(), SmtpError> {
        self.ask(&format!("MAIL FROM:<{from}>")).await.map(drop)
    }

    /// Hands the mail over that was begun. The reply is the relay's word for it.
    pub(super) async fn send(&mut self, to: &str, mail: &[u8]) -> Result<Reply, SmtpError> {
        self.ask(&format!("RCPT TO:<{to}>")).await?;
        let go_on = self.ask("DATA").await?;
        if go_on.code != 354 {
            return Err(ConnectionError::new(DeliveryError::Broken, format!("{} {}", go_on.code, go_on.text())).into());
        }
        self.write(&stuffed(mail)).await?;
        positive(self.reply().await?)
    }

    /// Ends the session as a client should.
    pub(super) async fn quit(&mut self) {
        let _ = self.ask("QUIT").await;
    }

    async fn introduce(&mut self) -> Result<(), SmtpError> {
        let reply = self.ask(&format!("EHLO {}", name())).await?;
        self.extensions = reply.lines.iter().skip(1).map(|line| line.to_ascii_uppercase()).collect();
        Ok(())
    }

    /// Says a command; a reply that is not positive is an error.
    async fn ask(&mut self, command: &str) -> Result<Reply, SmtpError> {
        self.write(format!("{command}\r\n").as_bytes()).await?;
        positive(self.reply().await?)
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), ConnectionError> {
        let written = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout_at(self.deadline, written).await.map_err(|_| late())?.map_err(broken)
    }

    /// Reads a reply. Where the connection ends, the time is over or the relay says too much, the code that came is good.
    async fn reply(&mut self) -> Result<Reply, ConnectionError> {
        let mut reading = Reading::default();
        let error = loop {
            let (used, over) = match timeout_at(self.deadline, self.stream.fill_buf()).await {
                Ok(Ok([])) => break ConnectionError::new(DeliveryError::Broken, "the relay hung up"),
                Ok(Ok(bytes)) => reading.take(bytes),
                Ok(Err(error)) => break broken(error),
                Err(_) => break late(),
            };
            self.stream.consume(used);
            if over {
                return reading.done(true).ok_or_else(|| ConnectionError::new(DeliveryError::Broken, "no SMTP"));
            }
            if reading.bytes > MAX_REPLY {
                break ConnectionError::new(DeliveryError::Broken, "the reply is too long");
            }
        };
        reading.done(false).ok_or(error)
    }
}

/// A reply that is being read.
#[derive(Debug, Default)]
struct Reading {
    lines: Vec<Vec<u8>>,
    line: Vec<u8>,
    bytes: usize,
}

impl Reading {
    /// Takes bytes up to the end of the reply; says how many, and whether this is the end.
    fn take(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (index, &byte) in bytes.iter().enumerate() {
            self.bytes += 1;
            if byte == b'\n' {
                let line = std::mem::take(&mut self.line);
                let more = code(&line).is_some() && line.get(3) == Some(&b'-');
                self.lines.push(line);
                if !more {
                    return (index + 1, true);
                }
            } else if self.line.len() < 4 || self.bytes <= KEPT {
                self.line.push(byte);
            }
        }
        (bytes.len(), false)
    }

    /// The reply; none where no line has a code.
    fn done(mut self, whole: bool) -> Option<Reply> {
        if !self.line.is_empty() {
            self.lines.push(self.line);
        }
        let code = self.lines.iter().rev().find_map(|line| code(line))?;
        let text = |line: &Vec<u8>| String::from_utf8_lossy(line.get(4..).unwrap_or_default()).trim_end().to_owned();
        Some(Reply { code, lines: self.lines.iter().map(text).collect(), whole })
    }
}

/// The code that a line begins with.
fn code(line: &[u8]) -> Option<u16> {
    let digits = line.get(..3).filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
    if !matches!(line.get(3), None | Some(b' ' | b'-' | b'\r')) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok().filter(|code| (200..=599).contains(code))
}

/// A mail as `DATA` takes it: a dot at the beginning of a line is doubled, and a line with one dot ends it (RFC 5321, 4.5.2).
fn stuffed(mail: &[u8]) -> Vec<u8> {
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

/// This machine's name as `EHLO` takes it, or else an address literal.
fn name() -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let good = |name: &String| !name.is_empty() && name.bytes().all(plain);
    whoami::hostname().ok().filter(good).unwrap_or_else(|| "[127.0.0.1]".to_owned())
}

fn positive(reply: Reply) -> Result<Reply, SmtpError> {
    if reply.is_positive() { Ok(reply) } else { Err(SmtpError::Refused(reply)) }
}

fn broken(error: std::io::Error) -> ConnectionError {
    ConnectionError::new(DeliveryError::Broken, error)
}

fn late() -> ConnectionError {
    ConnectionError::new(DeliveryError::TimedOut, "no answer in time")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reply of these bytes, in pieces, and how many bytes are left over.
    fn read(bytes: &[u8]) -> (Option<Reply>, usize) {
        let mut reading = Reading::default();
        for at in 0..bytes.len() {
            if reading.take(&bytes[at..=at]).1 {
                return (reading.done(true), bytes.len() - at - 1);
            }
        }
        (reading.done(false), 0)
    }

    fn reply(code: u16, lines: &[&str], whole: bool) -> Reply {
        Reply { code, lines: lines.iter().map(|&line| line.to_owned()).collect(), whole }
    }

    #[test]
    fn the_code_decides_whatever_stands_behind_it() {
        assert_eq!(read(b"250 ok\r\n"), (Some(reply(250, &["ok"], true)), 0));
        assert_eq!(read(b"250-a\r\n250-b\r\n250 c\r\n220 x"), (Some(reply(250, &["a", "b", "c"], true)), 5));
        assert_eq!(read(b"250\r\n").0, Some(reply(250, &[""], true)));
        assert_eq!(read(b"250 \xff\xfe\r\n").0, Some(reply(250, &["\u{fffd}\u{fffd}"], true)));
        assert_eq!(read(b"250 ok\n").0, Some(reply(250, &["ok"], true)));
        let long = [b"554 ".as_slice(), &[b'x'; 10_000], b"\r\n"].concat();
        let found = read(&long).0.unwrap();
        assert_eq!((found.code, found.whole), (554, true));
        assert!(found.text().len() <= KEPT);
    }

    #[test]
    fn a_reply_that_breaks_off_has_the_code_that_came() {
        assert_eq!(read(b"250").0, Some(reply(250, &[""], false)));
        assert_eq!(read(b"250-queued\r\n").0, Some(reply(250, &["queued"], false)));
        assert_eq!(read(b"250-queued\r\n25").0.map(|reply| (reply.code, reply.whole)), Some((250, false)));
        for none in [&b""[..], b"25", b"ok\r\n", b"2500 ok\r\n", b"HTTP/1.1 400\r\n", b"199 ok\r\n", b"600 x\r\n"] {
            assert_eq!(read(none).0, None, "{none:?}");
        }
    }

    #[test]
    fn a_dot_at_the_beginning_of_a_line_is_doubled() {
        assert_eq!(stuffed(b".a\r\nb.\r\n..\r\n"), b"..a\r\nb.\r\n...\r\n.\r\n");
        assert_eq!(stuffed(b"a"), b"a\r\n.\r\n");
    }
}
