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
use crate::model::inbox::{Marking, ReceivedView};
use crate::model::page::{Ask, ListName, Sort};
use crate::model::{Code, Error, Message};
use crate::text::Locale;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InboxView {
    notifications: Vec<ReceivedView>,
    next_cursor: Option<String>,
    unread: i64,
}

impl InboxView {
    fn new(inbox: &Inbox, locale: Locale) -> Self {
        let rows = inbox.page.rows.iter();
        Self {
            notifications: rows.map(|row| ReceivedView::new(row, locale.sentence(&row.message()))).collect(),
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
pub(super) async fn list(desk: Arc<AppState>, asked: Arc<RequestContext>) -> Response {
    look(&desk, &asked).await.unwrap_or_else(|refusal| refusal.reply(&asked))
}

async fn look(desk: &AppState, asked: &RequestContext) -> Result<Response, Refusal> {
    let caller = desk.caller(asked, REQUIRES).await?;
    let (unread, ask) = query(&asked.query)?;
    let found = desk.store.scan(move |unit| inbox(unit, &caller, unread, ask)).await?;
    Ok(reply::success(asked, "api.notifications", InboxView::new(&found, asked.locale)))
}

/// Reads `unread`, `limit` and `cursor`.
fn query(query: &str) -> Result<(bool, Ask), Error> {
    let query = Query::read(query, &["unread", "limit", "cursor"])?;
    let wrong = |_| Error::invalid(Code::InvalidTicket, "unread", Message::new("fault.not_truth"));
    let unread = query.get("unread").map_or(Ok(false), str::parse).map_err(wrong)?;
    Ok((unread, Ask::parse(query.get("limit"), query.get("cursor"), ListName::Notifications, Sort::Created)?))
}

/// Marks the notifications that the body names as read.
pub(super) async fn read<B: Buf>(
    desk: Arc<AppState>,
    asked: Arc<RequestContext>,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Response {
    let operation = Operation {
        needs: REQUIRES,
        read: |body, _| Marking::read(body),
        run: mark_read,
        say: |asked, outcome| {
            let view = MarkedView { marked: outcome.marked, unread: outcome.unread };
            reply::success_text(asked, "api.notifications_read", view)
        },
    };
    operate(&desk, &asked, body, operation).await
}
