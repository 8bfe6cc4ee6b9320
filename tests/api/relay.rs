//! SMTP relay on loopback: stores every mail, and replies by a script.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::{ServerConnection, StreamOwned};

use crate::receiver::tls_config;
use crate::world::eventually;

/// Received mail.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    /// Credentials of the client: `\0user\0password`.
    pub(crate) login: Option<String>,
    /// True if received over TLS.
    pub(crate) secret: bool,
    text: String,
}

impl Mail {
    /// Returns a header of the mail, unfolded, with decoded words.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> String {
        let all = headers(&self.text);
        let mut found = all.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let (_, value) = found.next().unwrap_or_else(|| panic!("no {name}: {}", self.text));
        assert!(found.next().is_none(), "{name} is there twice: {}", self.text);
        decode_words(value)
    }

    /// Returns the content type and text of each part.
    pub(crate) fn parts(&self) -> Vec<(String, String)> {
        let kind = self.header("Content-Type");
        let boundary = kind.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap();
        let mark = format!("--{boundary}");
        let parts = self.text.split(mark.as_str()).skip(1).filter(|part| !part.starts_with("--"));
        parts.map(|part| decode_part(part.trim_start_matches("\r\n"))).collect()
    }

    /// Returns the text of the part of this type.
    #[track_caller]
    pub(crate) fn part(&self, kind: &str) -> String {
        self.parts().into_iter().find(|(known, _)| known.starts_with(kind)).expect(kind).1
    }
}

fn headers(text: &str) -> Vec<(String, String)> {
    let head = text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
    head.split("\r\n").filter_map(|line| line.split_once(": ")).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
}

/// Decodes the encoded words of a header (RFC 2047, base64 only).
fn decode_words(value: &str) -> String {
    let value = value.replace("?= =?utf-8?b?", "");
    let Some((before, rest)) = value.split_once("=?utf-8?b?") else { return value };
    let (word, after) = rest.split_once("?=").unwrap();
    format!("{before}{}{}", String::from_utf8(STANDARD.decode(word).unwrap()).unwrap(), decode_words(after))
}

/// Returns a part's content type and its text.
fn decode_part(part: &str) -> (String, String) {
    let (_, body) = part.split_once("\r\n\r\n").unwrap();
    let of = |name: &str| headers(part).into_iter().find(|(known, _)| known == name).map_or(String::new(), |(_, v)| v);
    let bytes = match of("Content-Transfer-Encoding").as_str() {
        "base64" => STANDARD.decode(body.replace("\r\n", "")).unwrap(),
        "quoted-printable" => decode_quoted_printable(&body.replace("=\r\n", "")),
        _ => body.as_bytes().to_vec(),
    };
    (of("Content-Type"), String::from_utf8(bytes).unwrap())
}

fn decode_quoted_printable(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'=' {
            let hex = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    bytes
}

/// Action of the relay on a mail.
#[derive(Clone, Copy)]
pub(crate) enum RelayAction {
    /// Accepts the mail.
    Accept,
    /// Rejects the recipient with this code.
    RejectRecipient(u16),
    /// Receives the data, and replies with this code.
    RejectData(u16),
    /// Receives the data, replies with these bytes, and closes.
    ReplyAndClose(&'static [u8]),
    /// Receives the data, and closes without a reply.
    Close,
    /// Does not reply to the recipient for a minute.
    Stall,
}

/// TLS mode of the relay.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tls {
    Never,
    Offered,
    Always,
}

const GREETING: &[u8] = b"220 relay.example.com ESMTP\r\n";

type Script = dyn Fn(usize, &str) -> RelayAction + Send + Sync;

/// Relay that runs until the test ends.
pub(crate) struct Relay {
    pub(crate) address: SocketAddr,
    mails: Arc<Mutex<Vec<Mail>>>,
    recipients: Arc<Mutex<Vec<String>>>,
}

impl Relay {
    /// Starts a relay that accepts everything.
    pub(crate) fn start() -> Self {
        Self::with_script(|_, _| RelayAction::Accept)
    }

    /// Starts a relay with a script; its arguments are the index of the attempt, from 0, and the recipient.
    pub(crate) fn with_script(script: impl Fn(usize, &str) -> RelayAction + Send + Sync + 'static) -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), script)
    }

    /// Starts a relay with a script at this address.
    pub(crate) fn at(address: SocketAddr, script: impl Fn(usize, &str) -> RelayAction + Send + Sync + 'static) -> Self {
        Self::open(address, Tls::Never, script)
    }

    /// Starts a relay with STARTTLS that accepts everything.
    pub(crate) fn with_tls() -> Self {
        Self::open("127.0.0.1:0".parse().unwrap(), Tls::Offered, |_, _| RelayAction::Accept)
    }

    /// Starts a relay with implicit TLS that accepts everything.
    pub(crate) fn start_tls() -> Self {
        Self::open("127.0.0.1:0".parse().unwrap(), Tls::Always, |_, _| RelayAction::Accept)
    }

    fn open(
        address: SocketAddr,
        tls: Tls,
        script: impl Fn(usize, &str) -> RelayAction + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let relay = Self { address, mails: Arc::default(), recipients: Arc::default() };
        let (mails, recipients) = (Arc::clone(&relay.mails), Arc::clone(&relay.recipients));
        let script: Arc<Script> = Arc::new(script);
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let session = Session {
                    mails: Arc::clone(&mails),
                    recipients: Arc::clone(&recipients),
                    script: Arc::clone(&script),
                };
                thread::spawn(move || {
                    if tls != Tls::Always {
                        stream.write_all(GREETING).ok()?;
                        if !session.serve(&mut stream, tls == Tls::Offered, false)? {
                            return Some(());
                        }
                    }
                    let mut stream = StreamOwned::new(ServerConnection::new(tls_config()).unwrap(), stream);
                    if tls == Tls::Always {
                        stream.write_all(GREETING).ok()?;
                        stream.flush().ok()?;
                    }
                    session.serve(&mut stream, false, true).map(drop)
                });
            }
        });
        relay
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Returns the accepted mails.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    /// Returns the recipient of each attempt, whether it succeeded or not.
    pub(crate) fn recipients(&self) -> Vec<String> {
        self.recipients.lock().unwrap().clone()
    }

    /// Waits for this number of mails.
    #[track_caller]
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Mail> {
        eventually(Duration::from_secs(20), || {
            let mails = self.mails();
            (mails.len() >= count).then_some(mails)
        })
    }
}

