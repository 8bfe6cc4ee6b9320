//! `GET /{ticketId}`.

use std::sync::Arc;

use http::header::{CACHE_CONTROL, ETAG};
use http::{HeaderValue, StatusCode};
use sha2::{Digest as _, Sha256};
use warp::reply::Response;

use super::query::Query;
use super::reply::{ROOM, Refusal};
use super::request::RequestContext;
use super::{AppState, reply};
use crate::desk::track::{REQUIRES, track as track_ticket};
use crate::model::{Code, Error, Message};
use crate::view::write_ticket;

/// A client may keep the answer, and asks each time whether it still stands.
const REVALIDATE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// Shows one ticket, unless the client has it as it is.
pub(super) async fn track(id: String, state: Arc<AppState>, request: Arc<RequestContext>) -> Response {
    handle(&id, &state, &request).await.unwrap_or_else(|refusal| refusal.reply(&request))
}

async fn handle(id: &str, state: &AppState, request: &RequestContext) -> Result<Response, Refusal> {
    let details = state.read(request, REQUIRES, |unit, caller| {
        let wrong = |_| Error::invalid(Code::InvalidTicket, "ticketId", Message::new("validation.not_id"));
        Query::none(&request.query)?;
        track_ticket(unit, caller, id.parse().map_err(wrong)?)
    });
    let details = details.await?;
    let (text, data) = reply::success_with(request, "api.tracked", ROOM, |text| write_ticket(text, &details));
    let tag = tag(&text[data], request);
    let mut response = if request.if_none_match.as_deref().is_some_and(|known| matches(known, &tag)) {
        reply::empty(StatusCode::NOT_MODIFIED)
    } else {
        reply::written(StatusCode::OK, text)
    };
    let headers = response.headers_mut();
    headers.insert(ETAG, HeaderValue::from_str(&tag).expect("a tag is hexadecimal digits in quotes"));
    headers.insert(CACHE_CONTROL, REVALIDATE);
    Ok(response)
}

/// A strong entity tag (RFC 9110, 8.8.3): a digest of the ticket as it is shown and the language it is said in.
fn tag(view: &[u8], request: &RequestContext) -> String {
    let mut digest = Sha256::new();
    digest.update(request.locale.name());
    digest.update(view);
    let digest: [u8; 32] = digest.finalize().into();
    let short = u128::from_be_bytes(digest[..16].try_into().expect("16 bytes of 32"));
    format!("\"{short:032x}\"")
}

/// Whether an `If-None-Match` (RFC 9110, 13.1.2) holds this tag; the comparison is the weak one.
fn matches(known: &str, tag: &str) -> bool {
    known.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_tag_is_found_in_any_form() {
        for known in ["\"a\"", "*", "W/\"a\"", "\"b\", \"a\"", "\"b\",W/\"a\""] {
            assert!(matches(known, "\"a\""), "{known}");
        }
        for known in ["", "a", "\"b\"", "\"aa\""] {
            assert!(!matches(known, "\"a\""), "{known}");
        }
    }
}
