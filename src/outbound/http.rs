//! HTTP client: one request on its own connection, with limits of time and size. Follows no redirects and uses no
//! proxy.

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

/// Maximum size of a response head in bytes.
const MAX_HEAD: usize = 32 * 1024;
/// Value of the `User-Agent` header.
const USER_AGENT_VALUE: &str = concat!("support/", env!("CARGO_PKG_VERSION"));

/// Limits of time and size of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Time limit for establishing the connection, TLS included.
    pub connect: Duration,
    /// Time limit for the complete exchange.
    pub total: Duration,
    /// Maximum size of the response body in bytes.
    pub bytes: usize,
}

/// Host to which a request is sent.
#[derive(Debug, Clone, Copy)]
pub struct Destination<'d> {
    /// True if the connection uses TLS.
    pub tls: bool,
    /// Host name, or IP address without brackets.
    pub host: &'d str,
    pub port: u16,
    /// Value of the `Host` header.
    pub authority: &'d str,
    /// SSRF rule for the addresses of the host.
    pub rule: AddressRule,
}

/// Response. The status is valid even if the body is incomplete.
#[derive(Debug)]
pub struct HttpResponse {
    pub status: u16,
    /// Headers; empty if the connection failed after the status line.
    pub headers: HeaderMap,
    /// Body, truncated to the limits.
    pub body: Vec<u8>,
    /// Reason why reading the body ended.
    pub end: BodyEnd,
}

/// Reason why reading a response body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyEnd {
    Complete,
    TooLarge,
    Incomplete,
    TimedOut,
}

/// Error of fetching a document.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("no connection")]
    Unreachable(#[source] ConnectionError),
    #[error("the response status was {0}")]
    Status(u16),
    #[error("the response is larger than {0} bytes")]
    TooLarge(usize),
    /// Connection failed before the body was complete.
    #[error("the response is incomplete")]
    Incomplete,
    #[error("no complete response within {} s", .0.as_secs())]
    TimedOut(Duration),
}

/// HTTP client.
#[derive(Clone)]
pub struct Client {
    tls: TlsConnector,
}

impl Client {
    /// Creates a client that trusts the system's certificate authorities and those in this file.
    ///
    /// # Errors
    /// [`CertificateAuthorityError`] if the file cannot be used.
    pub fn with_authorities(authorities: Option<&Path>) -> Result<Self, CertificateAuthorityError> {
        Ok(Self { tls: connector(authorities)? })
    }

    /// Returns the TLS connector of the client.
    pub(super) const fn tls(&self) -> &TlsConnector {
        &self.tls
    }