/// State shared by the connections of a relay.
struct Session {
    mails: Arc<Mutex<Vec<Mail>>>,
    recipients: Arc<Mutex<Vec<String>>>,
    script: Arc<Script>,
}

impl Session {
    /// Serves commands until either side closes; returns true at STARTTLS.
    fn serve(&self, stream: &mut (impl Read + Write), offers_tls: bool, secret: bool) -> Option<bool> {
        let (mut login, mut from, mut to) = (None, String::new(), Vec::new());
        let mut answer = RelayAction::Accept;
        loop {
            let line = read_line(stream)?;
            let command = line.to_ascii_uppercase();
            let address = || line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).unwrap().0.to_owned();
            let reply = match command.as_str() {
                "STARTTLS" if offers_tls => {
                    stream.write_all(b"220 go ahead\r\n").ok()?;
                    return Some(true);
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").ok()?;
                    let text = read_data(stream)?;
                    match answer {
                        RelayAction::RejectData(code) => format!("{code} not now"),
                        RelayAction::Close => return Some(false),
                        _ => {
                            let (from, to, login) = (from.clone(), std::mem::take(&mut to), login.clone());
                            self.mails.lock().unwrap().push(Mail { from, to, login, secret, text });
                            if let RelayAction::ReplyAndClose(bytes) = answer {
                                stream.write_all(bytes).ok()?;
                                return Some(false);
                            }
                            "250 taken".to_owned()
                        }
                    }
                }
                "QUIT" => {
                    stream.write_all(b"221 bye\r\n").ok()?;
                    return Some(false);
                }
                _ if command.starts_with("EHLO ") => {
                    let tls = if offers_tls { "250-STARTTLS\r\n" } else { "" };
                    format!("250-relay.example.com\r\n{tls}250-AUTH PLAIN\r\n250 SIZE 1000000")
                }
                _ if command.starts_with("AUTH PLAIN ") => {
                    login = Some(String::from_utf8(STANDARD.decode(&line[11..]).unwrap()).unwrap());
                    if login.as_deref().is_some_and(|login| login.ends_with("wrong")) {
                        "535 who are you".to_owned()
                    } else {
                        "235 welcome".to_owned()
                    }
                }
                _ if command.starts_with("MAIL FROM:") => {
                    (from, to) = (address(), Vec::new());
                    "250 ok".to_owned()
                }
                _ if command.starts_with("RCPT TO:") => {
                    let number = {
                        let mut recipients = self.recipients.lock().unwrap();
                        recipients.push(address());
                        recipients.len() - 1
                    };
                    answer = (self.script)(number, &address());
                    match answer {
                        RelayAction::RejectRecipient(code) => format!("{code} not this one\x1b[2J"),
                        RelayAction::Stall => {
                            thread::sleep(Duration::from_mins(1));
                            return None;
                        }
                        _ => {
                            to.push(address());
                            "250 ok".to_owned()
                        }
                    }
                }
                _ => "250 ok".to_owned(),
            };
            stream.write_all(format!("{reply}\r\n").as_bytes()).ok()?;
            stream.flush().ok()?;
        }
    }
}

/// Reads a line byte by byte, so that no byte after it is consumed.
fn read_line(stream: &mut impl Read) -> Option<String> {
    let mut bytes = Vec::new();
    BufReader::with_capacity(1, stream).read_until(b'\n', &mut bytes).ok()?;
    let line = String::from_utf8(bytes).ok()?;
    line.strip_suffix("\r\n").map(str::to_owned)
}

fn read_data(stream: &mut impl Read) -> Option<String> {
    let mut text = String::new();
    let mut reader = BufReader::with_capacity(1, stream);
    while !text.ends_with("\r\n.\r\n") {
        if reader.read_line(&mut text).ok()? == 0 {
            return None;
        }
    }
    text.truncate(text.len() - 3);
    Some(text.replace("\r\n..", "\r\n."))
}
