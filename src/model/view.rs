//! The shapes that leave the desk as JSON, the same for the API and the command line.

use serde::Serialize;
use serde_json::value::RawValue;

use super::award::Cents;
use super::event::{Event, EventName, PublishedEvent};
use super::ledger::{Balance, LedgerLine};
use super::pagination::{ListName, Page};
use super::permission::Permission;
use super::reference::{Booking, Money, Order, Ride};
use super::ticket::TicketDetails;
use super::token::{TokenRecord, TokenState, TokenText};
use super::{
    BookingId, CustomerId, IssueType, Level, OrderId, RideId, ServiceType, Status, TicketId, Timestamp, TokenId,
};

/// A ticket as `GET /{ticketId}` shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketView<'t> {
    ticket_id: TicketId,
    service_type: ServiceType,
    issue_type: IssueType,
    status: Status,
    description: &'t str,
    updated_at: Timestamp,
    ride: Option<RideView<'t>>,
    order: Option<OrderView<'t>>,
    booking: Option<BookingView<'t>>,
    created_at: Timestamp,
    level: Level,
    group_customer_ids: &'t [CustomerId],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RideView<'t> {
    id: RideId,
    pickup_location: &'t str,
    dropoff_location: &'t str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderView<'t> {
    id: OrderId,
    merchant_name: &'t str,
    total: &'t Money,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BookingView<'t> {
    id: BookingId,
    venue_name: &'t str,
    starts_at: Timestamp,
    party_size: u32,
}

impl<'t> From<&'t TicketDetails> for TicketView<'t> {
    fn from(details: &'t TicketDetails) -> Self {
        let ticket = &details.ticket;
        Self {
            ticket_id: ticket.id,
            service_type: ticket.service,
            issue_type: ticket.issue,
            status: ticket.status,
            description: ticket.description.as_str(),
            updated_at: ticket.updated_at,
            ride: details.ride.as_ref().map(RideView::from),
            order: details.order.as_ref().map(OrderView::from),
            booking: details.booking.as_ref().map(BookingView::from),
            created_at: ticket.created_at,
            level: ticket.level,
            group_customer_ids: &ticket.members,
        }
    }
}

impl<'t> From<&'t Ride> for RideView<'t> {
    fn from(ride: &'t Ride) -> Self {
        Self { id: ride.id, pickup_location: &ride.pickup, dropoff_location: &ride.dropoff }
    }
}

impl<'t> From<&'t Order> for OrderView<'t> {
    fn from(order: &'t Order) -> Self {
        Self { id: order.id, merchant_name: &order.merchant, total: &order.total }
    }
}

impl<'t> From<&'t Booking> for BookingView<'t> {
    fn from(booking: &'t Booking) -> Self {
        Self {
            id: booking.id,
            venue_name: &booking.venue,
            starts_at: booking.starts_at,
            party_size: booking.party_size,
        }
    }
}

/// A ticket as an agent sees it: as the customer does, and whose it is.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentTicketView<'t> {
    #[serde(flatten)]
    ticket: TicketView<'t>,
    customer_id: CustomerId,
}

impl<'t> From<&'t TicketDetails> for AgentTicketView<'t> {
    fn from(details: &'t TicketDetails) -> Self {
        Self { ticket: details.into(), customer_id: details.ticket.owner }
    }
}

/// A page of a customer's tickets under `tickets`, with `nextCursor`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketPage<T> {
    tickets: Vec<T>,
    next_cursor: Option<String>,
}

impl<'t, T: From<&'t TicketDetails>> From<&'t Page<TicketDetails>> for TicketPage<T> {
    fn from(page: &'t Page<TicketDetails>) -> Self {
        Self {
            tickets: page.rows.iter().map(T::from).collect(),
            next_cursor: page.next.map(|next| next.text(ListName::Own)),
        }
    }
}

/// A customer's balance.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BalanceView {
    customer_id: CustomerId,
    points: i64,
    credit: Cents,
}

impl BalanceView {
    /// The balance of this customer.
    pub const fn new(customer: CustomerId, balance: Balance) -> Self {
        Self { customer_id: customer, points: balance.points, credit: balance.credit }
    }
}

/// A row of the ledger.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerView<'l> {
    id: i64,
    action: &'static str,
    points: i64,
    credit: Cents,
    ticket_id: Option<TicketId>,
    reason: Option<&'l str>,
    by: String,
    created_at: Timestamp,
}

impl<'l> From<&'l LedgerLine> for LedgerView<'l> {
    fn from(line: &'l LedgerLine) -> Self {
        Self {
            id: line.id,
            action: line.award.action.as_str(),
            points: line.award.points,
            credit: line.award.credit,
            ticket_id: line.ticket,
            reason: line.reason.as_deref(),
            by: line.by.to_string(),
            created_at: line.at,
        }
    }
}

