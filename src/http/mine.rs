//! `GET /`: the caller's own tickets.

use std::sync::Arc;

use warp::reply::Response;

use super::asked::Asked;
use super::reply::Refusal;
use super::{Desk, reply};
use crate::desk::mine::mine as list_mine;
use crate::model::draft::known;
use crate::model::page::{Ask, Sort};
use crate::model::person::Permission;
use crate::model::view::{TicketPage, TicketView};
use crate::model::{Code, Error, Message, Status};

/// Lists the tickets that the caller has a part in, newest first.
pub(super) async fn mine(desk: Arc<Desk>, asked: Arc<Asked>) -> Response {
    look(&desk, &asked).await.unwrap_or_else(|refusal| refusal.reply(&asked))
}

async fn look(desk: &Desk, asked: &Asked) -> Result<Response, Refusal> {
    let (customer, caller) = desk.caller(asked, Permission::Track).await?;
    let (statuses, ask) = query(&asked.query)?;
    let page = desk.store.scan(move |unit| list_mine(unit, &caller, customer, &statuses, ask)).await?;
    Ok(reply::success(asked, "api.listed", TicketPage::<TicketView<'_>>::from(&page)))
}

/// Reads `status`, `limit` and `cursor`; other parameters mean nothing here.
fn query(query: &str) -> Result<(Vec<Status>, Ask), Error> {
    let (mut statuses, mut limit, mut cursor) = (Vec::new(), None, None);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "status" => statuses.extend(read_statuses(&value)?),
            "limit" => limit = Some(value),
            "cursor" => cursor = Some(value),
            _ => {}
        }
    }
    Ok((statuses, Ask::parse(limit.as_deref(), cursor.as_deref(), Sort::Created)?))
}

fn read_statuses(list: &str) -> Result<Vec<Status>, Error> {
    let message = || Message::new("fault.status").with("known", known(Status::ALL));
    let one =
        |name: &str| Status::parse(name.trim()).ok_or_else(|| Error::invalid(Code::InvalidTicket, "status", message()));
    list.split(',').map(one).collect()
}
