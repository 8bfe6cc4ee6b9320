//! `GET /`: the caller's own tickets.

use std::sync::Arc;

use http::StatusCode;
use warp::reply::Response;

use super::query::Query;
use super::reply::{ROOM, Refusal};
use super::request::RequestContext;
use super::{AppState, reply};
use crate::desk::list_own::{REQUIRES, list_own as own_tickets};
use crate::model::draft::known;
use crate::model::pagination::{ListName, PageRequest, Sort};
use crate::model::{Code, Error, Message, Status, ValidationError};
use crate::view::write_page;

/// Lists the tickets that the caller has a part in, newest first.
pub(super) async fn list_own(state: Arc<AppState>, request: Arc<RequestContext>) -> Response {
    handle(&state, &request).await.unwrap_or_else(|refusal| refusal.reply(&request))
}

async fn handle(state: &AppState, request: &RequestContext) -> Result<Response, Refusal> {
    let caller = state.caller(request, REQUIRES).await?;
    let (statuses, ask) = query(&request.query)?;
    let page = state.store.scan(move |unit| own_tickets(unit, &caller, &statuses, ask)).await?;
    let room = ROOM * (page.rows.len() / 2 + 1);
    Ok(reply::written(
        StatusCode::OK,
        reply::success_with(request, "api.listed", room, |text| write_page(text, &page)).0,
    ))
}

/// Reads `status`, `limit` and `cursor`, and finds all that is wrong with them.
fn query(query: &str) -> Result<(Vec<Status>, PageRequest), Error> {
    let query = Query::read(query, &["status", "limit", "cursor"])?;
    let statuses: Option<Vec<_>> = query
        .get("status")
        .into_iter()
        .flat_map(|names| names.split(','))
        .map(|name| Status::parse(name.trim()))
        .collect();
    let ask = PageRequest::parse(query.get("limit"), query.get("cursor"), ListName::Own, Sort::Created);
    match (statuses, ask) {
        (Some(statuses), Ok(ask)) => Ok((statuses, ask)),
        (Some(_), Err(error)) => Err(error),
        (None, ask) => {
            let message = Message::new("validation.status").with("known", known(Status::ALL));
            let mut errors = vec![ValidationError { code: Code::InvalidTicket, field: "status".to_owned(), message }];
            errors.extend(ask.err().iter().flat_map(|error| error.validation_errors().to_vec()));
            Err(Error::Invalid(errors))
        }
    }
}
