//! `POST /`.

use std::sync::Arc;

use futures_util::Stream;
use warp::Buf;
use warp::reply::Response;

use super::operation::{Operation, operate};
use super::request::RequestContext;
use super::{AppState, reply};
use crate::desk::Outcome;
use crate::desk::create::{REQUIRES, create_drafted};
use crate::model::draft;
use crate::view::OutcomeView;

/// Opens the ticket that the body describes.
pub(super) async fn create<B: Buf>(
    state: Arc<AppState>,
    request: Arc<RequestContext>,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Response {
    let operation = Operation {
        needs: REQUIRES,
        read: |body, caller| draft::read_create(body, caller.principal().customer()?),
        run: create_drafted,
        say: |request, outcome| done(request, "api.created", outcome),
    };
    operate(&state, &request, body, operation).await
}

/// What every operation on a ticket answers: its id, and why no award was made.
pub(super) fn done(request: &RequestContext, key: &str, outcome: &Outcome) -> Vec<u8> {
    let gamification_error =
        outcome.no_award.map(|no_award| reply::coded(request.locale, no_award.code(), &no_award.message()));
    let data = OutcomeView { ticket_id: outcome.ticket.id, status: None, level: None, gamification_error };
    reply::success_text(request, key, data)
}
