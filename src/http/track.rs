//! `GET /{ticketId}`.

use std::sync::Arc;

use http::header::{CACHE_CONTROL, ETAG, VARY};
use http::{HeaderValue, StatusCode};
use sha2::{Digest as _, Sha256};
use warp::reply::Response;

use super::asked::Asked;
use super::reply::{Refusal, VARIES};
use super::{Desk, reply};
use crate::desk::track::track as track_ticket;
use crate::model::person::Permission;
use crate::model::view::TicketView;
use crate::model::{Code, Error, Message, TicketId};

/// Shows one ticket, unless the client has it as it is.
pub(super) async fn track(id: String, desk: Arc<Desk>, asked: Arc<Asked>) -> Response {
    look(&id, &desk, &asked).await.unwrap_or_else(|refusal| refusal.reply(&asked))
}

async fn look(id: &str, desk: &Desk, asked: &Asked) -> Result<Response, Refusal> {
    let (_, caller) = desk.caller(asked, Permission::Track).await?;
    let id: TicketId =
        id.parse().map_err(|_| Error::invalid(Code::InvalidTicket, "ticketId", Message::new("fault.not_id")))?;
    let shown = desk.store.read(|unit| track_ticket(unit, &caller, id))?;
    let view = TicketView::from(&shown);
    let tag = tag(&view, asked);
    let mut response = if asked.if_none_match.as_deref().is_some_and(|known| matches(known, &tag)) {
        let mut unchanged = Response::default();
        *unchanged.status_mut() = StatusCode::NOT_MODIFIED;
        unchanged
    } else {
        reply::success(asked, "api.tracked", view)
    };
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static(VARIES));
    headers.insert(ETAG, HeaderValue::from_str(&tag).expect("a tag is hexadecimal digits in quotes"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}

/// A strong entity tag (RFC 9110, 8.8.3): a digest of the ticket as it is shown and the language it is said in.
fn tag(view: &TicketView<'_>, asked: &Asked) -> String {
    let mut digest = Sha256::new();
    digest.update(asked.locale.name());
    digest.update(serde_json::to_vec(view).expect("a ticket's view has string keys and whole numbers"));
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
