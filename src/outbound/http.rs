//! The HTTP client: one request over a connection of its own, within limits. No redirect is followed, no proxy asked.

use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use ::http::header::{ACCEPT, CONNECTION, HOST, USER_AGENT};
use ::http::uri::PathAndQuery;
use ::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;

use super::dial::{AddressRule, Connection, ConnectionError, dial, secure};
use super::tls::{CertificateAuthorityError, connector};
use crate::model::delivery::DeliveryError;

/// The largest head of an answer, in bytes.
const MAX_HEAD: usize = 32 * 1024;
/// This program's name towards others.
const AGENT: &str = concat!("support/", env!("CARGO_PKG_VERSION"));

/// Time and size that an exchange may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until the connection stands, TLS included.
    pub connect: Duration,
    /// Until the whole answer is here.
    pub total: Duration,
    /// The most bytes of the answer's body.
    pub bytes: usize,
}

/// The host that a request goes to.
#[derive(Debug, Clone, Copy)]
pub struct Destination<'d> {
    /// TLS from the first byte.
    pub tls: bool,
    /// The host's name, or its address without brackets.
    pub host: &'d str,
    /// The port.
    pub port: u16,
    /// The value of the `Host` header.
    pub authority: &'d str,
    /// Addresses that the name may stand for.
    pub rule: AddressRule,
}

/// An answer. Its status is good however its body ended.
#[derive(Debug)]
pub struct HttpResponse {
    /// The status.
    pub status: u16,
    /// The headers; none where the head broke off behind the status.
    pub headers: HeaderMap,
    /// The body, as far as the limits let it.
    pub body: Vec<u8>,
    /// The end of the body.
    pub end: BodyEnd,
}

/// The end of an answer's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyEnd {
    /// All of it is here.
    Whole,
    /// It has more bytes than the limit.
    TooLarge,
    /// The answer broke off.
    BrokenOff,
    /// The time was over.
    TimedOut,
}

/// A document that could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// No answer came.
    #[error("no connection")]
    Unreachable(#[source] ConnectionError),
    /// The status is not 200.
    #[error("the answer was {0}")]
    Status(u16),
    /// The body is larger than it may be.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The body ended too early.
    #[error("the answer broke off")]
    BrokenOff,
    /// It took longer than it may.
    #[error("no whole answer within {} s", .0.as_secs())]
    TimedOut(Duration),
}

/// The client.
#[derive(Clone)]
pub struct Client {
    tls: TlsConnector,
}

impl Client {
    /// A client that trusts the system's certificate authorities and those of this file.
    ///
    /// # Errors
    /// [`CertificateAuthorityError`] where the file cannot be used.
    pub fn trusting(authorities: Option<&Path>) -> Result<Self, CertificateAuthorityError> {
        Ok(Self { tls: connector(authorities)? })
    }

    /// The connector that TLS is begun with.
    pub(super) const fn tls(&self) -> &TlsConnector {
        &self.tls
    }

    /// Fetches the JSON document at this address.
    ///
    /// # Errors
    /// [`FetchError`], also where the status is not 200: a redirect is not followed.
    pub async fn fetch(&self, address: &Uri, limits: &Limits) -> Result<Bytes, FetchError> {
        let tls = address.scheme_str() == Some("https");
        let (host, authority) = (address.host().unwrap_or_default(), address.authority().map_or("", |it| it.as_str()));
        let to = Destination {
            tls,
            host: host.trim_start_matches('[').trim_end_matches(']'),
            port: address.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            authority,
            rule: AddressRule::Any,
        };
        let path = address.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
        let mut request = Request::new(Full::default());
        *request.uri_mut() = path.into();
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        let answer = self.send(to, request, limits).await.map_err(|error| match error.reason {
            DeliveryError::TimedOut => FetchError::TimedOut(limits.total),
            _ => FetchError::Unreachable(error),
        })?;
        match answer.end {
            _ if answer.status != StatusCode::OK => Err(FetchError::Status(answer.status)),
            BodyEnd::Whole => Ok(answer.body.into()),
            BodyEnd::TooLarge => Err(FetchError::TooLarge(limits.bytes)),
            BodyEnd::BrokenOff => Err(FetchError::BrokenOff),
            BodyEnd::TimedOut => Err(FetchError::TimedOut(limits.total)),
        }
    }

