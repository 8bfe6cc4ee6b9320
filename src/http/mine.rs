//! `GET /`: the caller's own tickets.

use std::sync::Arc;

use http::StatusCode;
use warp::reply::Response;

use super::query::Query;
use super::reply::{ROOM, Refusal};
use super::request::RequestContext;
use super::{AppState, reply};
use crate::desk::mine::{REQUIRES, mine as list_mine};
use crate::model::draft::known;
use crate::model::page::{Ask, ListName, Sort};
use crate::model::ticket_text::write_page;
use crate::model::{Code, Error, Fault, Message, Status};

/// Lists the tickets that the caller has a part in, newest first.
pub(super) async fn mine(desk: Arc<AppState>, asked: Arc<RequestContext>) -> Response {
    look(&desk, &asked).await.unwrap_or_else(|refusal| refusal.reply(&asked))
}

async fn look(desk: &AppState, asked: &RequestContext) -> Result<Response, Refusal> {
    let caller = desk.caller(asked, REQUIRES).await?;
    let (statuses, ask) = query(&asked.query)?;
    let page = desk.store.scan(move |unit| list_mine(unit, &caller, &statuses, ask)).await?;
    let room = ROOM * (page.rows.len() / 2 + 1);
    Ok(reply::written(StatusCode::OK, reply::success_with(asked, "api.listed", room, |text| write_page(text, &page)).0))
}

/// Reads `status`, `limit` and `cursor`, and finds all that is wrong with them.
fn query(query: &str) -> Result<(Vec<Status>, Ask), Error> {
    let query = Query::read(query, &["status", "limit", "cursor"])?;
    let statuses: Option<Vec<_>> = query
        .get("status")
        .into_iter()
        .flat_map(|names| names.split(','))
        .map(|name| Status::parse(name.trim()))
        .collect();
    let ask = Ask::parse(query.get("limit"), query.get("cursor"), ListName::Mine, Sort::Created);
    match (statuses, ask) {
        (Some(statuses), Ok(ask)) => Ok((statuses, ask)),
        (Some(_), Err(error)) => Err(error),
        (None, ask) => {
            let message = Message::new("fault.status").with("known", known(Status::ALL));
            let mut faults = vec![Fault { code: Code::InvalidTicket, field: "status".to_owned(), message }];
            faults.extend(ask.err().iter().flat_map(|error| error.faults().to_vec()));
            Err(Error::Invalid(faults))
        }
    }
}
