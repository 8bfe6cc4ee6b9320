//! `GET /{ticketId}`.

use std::sync::Arc;

use http::header::{CACHE_CONTROL, ETAG};
use http::{HeaderValue, StatusCode};
use sha2::{Digest as _, Sha256};
use warp::reply::Response;

use super::query::Query;
use super::refusal::Refusal;
use super::reply::BODY_CAPACITY;
use super::request::RequestContext;
use super::{AppState, reply};
use crate::desk::track::{REQUIRES, track as track_ticket};
use crate::model::{Code, Error, Message};
use crate::view::write_ticket;

/// Value of `Cache-Control`: only the client may cache the response, and revalidates it at each use.
const REVALIDATE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// Returns one ticket, or 304 if the client has the current version.
pub(super) async fn track(id: String, state: Arc<AppState>, request: Arc<RequestContext>) -> Response {
    handle(&id, &state, &request).await.unwrap_or_else(|refusal| refusal.reply(&request))
}

async fn handle(id: &str, state: &AppState, request: &RequestContext) -> Result<Response, Refusal> {
    let details = state.read_authorized(request, REQUIRES, |unit, caller| {
        let invalid = |_| Error::invalid(Code::InvalidTicket, "ticketId", Message::new("validation.not_id"));
        Query::expect_none(&request.query)?;
        track_ticket(unit, caller, id.parse().map_err(invalid)?)
    });
    let details = details.await?;
    let (text, data) = reply::write_success(request, "api.tracked", BODY_CAPACITY, |text| write_ticket(text, &details));
    let tag = entity_tag(&text[data], request);
    let mut response = if request.if_none_match.as_deref().is_some_and(|known| matches(known, &tag)) {
        reply::empty(StatusCode::NOT_MODIFIED)
    } else {
        reply::json_bytes(StatusCode::OK, text)
    };
    let headers = response.headers_mut();
    headers.insert(ETAG, HeaderValue::from_str(&tag).expect("a tag is hexadecimal digits in quotes"));
    headers.insert(CACHE_CONTROL, REVALIDATE);
    Ok(response)
}

/// Returns a strong entity tag (RFC 9110, 8.8.3): a digest of the ticket's JSON and the language.
fn entity_tag(view: &[u8], request: &RequestContext) -> String {
    let mut digest = Sha256::new();
    digest.update(request.locale.name());
    digest.update(view);
    let digest: [u8; 32] = digest.finalize().into();
    let prefix = u128::from_be_bytes(digest[..16].try_into().expect("16 bytes of 32"));
    format!("\"{prefix:032x}\"")
}

/// Returns true if an `If-None-Match` header matches this tag by weak comparison (RFC 9110, 13.1.2).
fn matches(known: &str, tag: &str) -> bool {
    known.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_none_match_accepts_strong_weak_listed_and_wildcard_tags() {
        for known in ["\"a\"", "*", "W/\"a\"", "\"b\", \"a\"", "\"b\",W/\"a\""] {
            assert!(matches(known, "\"a\""), "{known}");
        }
        for known in ["", "a", "\"b\"", "\"aa\""] {
            assert!(!matches(known, "\"a\""), "{known}");
        }
    }
}
