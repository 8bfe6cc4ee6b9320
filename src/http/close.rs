//! `POST /close`.

use std::sync::Arc;

use futures_util::Stream;
use warp::Buf;
use warp::reply::Response;

use super::operation::{PostHandler, handle_operation};
use super::request::RequestContext;
use super::{AppState, create};
use crate::desk::close::{REQUIRES, close as close_ticket};
use crate::model::draft;

/// Closes the ticket whose id is in the body.
pub(super) async fn close<B: Buf>(
    state: Arc<AppState>,
    request: Arc<RequestContext>,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Response {
    let operation = PostHandler {
        permission: REQUIRES,
        parse: |body, _| draft::parse_ticket_id(body),
        run: |unit, caller, id, now| close_ticket(unit, caller, *id, None, now),
        success_body: |request, outcome| create::outcome_body(request, "api.closed", outcome),
    };
    handle_operation(&state, &request, body, operation).await
}
