//! `GET /`: the caller's own tickets.

use std::sync::Arc;

use http::StatusCode;
use warp::reply::Response;

use super::query::Query;
use super::refusal::Refusal;
use super::reply::BODY_CAPACITY;
use super::request::RequestContext;
use super::{AppState, reply};
use crate::desk::list_own::{REQUIRES, list_own as own_tickets};
use crate::model::draft::join_names;
use crate::model::pagination::{ListName, PageRequest, Sort};
use crate::model::{Code, Error, Message, Status, ValidationError};
use crate::view::write_page;

/// Lists the tickets that the caller owns or is a group member of, newest first.
pub(super) async fn list_own(state: Arc<AppState>, request: Arc<RequestContext>) -> Response {
    handle(&state, &request).await.unwrap_or_else(|refusal| refusal.reply(&request))
}

async fn handle(state: &AppState, request: &RequestContext) -> Result<Response, Refusal> {
    let caller = state.authorize(request, REQUIRES).await?;
    let (statuses, page) = parse_query(&request.query)?;
    let memory = state.response_memory.reserve().await;
    let found = state.store.scan(move |unit| own_tickets(unit, &caller, &statuses, page)).await?;
    let capacity = BODY_CAPACITY * (found.rows.len() / 2 + 1);
    let (text, _) = reply::write_success(request, "api.listed", capacity, |text| write_page(text, &found));
    Ok(reply::json_bytes(StatusCode::OK, memory.hold(text)))
}

/// Parses `status`, `limit` and `cursor`, and collects all their errors.
fn parse_query(query: &str) -> Result<(Vec<Status>, PageRequest), Error> {
    let query = Query::parse(query, &["status", "limit", "cursor"])?;
    let statuses: Option<Vec<_>> = query
        .get("status")
        .into_iter()
        .flat_map(|names| names.split(','))
        .map(|name| Status::parse(name.trim()))
        .collect();
    let page = PageRequest::parse(query.get("limit"), query.get("cursor"), ListName::OwnTickets, Sort::Created);
    match (statuses, page) {
        (Some(statuses), Ok(page)) => Ok((statuses, page)),
        (Some(_), Err(error)) => Err(error),
        (None, page) => {
            let message = Message::new("validation.status").with("known", join_names(Status::ALL));
            let mut errors = vec![ValidationError { code: Code::InvalidTicket, field: "status".to_owned(), message }];
            errors.extend(page.err().iter().flat_map(|error| error.validation_errors().to_vec()));
            Err(Error::Invalid(errors))
        }
    }
}