    /// Fetches the JSON document at this address.
    ///
    /// # Errors
    /// [`FetchError`], also for a status other than 200; redirects are not followed.
    pub async fn fetch(&self, address: &Uri, limits: &Limits) -> Result<Bytes, FetchError> {
        let tls = address.scheme_str() == Some("https");
        let (host, authority) = (address.host().unwrap_or_default(), address.authority().map_or("", |it| it.as_str()));
        let destination = Destination {
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
        let answer = self.send(destination, request, limits).await.map_err(|error| match error.reason {
            DeliveryError::TimedOut => FetchError::TimedOut(limits.total),
            _ => FetchError::Unreachable(error),
        })?;
        match answer.end {
            _ if answer.status != StatusCode::OK => Err(FetchError::Status(answer.status)),
            BodyEnd::Complete => Ok(answer.body.into()),
            BodyEnd::TooLarge => Err(FetchError::TooLarge(limits.bytes)),
            BodyEnd::Incomplete => Err(FetchError::Incomplete),
            BodyEnd::TimedOut => Err(FetchError::TimedOut(limits.total)),
        }
    }

    /// Sends a request whose target is a path, and reads the response within the limits. Sets `Host`, `User-Agent` and
    /// `Connection`.
    ///
    /// # Errors
    /// [`ConnectionError`] if no status arrived.
    pub async fn send(
        &self,
        destination: Destination<'_>,
        mut request: Request<Full<Bytes>>,
        limits: &Limits,
    ) -> Result<HttpResponse, ConnectionError> {
        let deadline = Instant::now() + limits.total;
        let failed = |error| ConnectionError::new(DeliveryError::Broken, error);
        let headers = request.headers_mut();
        headers.insert(HOST, HeaderValue::from_str(destination.authority).map_err(|_| DeliveryError::Broken)?);
        headers.insert(USER_AGENT, HeaderValue::from_static(USER_AGENT_VALUE));
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        let connected = timeout_at(deadline, timeout(limits.connect, self.dial(destination))).await;
        let stream = connected.ok().and_then(Result::ok).ok_or(DeliveryError::TimedOut)??;
        let (stream, status) = StatusTap::new(stream);
        // Aborts the connection when the exchange ends, for whatever reason.
        let mut connections = JoinSet::new();
        let exchange = async {
            let mut builder = http1::Builder::new();
            let (mut sender, connection) =
                builder.max_buf_size(MAX_HEAD).handshake(TokioIo::new(stream)).await.map_err(failed)?;
            connections.spawn(async move {
                let _ = connection.await;
            });
            sender.send_request(request).await.map_err(failed)
        };
        let (error, end) = match timeout_at(deadline, exchange).await {
            Ok(Ok(response)) => return Ok(read(response, limits.bytes, deadline).await),
            Ok(Err(error)) => (error, BodyEnd::Incomplete),
            Err(_) => (DeliveryError::TimedOut.into(), BodyEnd::TimedOut),
        };
        match status.get() {
            Some(status) => Ok(HttpResponse { status, headers: HeaderMap::new(), body: Vec::new(), end }),
            None => Err(error),
        }
    }

    async fn dial(&self, destination: Destination<'_>) -> Result<Box<dyn Connection>, ConnectionError> {
        let stream = dial(destination.host, destination.port, destination.rule).await?;
        if destination.tls { secure(stream, destination.host, &self.tls).await } else { Ok(Box::new(stream)) }
    }
}

/// Reads a response body until it ends, exceeds the limit, or the deadline passes.
async fn read(response: Response<Incoming>, limit: usize, deadline: Instant) -> HttpResponse {
    let (head, mut incoming) = response.into_parts();
    let mut body = Vec::new();
    let end = loop {
        match timeout_at(deadline, incoming.frame()).await {
            Ok(Some(Ok(frame))) => body.extend(frame.data_ref().into_iter().flatten()),
            Ok(None) => break BodyEnd::Complete,
            Ok(Some(Err(_))) => break BodyEnd::Incomplete,
            Err(_) => break BodyEnd::TimedOut,
        }
        if body.len() > limit {
            body.truncate(limit);
            break BodyEnd::TooLarge;
        }
    };
    HttpResponse { status: head.status.as_u16(), headers: head.headers, body, end }
}

/// Length in bytes of a status line up to the character after its code: `HTTP/1.1 200 `.
const STATUS_LINE_LENGTH: usize = 13;

/// Stream that records the status line of the response, so that the status is known even if the rest of the head is
/// missing or malformed.
struct StatusTap<S> {
    stream: S,
    seen: StatusLine,
}

/// First bytes of a response.
#[derive(Clone, Default)]
struct StatusLine(Arc<Mutex<Vec<u8>>>);

impl StatusLine {
    fn record(&self, bytes: &[u8]) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let remaining = STATUS_LINE_LENGTH - seen.len();
        seen.extend_from_slice(&bytes[..bytes.len().min(remaining)]);
    }

    /// Returns the status if the line is complete and not 1xx.
    fn get(&self) -> Option<u16> {
        parse_status(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Parses `HTTP/1.x NNN` and the character after it.
fn parse_status(line: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(line).ok().filter(|line| line.len() == STATUS_LINE_LENGTH)?;
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
        self.seen.record(&buf.filled()[before..]);
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
    fn a_status_line_is_parsed_up_to_the_character_after_its_code() {
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
            assert_eq!(parse_status(&line[..line.len().min(STATUS_LINE_LENGTH)]), status, "{line:?}");
        }
    }

    #[test]
    fn only_the_status_line_is_recorded() {
        let seen = StatusLine::default();
        for part in ["HT", "TP/1.1 2", "04 No Content\r\n", "more"] {
            seen.record(part.as_bytes());
        }
        assert_eq!((seen.get(), seen.0.lock().unwrap().len()), (Some(204), STATUS_LINE_LENGTH));
    }
}
