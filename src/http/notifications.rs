//! `GET /notifications` and `POST /notifications/read`: what the caller was told, and that they have read it.

use std::sync::Arc;

use futures_util::Stream;
use serde::Serialize;
use warp::Buf;
use warp::reply::Response;

use super::operation::{Operation, operate};
use super::query::Query;
use super::reply::Refusal;
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
    let caller = state.caller(request, REQUIRES).await?;
    let (unread, ask) = query(&request.query)?;
    let found = state.store.scan(move |unit| inbox(unit, &caller, unread, ask)).await?;
    Ok(reply::success(request, "api.notifications", InboxView::new(&found, request.locale)))
}

/// Reads `unread`, `limit` and `cursor`.
fn query(query: &str) -> Result<(bool, PageRequest), Error> {
    let query = Query::read(query, &["unread", "limit", "cursor"])?;
    let wrong = |_| Error::invalid(Code::InvalidTicket, "unread", Message::new("validation.not_truth"));
    let unread = query.get("unread").map_or(Ok(false), str::parse).map_err(wrong)?;
    Ok((unread, PageRequest::parse(query.get("limit"), query.get("cursor"), ListName::Notifications, Sort::Created)?))
}

/// Marks the notifications that the body names as read.
pub(super) async fn read<B: Buf>(
    state: Arc<AppState>,
    request: Arc<RequestContext>,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Response {
    let operation = Operation {
        needs: REQUIRES,
        read: |body, _| ReadSelection::read(body),
        run: mark_read,
        say: |request, outcome| {
            let view = MarkedView { marked: outcome.marked, unread: outcome.unread };
            reply::success_text(request, "api.notifications_read", view)
        },
    };
    operate(&state, &request, body, operation).await
}
