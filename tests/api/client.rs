//! Minimal HTTP/1.1 client that sends exact bytes and returns the exact response, one connection per request.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use socket2::{Domain, Socket, Type};

/// Maximum time to wait for a response.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(40);

/// Request that is not sent yet.
#[derive(Clone)]
pub(crate) struct Request {
    address: SocketAddr,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    chunked: bool,
}

impl Request {
    pub(crate) fn new(address: SocketAddr, method: &str, target: &str) -> Self {
        let (method, target) = (method.to_owned(), target.to_owned());
        Self { address, method, target, headers: Vec::new(), body: None, chunked: false }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    /// Sets the body without a content type.
    pub(crate) fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = Some(body.as_ref().to_vec());
        self
    }

    /// Sets the body with the content type of JSON.
    pub(crate) fn raw_json(self, body: impl AsRef<[u8]>) -> Self {
        self.header("Content-Type", "application/json").body(body)
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.raw_json(body.to_string())
    }

    /// Sends the body in chunks, without a content length.
    pub(crate) fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    pub(crate) fn send(self) -> Response {
        self.send_except(0).finish()
    }

    /// Sends the request to a server that may be killed meanwhile; `None` without a complete response.
    pub(crate) fn try_send(&self) -> Option<Response> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        stream.write_all(&self.bytes()).ok()?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).ok()?;
        Response::parse(&bytes, false)
    }

    /// Sends all but the last bytes of the request.
    pub(crate) fn send_except(self, last: usize) -> InFlight {
        let bytes = self.bytes();
        let (now, later) = bytes.split_at(bytes.len() - last);
        let mut stream = connect(self.address);
        // A server that refuses early may close before it has read everything; its response can still be read.
        let _ = stream.write_all(now);
        InFlight { stream, later: later.to_vec(), head_only: self.method == "HEAD" }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\nHost: {}\r\n", self.method, self.target, self.address);
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let length = self.body.as_ref().map(Vec::len).or((self.method == "POST").then_some(0));
        match length {
            Some(_) if self.chunked => head.push_str("Transfer-Encoding: chunked\r\n"),
            Some(length) => {
                let _ = write!(head, "Content-Length: {length}\r\n");
            }
            None => {}
        }
        head.push_str("Connection: close\r\n\r\n");
        let mut bytes = head.into_bytes();
        let body = self.body.as_deref().unwrap_or_default();
        if self.chunked {
            for chunk in body.chunks(1000) {
                bytes.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
                bytes.extend(chunk);
                bytes.extend(b"\r\n");
            }
            bytes.extend(b"0\r\n\r\n");
        } else {
            bytes.extend(body);
        }
        bytes
    }
}

/// Request that is sent in part.
pub(crate) struct InFlight {
    stream: TcpStream,
    later: Vec<u8>,
    head_only: bool,
}

impl InFlight {
    /// Returns the connection, to read the response incrementally.
    pub(crate) fn into_socket(self) -> TcpStream {
        self.stream
    }

    pub(crate) fn finish(mut self) -> Response {
        let _ = self.stream.write_all(&self.later);
        read(&mut self.stream, self.head_only)
    }

    /// Reads the response without sending the rest.
    pub(crate) fn read_early_response(mut self) -> Response {
        read(&mut self.stream, self.head_only)
    }
}

/// Sends raw bytes and reads until the server closes.
pub(crate) fn send_bytes(address: SocketAddr, bytes: impl AsRef<[u8]>) -> Response {
    let mut stream = connect(address);
    let _ = stream.write_all(bytes.as_ref());
    read(&mut stream, false)
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("the server takes connections");
    stream.set_read_timeout(Some(RESPONSE_TIMEOUT)).unwrap();
    stream.set_write_timeout(Some(RESPONSE_TIMEOUT)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Connects from this address of the machine.
pub(crate) fn connect_from(address: Ipv4Addr, server: SocketAddr) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from((address, 0)).into()).unwrap();
    socket.connect(&server.into()).unwrap();
    let stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(RESPONSE_TIMEOUT)).unwrap();
    stream
}

/// Sends raw bytes and reads until the server closes; `None` without a complete response.
pub(crate) fn exchange(mut stream: TcpStream, bytes: impl AsRef<[u8]>) -> Option<Response> {
    let _ = stream.write_all(bytes.as_ref());
    let mut received = Vec::new();
    let _ = stream.read_to_end(&mut received);
    Response::parse(&received, false)
}

fn read(stream: &mut TcpStream, head_only: bool) -> Response {
    let mut bytes = Vec::new();
    // A reset after the response ends it, as a close does.
    let ended = stream.read_to_end(&mut bytes);
    Response::parse(&bytes, head_only).unwrap_or_else(|| {
        panic!("no whole answer came: {ended:?}, {:?}", String::from_utf8_lossy(&bytes));
    })
}

