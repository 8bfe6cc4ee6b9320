//! `POST /close`.

use std::sync::Arc;

use futures_util::Stream;
use warp::Buf;
use warp::reply::Response;

use super::operation::{Operation, operate};
use super::request::RequestContext;
use super::{AppState, create};
use crate::desk::close::{REQUIRES, close as close_ticket};
use crate::model::draft;

/// Closes the ticket that the body names.
pub(super) async fn close<B: Buf>(
    state: Arc<AppState>,
    request: Arc<RequestContext>,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Response {
    let operation = Operation {
        needs: REQUIRES,
        read: |body, _| draft::read_ticket_id(body),
        run: |unit, caller, id, now| close_ticket(unit, caller, *id, None, now),
        say: |request, outcome| create::done(request, "api.closed", outcome),
    };
    operate(&state, &request, body, operation).await
}