    /// Sends a request whose target is a path, and reads the answer as far as the limits let it. `Host`, `User-Agent` and
    /// `Connection` are set here.
    ///
    /// # Errors
    /// [`ConnectionError`] where no status came.
    pub async fn send(
        &self,
        to: Destination<'_>,
        mut request: Request<Full<Bytes>>,
        limits: &Limits,
    ) -> Result<HttpResponse, ConnectionError> {
        let deadline = Instant::now() + limits.total;
        let broken = |error| ConnectionError::new(DeliveryError::Broken, error);
        let headers = request.headers_mut();
        headers.insert(HOST, HeaderValue::from_str(to.authority).map_err(|_| DeliveryError::Broken)?);
        headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        let dialled = timeout_at(deadline, timeout(limits.connect, self.dial(to))).await;
        let stream = dialled.ok().and_then(Result::ok).ok_or(DeliveryError::TimedOut)??;
        let (stream, status) = StatusTap::new(stream);
        // Ends with this exchange, however that ends: no connection outlives it.
        let mut connections = JoinSet::new();
        let exchange = async {
            let mut builder = http1::Builder::new();
            let (mut sender, connection) =
                builder.max_buf_size(MAX_HEAD).handshake(TokioIo::new(stream)).await.map_err(broken)?;
            connections.spawn(async move {
                let _ = connection.await;
            });
            sender.send_request(request).await.map_err(broken)
        };
        let (error, end) = match timeout_at(deadline, exchange).await {
            Ok(Ok(response)) => return Ok(read(response, limits.bytes, deadline).await),
            Ok(Err(error)) => (error, BodyEnd::BrokenOff),
            Err(_) => (DeliveryError::TimedOut.into(), BodyEnd::TimedOut),
        };
        match status.get() {
            Some(status) => Ok(HttpResponse { status, headers: HeaderMap::new(), body: Vec::new(), end }),
            None => Err(error),
        }
    }

    async fn dial(&self, to: Destination<'_>) -> Result<Box<dyn Connection>, ConnectionError> {
        let stream = dial(to.host, to.port, to.rule).await?;
        if to.tls { secure(stream, to.host, &self.tls).await } else { Ok(Box::new(stream)) }
    }
}

/// Reads an answer's body until it ends, is too large, or the time is over.
async fn read(response: Response<Incoming>, most: usize, deadline: Instant) -> HttpResponse {
    let (head, mut incoming) = response.into_parts();
    let mut body = Vec::new();
    let end = loop {
        match timeout_at(deadline, incoming.frame()).await {
            Ok(Some(Ok(frame))) => body.extend(frame.data_ref().into_iter().flatten()),
            Ok(None) => break BodyEnd::Whole,
            Ok(Some(Err(_))) => break BodyEnd::BrokenOff,
            Err(_) => break BodyEnd::TimedOut,
        }
        if body.len() > most {
            body.truncate(most);
            break BodyEnd::TooLarge;
        }
    };
    HttpResponse { status: head.status.as_u16(), headers: head.headers, body, end }
}

/// Bytes of a status line up to the sign behind its code: `HTTP/1.1 200 `.
const STATUS_LINE: usize = 13;

/// A stream that keeps the beginning of what it reads: the status decides, even where the rest of the head never comes or
/// cannot be read.
struct StatusTap<S> {
    stream: S,
    seen: StatusLine,
}

/// The beginning of an answer.
#[derive(Clone, Default)]
struct StatusLine(Arc<Mutex<Vec<u8>>>);

impl StatusLine {
    fn keep(&self, bytes: &[u8]) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = STATUS_LINE - seen.len();
        seen.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// The status of a final answer, where one came.
    fn get(&self) -> Option<u16> {
        status_of(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Reads `HTTP/1.x NNN` and the sign behind it.
fn status_of(line: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(line).ok().filter(|line| line.len() == STATUS_LINE)?;
    let code = line.strip_prefix("HTTP/1.1 ").or_else(|| line.strip_prefix("HTTP/1.0 "))?;
    let code = code.strip_suffix([' ', '\r', '\n'])?;
    code.parse().ok().filter(|status| (200..=999).contains(status))
}

impl<S> StatusTap<S> {
    fn new(stream: S) -> (Self, StatusLine) {
        let seen = StatusLine::default();
        (Self { stream, seen: seen.clone() }, seen)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for StatusTap<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        self.seen.keep(&buf.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for StatusTap<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_known_from_the_beginning_of_its_line() {
        for (line, status) in [
            (&b"HTTP/1.1 200 OK\r\n"[..13], Some(200)),
            (b"HTTP/1.0 503\r\n", Some(503)),
            (b"HTTP/1.1 410\n", Some(410)),
            (b"HTTP/1.1 200", None),
            (b"HTTP/1.1 100 ", None),
            (b"HTTP/1.1 2000", None),
            (b"HTTP/1.1 +20 ", None),
            (b"HTTP/2.0 200 ", None),
            (b"SSH-2.0-OpenS", None),
            (b"", None),
        ] {
            assert_eq!(status_of(&line[..line.len().min(STATUS_LINE)]), status, "{line:?}");
        }
    }

    #[test]
    fn only_the_beginning_is_kept() {
        let seen = StatusLine::default();
        for part in ["HT", "TP/1.1 2", "04 No Content\r\n", "more"] {
            seen.keep(part.as_bytes());
        }
        assert_eq!((seen.get(), seen.0.lock().unwrap().len()), (Some(204), STATUS_LINE));
    }
}
