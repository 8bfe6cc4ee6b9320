//! `POST /`.

use std::sync::Arc;

use futures_util::Stream;
use warp::Buf;
use warp::reply::Response;

use super::operation::{PostHandler, handle_operation};
use super::request::RequestContext;
use super::{AppState, reply};
use crate::desk::Outcome;
use crate::desk::create::{REQUIRES, create_drafted};
use crate::model::draft;
use crate::view::OutcomeView;

/// Opens the ticket described by the body.
pub(super) async fn create<B: Buf>(
    state: Arc<AppState>,
    request: Arc<RequestContext>,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Response {
    let operation = PostHandler {
        permission: REQUIRES,
        parse: |body, caller| draft::parse_create(body, caller.principal().customer()?),
        run: create_drafted,
        success_body: |request, outcome| outcome_body(request, "api.created", outcome),
    };
    handle_operation(&state, &request, body, operation).await
}

/// Formats the response body of an operation on a ticket: its id, and the reason if no award was made.
pub(super) fn outcome_body(request: &RequestContext, key: &str, outcome: &Outcome) -> Vec<u8> {
    let gamification_error =
        outcome.no_award.map(|no_award| reply::coded_view(request.locale, no_award.code(), &no_award.message()));
    let data = OutcomeView { ticket_id: outcome.ticket.id, status: None, level: None, gamification_error };
    reply::success_body(request, key, data)
}
