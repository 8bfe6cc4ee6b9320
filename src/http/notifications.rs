//! `GET /notifications` and `POST /notifications/read`: the caller's inbox.

use std::sync::Arc;

use futures_util::Stream;
use http::StatusCode;
use serde::Serialize;
use warp::Buf;
use warp::reply::Response;

use super::operation::{PostHandler, handle_operation};
use super::query::Query;
use super::refusal::Refusal;
use super::request::RequestContext;
use super::{AppState, reply};
use crate::desk::notifications::{Inbox, REQUIRES, inbox, mark_read};
use crate::i18n::Locale;
use crate::model::inbox::ReadSelection;
use crate::model::pagination::{ListName, PageRequest, Sort};
use crate::model::{Code, Error, Message};
use crate::view::InboxItemView;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InboxView {
    notifications: Vec<InboxItemView>,
    next_cursor: Option<String>,
    unread: i64,
}

impl InboxView {
    fn new(inbox: &Inbox, locale: Locale) -> Self {
        let rows = inbox.page.rows.iter();
        Self {
            notifications: rows.map(|row| InboxItemView::new(row, locale.sentence(&row.message()))).collect(),
            next_cursor: inbox.page.next.map(|next| next.text(ListName::Notifications)),
            unread: inbox.unread,
        }
    }
}

#[derive(Serialize)]
struct MarkedView {
    marked: usize,
    unread: i64,
}

/// Lists the caller's notifications, newest first.
pub(super) async fn list(state: Arc<AppState>, request: Arc<RequestContext>) -> Response {
    handle(&state, &request).await.unwrap_or_else(|refusal| refusal.reply(&request))
}

async fn handle(state: &AppState, request: &RequestContext) -> Result<Response, Refusal> {
    let caller = state.authorize(request, REQUIRES).await?;
    let (unread, page) = parse_query(&request.query)?;
    let memory = state.response_memory.reserve().await;
    let found = state.store.scan(move |unit| inbox(unit, &caller, unread, page)).await?;
    let text = reply::success_body(request, "api.notifications", InboxView::new(&found, request.locale));
    Ok(reply::json_bytes(StatusCode::OK, memory.hold(text)))
}

/// Parses `unread`, `limit` and `cursor`.
fn parse_query(query: &str) -> Result<(bool, PageRequest), Error> {
    let query = Query::parse(query, &["unread", "limit", "cursor"])?;
    let invalid = |_| Error::invalid(Code::InvalidTicket, "unread", Message::new("validation.not_truth"));
    let unread = query.get("unread").map_or(Ok(false), str::parse).map_err(invalid)?;
    Ok((unread, PageRequest::parse(query.get("limit"), query.get("cursor"), ListName::Notifications, Sort::Created)?))
}

/// Marks the notifications selected by the body as read.
pub(super) async fn read<B: Buf>(
    state: Arc<AppState>,
    request: Arc<RequestContext>,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Response {
    let operation = PostHandler {
        permission: REQUIRES,
        parse: |body, _| ReadSelection::parse(body),
        run: mark_read,
        success_body: |request, outcome| {
            let view = MarkedView { marked: outcome.marked, unread: outcome.unread };
            reply::success_body(request, "api.notifications_read", view)
        },
    };
    handle_operation(&state, &request, body, operation).await
}