/// A token's record, never the token itself.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenView<'t> {
    token_id: TokenId,
    customer_id: Option<CustomerId>,
    role: &'t str,
    permissions: Vec<Permission>,
    state: TokenState,
    created_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

impl<'t> TokenView<'t> {
    /// The record as it stands at this instant.
    pub fn new(record: &'t TokenRecord, now: Timestamp) -> Self {
        Self {
            token_id: record.id,
            customer_id: record.principal.customer().ok(),
            role: record.role.as_str(),
            permissions: record.permissions.iter().collect(),
            state: record.state(now),
            created_at: record.created_at,
            expires_at: record.expires_at,
            revoked_at: record.revoked_at,
        }
    }
}

/// A token as it is handed to its holder, once.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IssuedView<'t> {
    token: &'t str,
    token_id: TokenId,
    customer_id: Option<CustomerId>,
    role: &'t str,
    permissions: Vec<Permission>,
    expires_at: Timestamp,
}

impl<'t> IssuedView<'t> {
    /// The token with its record.
    pub fn new(token: &'t TokenText, record: &'t TokenRecord) -> Self {
        Self {
            token: token.reveal(),
            token_id: record.id,
            customer_id: record.principal.customer().ok(),
            role: record.role.as_str(),
            permissions: record.permissions.iter().collect(),
            expires_at: record.expires_at,
        }
    }
}

/// The `data` of an event, as the platform reads it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventData<'e> {
    ticket_id: TicketId,
    customer_id: CustomerId,
    group_customer_ids: &'e [CustomerId],
    service_type: ServiceType,
    issue_type: IssueType,
    status: Status,
    level: Level,
    actor: ActorView<'e>,
}

impl<'e> From<&'e Event> for EventData<'e> {
    fn from(event: &'e Event) -> Self {
        Self {
            ticket_id: event.ticket,
            customer_id: event.owner,
            group_customer_ids: &event.members,
            service_type: event.service,
            issue_type: event.issue,
            status: event.status,
            level: event.level,
            actor: ActorView::from(&event.actor),
        }
    }
}

/// Who did it: `{"kind":"customer","id":11}`, `{"kind":"agent","id":"maria"}`.
#[derive(Debug, Serialize)]
struct ActorView<'a> {
    kind: &'static str,
    id: ActorId<'a>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum ActorId<'a> {
    Customer(CustomerId),
    Name(&'a str),
}

impl<'a> From<&'a super::actor::Actor> for ActorView<'a> {
    fn from(actor: &'a super::actor::Actor) -> Self {
        use super::actor::Actor;
        let id = match actor {
            Actor::Customer(id) => ActorId::Customer(*id),
            Actor::Agent(name) => ActorId::Name(name.as_str()),
            Actor::Service(name) => ActorId::Name(name.as_str()),
            Actor::System | Actor::Fixtures => ActorId::Name(actor.kind()),
        };
        Self { kind: actor.kind(), id }
    }
}

/// What the desk answers to create, escalate and close.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeView {
    /// The ticket.
    pub ticket_id: TicketId,
    /// Where it stands now; the API leaves it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// How far up it is now; the API leaves it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Why no award was made; `null` where one was, or none is due.
    pub gamification_error: Option<CodedView>,
}

/// A code with its sentence.
#[derive(Debug, Serialize)]
pub struct CodedView {
    /// The code.
    pub code: &'static str,
    /// The sentence, in the reader's language.
    pub message: String,
}

/// An event as it leaves the desk.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventView<D> {
    /// Its sequence number.
    pub id: i64,
    /// Its name.
    pub event: EventName,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// [`EventData`], or the same as it was stored.
    pub data: D,
}

impl PublishedEvent {
    /// The event as it leaves the desk: JSON on one line.
    ///
    /// # Errors
    /// Where its data is no JSON, which the store refuses to hold.
    pub fn payload(&self) -> Result<String, serde_json::Error> {
        let data: &RawValue = serde_json::from_str(&self.data)?;
        let view = EventView { id: self.sequence, event: self.name, occurred_at: self.at, data };
        // Inside a string JSON writes a line break as two signs; one that stands between the parts means nothing.
        Ok(serde_json::to_string(&view)?.replace(['\r', '\n'], " "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_one_line_whatever_was_stored() {
        let data = "{\r\n\"a\":\r\"x\\r\\ny\"}".to_owned();
        let at = Timestamp::from_second(0).unwrap();
        let published = PublishedEvent { sequence: 7, name: EventName::TicketClosed, at, data };
        let payload = published.payload().unwrap();
        assert!(!payload.contains(['\r', '\n']), "{payload}");
        let read: serde_json::Value = serde_json::from_str(&payload).unwrap();
        let event = serde_json::json!({"id": 7, "event": "support:ticket_closed",
            "occurredAt": "1970-01-01T00:00:00Z", "data": {"a": "x\r\ny"}});
        assert_eq!(read, event);
    }
}
