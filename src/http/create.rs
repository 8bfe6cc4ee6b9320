//! `POST /`.

use std::sync::Arc;

use futures_util::Stream;
use warp::Buf;
use warp::reply::Response;

use super::asked::Asked;
use super::reply::{self, Refusal};
use super::{Desk, body};
use crate::desk::Outcome;
use crate::desk::create::create as create_ticket;
use crate::model::draft;
use crate::model::person::Permission;
use crate::model::view::OutcomeView;

/// Opens the ticket that the body describes.
pub(super) async fn create<B: Buf>(
    desk: Arc<Desk>,
    asked: Arc<Asked>,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Response {
    let work = async {
        let (customer, caller) = desk.caller(&asked, Permission::Create).await?;
        let ticket = draft::read_create(&body::json(&asked, body).await?, customer)?;
        let now = desk.now();
        Ok(desk.store.write(move |unit| create_ticket(unit, &caller, ticket.clone(), now)).await?)
    };
    let outcome: Result<_, Refusal> = work.await;
    outcome.map_or_else(|refusal| refusal.reply(&asked), |outcome| done(&asked, "api.created", &outcome))
}

/// What every operation on a ticket answers: its id, and why no award was made.
pub(super) fn done(asked: &Asked, key: &str, outcome: &Outcome) -> Response {
    let gamification_error =
        outcome.no_award.map(|no_award| reply::coded(asked.locale, no_award.code(), &no_award.message()));
    let data = OutcomeView { ticket_id: outcome.ticket.id, status: None, level: None, gamification_error };
    reply::success(asked, key, data)
}
