//! `POST /escalate`.

use std::sync::Arc;

use futures_util::Stream;
use warp::Buf;
use warp::reply::Response;

use super::asked::Asked;
use super::reply::Refusal;
use super::{Desk, body, create};
use crate::desk::escalate::escalate as escalate_ticket;
use crate::model::draft;
use crate::model::person::Permission;

/// Raises the ticket that the body names.
pub(super) async fn escalate<B: Buf>(
    desk: Arc<Desk>,
    asked: Arc<Asked>,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Response {
    let work = async {
        let (_, caller) = desk.caller(&asked, Permission::Escalate).await?;
        let id = draft::read_ticket_id(&body::json(&asked, body).await?)?;
        let now = desk.now();
        Ok(desk.store.write(move |unit| escalate_ticket(unit, &caller, id, None, now)).await?)
    };
    let outcome: Result<_, Refusal> = work.await;
    outcome.map_or_else(|refusal| refusal.reply(&asked), |outcome| create::done(&asked, "api.escalated", &outcome))
}
