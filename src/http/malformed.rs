//! Responses to request heads that hyper rejects: the envelope if there is a request line, else a bare 400.

use std::time::{Duration, Instant, UNIX_EPOCH};

use http::header::CONNECTION;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, Request};
use http_body_util::{BodyExt, Collected};
use warp::reply::Response;

use super::limits::{MAX_HEADERS, MAX_TARGET};
use super::middleware::{self, Connection};
use super::refusal::Refusal;
use crate::system;

/// Response to bytes that are not HTTP.
const BARE_BAD_REQUEST: &[u8] = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/// Returns the serialized response to a rejected head. `too_large` is true if hyper's buffer was full.
pub(super) async fn respond(head: &[u8], too_large: bool, connection: &Connection) -> Vec<u8> {
    let started = Instant::now();
    let Some((parts, target_length)) = parse_head(head) else { return BARE_BAD_REQUEST.to_vec() };
    let request = connection.request_context(&parts);
    let refusal = if target_length > MAX_TARGET {
        Refusal::UriTooLong
    } else if too_large {
        Refusal::Headers
    } else {
        Refusal::Malformed
    };
    let mut response = refusal.reply(&request);
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    middleware::finish(&request, &mut response, started, connection.counts.as_deref());
    serialize(response, &parts.method).await
}

/// Parses as much of a head as possible, and returns the length of its target too; `None` without a request line.
fn parse_head(head: &[u8]) -> Option<(Parts, usize)> {
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    let mut words = lines.next()?.split(|byte| *byte == b' ');
    let method = Method::from_bytes(words.next()?).ok()?;
    let target = words.next().filter(|target| !target.is_empty())?;
    let is_complete = words.next().is_some_and(|version| version.starts_with(b"HTTP/")) && words.next().is_none();
    if !is_complete && target.len() <= MAX_TARGET {
        return None;
    }
    let (mut parts, ()) = Request::new(()).into_parts();
    parts.method = method;
    for line in lines.take_while(|line| !line.is_empty()).take(MAX_HEADERS) {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let value = line[colon + 1..].trim_ascii();
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(&line[..colon]), HeaderValue::from_bytes(value)) {
            parts.headers.append(name, value);
        }
    }
    Some((parts, target.len()))
}

/// Serializes a response whose body is complete.
async fn serialize(response: Response, method: &Method) -> Vec<u8> {
    let (head, body) = response.into_parts();
    let body = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    let reason = head.status.canonical_reason().unwrap_or_default();
    let seconds = u64::try_from(system::now().second()).unwrap_or_default();
    let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
    let length = body.len();
    let mut bytes =
        format!("HTTP/1.1 {} {reason}\r\ndate: {date}\r\ncontent-length: {length}\r\n", head.status.as_u16())
            .into_bytes();
    for (name, value) in &head.headers {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend_from_slice(b"\r\n");
    if method != Method::HEAD {
        bytes.extend_from_slice(&body);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_line_is_distinguished_from_other_protocols() {
        for line in ["GET / HTTP/9.9\r\n", "POST /x HTTP/1.1\r\nHost", "PRI * HTTP/2.0\r\n\r\n", "GET a:80 HTTP/1.1"] {
            assert!(parse_head(line.as_bytes()).is_some(), "{line:?}");
        }
        for line in ["", "GET", "GET\r\n\r\n", "\x16\x03\x01 a HTTP/", "hello over there\r\n", "GET  / HTTP/1.1", "{}"]
        {
            assert!(parse_head(line.as_bytes()).is_none(), "{line:?}");
        }
        assert!(parse_head(format!("GET /{}", "x".repeat(MAX_TARGET)).as_bytes()).is_some());
    }
}