/// Received response.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// Parses a response; `None` if its head is incomplete or its body does not match the content length.
    fn parse(bytes: &[u8], head_only: bool) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
        let body = bytes[end + 4..].to_vec();
        let mut lines = head.split("\r\n");
        let status = lines.next()?.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
        let headers: Vec<_> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let answer = Self { status, headers, body };
        let bodiless = head_only || status == 304;
        let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
        let whole = if bodiless { 0 } else { length };
        (answer.body.len() == whole).then_some(answer)
    }

    /// Returns the header of this name, which must not be repeated.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} is there twice: {:?}", self.headers);
        value
    }

    #[track_caller]
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("an answer is UTF-8")
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// Returns the `data` of a success.
    #[track_caller]
    pub(crate) fn data(&self) -> Value {
        self.assert_ok().json()["data"].take()
    }

    #[track_caller]
    pub(crate) fn message(&self) -> String {
        self.json()["message"].as_str().unwrap_or_else(|| panic!("a message: {self}")).to_owned()
    }

    #[track_caller]
    pub(crate) fn assert_status(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// Asserts a success in the envelope of the contract.
    #[track_caller]
    pub(crate) fn assert_ok(&self) -> &Self {
        self.assert_status(200).assert_json().assert_common_headers();
        assert_eq!(self.members(), ["status", "message", "data"], "{self}");
        assert_eq!(self.json()["status"], "success", "{self}");
        assert!(!self.message().is_empty(), "{self}");
        self
    }

    /// Asserts an error in the envelope of the contract.
    #[track_caller]
    pub(crate) fn assert_refused(&self, status: u16, code: &str) -> &Self {
        self.assert_status(status).assert_json().assert_common_headers();
        assert_eq!(self.members(), ["status", "code", "message", "details", "requestId"], "{self}");
        let body = self.json();
        assert_eq!(body["status"], "error", "{self}");
        assert_eq!(body["code"], code, "{self}");
        assert!(!self.message().is_empty() && !self.message().contains("%{"), "{self}");
        assert_eq!(body["requestId"].as_str(), self.header("x-request-id"), "{self}");
        for detail in body["details"].as_array().expect("details is a list") {
            assert_eq!(detail.as_object().map(serde_json::Map::len), Some(2), "{self}");
            let word = ["field", "reason"].iter().filter_map(|member| detail[member].as_str());
            assert_eq!(word.filter(|word| !word.is_empty()).count(), 1, "{self}");
            assert!(detail["message"].as_str().is_some_and(|message| !message.is_empty()), "{self}");
        }
        self
    }

    /// Asserts that the error names exactly these fields.
    #[track_caller]
    pub(crate) fn assert_fields(&self, fields: &[&str]) -> &Self {
        let expected: BTreeSet<String> = fields.iter().map(|&field| field.to_owned()).collect();
        assert_eq!(self.error_fields(), expected, "{self}");
        self
    }

    /// Returns the fields named by the error.
    #[track_caller]
    pub(crate) fn error_fields(&self) -> BTreeSet<String> {
        let body = self.json();
        let details = body["details"].as_array().unwrap_or_else(|| panic!("details is a list: {self}"));
        details.iter().filter_map(|detail| detail["field"].as_str().map(str::to_owned)).collect()
    }

    /// Asserts the reason of the error, beside its code.
    #[track_caller]
    pub(crate) fn assert_reason(&self, reason: &str) -> &Self {
        let details = self.json()["details"].take();
        assert_eq!(details.as_array().map(Vec::len), Some(1), "{self}");
        assert_eq!(details[0]["reason"], reason, "{self}");
        self
    }

    /// Asserts the headers that every response carries.
    #[track_caller]
    pub(crate) fn assert_common_headers(&self) -> &Self {
        let id = self.header("x-request-id").unwrap_or_else(|| panic!("no X-Request-Id: {self}"));
        let fits = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '_' | '-');
        assert!((1..=128).contains(&id.len()) && id.chars().all(fits), "{self}");
        let language = self.header("content-language").unwrap_or_else(|| panic!("no Content-Language: {self}"));
        assert!(!language.is_empty(), "{self}");
        self
    }

    #[track_caller]
    fn assert_json(&self) -> &Self {
        let kind = self.header("content-type").unwrap_or_default();
        assert_eq!(kind.split(';').next(), Some("application/json"), "{self}");
        self
    }

    /// Returns the member names of the body in order.
    #[track_caller]
    fn members(&self) -> Vec<String> {
        let Members(names) = serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self}"));
        names
    }
}

impl std::fmt::Display for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?} {}", self.status, self.headers, String::from_utf8_lossy(&self.body))
    }
}

/// Member names of an object, in the order of the text.
struct Members(Vec<String>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Members, A::Error> {
                let mut names = Vec::new();
                while let Some((name, IgnoredAny)) = members.next_entry()? {
                    names.push(name);
                }
                Ok(Members(names))
            }
        }
        deserializer.deserialize_map(Names)
    }
}
