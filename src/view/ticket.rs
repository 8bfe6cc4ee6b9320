//! Tickets as JSON.

use serde::Serialize;

use crate::model::pagination::{ListName, Page};
use crate::model::reference::{Booking, Money, Order, Ride};
use crate::model::ticket::TicketDetails;
use crate::model::{
    BookingId, CustomerId, IssueType, Level, OrderId, RideId, ServiceType, Status, TicketId, Timestamp,
};

/// Ticket as returned by `GET /{ticketId}`.
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

/// Ticket for agents: the members of [`TicketView`], then `customerId`.
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

/// Page of a customer's tickets: `tickets` and `nextCursor`.
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
            next_cursor: page.next.map(|next| next.text(ListName::OwnTickets)),
        }
    }
}
