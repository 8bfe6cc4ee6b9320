//! References of tickets: rides, orders and bookings, and the customers who took part in them.

use serde::Serialize;

use super::{BookingId, CustomerId, OrderId, RideId, ServiceType, Timestamp};

/// Ride with the brand `mtxi`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ride {
    pub id: RideId,
    pub party: Participants,
    /// Start.
    pub pickup: String,
    /// Destination.
    pub dropoff: String,
}

/// Order with the brand `munch`, delivered or eaten in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub id: OrderId,
    pub party: Participants,
    /// Seller.
    pub merchant: String,
    /// Total price.
    pub total: Money,
}

/// Table booking with the brand `mtables`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    pub id: BookingId,
    pub party: Participants,
    pub venue: String,
    /// Start of the booking.
    pub starts_at: Timestamp,
    /// Number of people, from 1.
    pub party_size: u32,
}

/// Customers who took part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participants {
    /// Customer who booked.
    pub customer: CustomerId,
    /// Other participants, sorted, without repeats; not loaded where not needed.
    pub participants: Vec<CustomerId>,
}

impl Participants {
    /// Returns true if the customer booked or took part.
    pub fn includes(&self, customer: CustomerId) -> bool {
        self.customer == customer || self.participants.contains(&customer)
    }
}

/// Amount as the platform formats it; never used in calculations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Money {
    /// Plain decimal: `23.50`.
    pub amount: String,
    /// ISO 4217 code: three capital letters.
    pub currency: String,
}

impl Money {
    /// Validates an amount: 1 to 12 digits with at most 3 decimals, and three capital letters.
    pub fn new(amount: &str, currency: &str) -> Option<Self> {
        let (integer, decimals) = amount.split_once('.').unwrap_or((amount, "0"));
        let digits = |text: &str, max| (1..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let plain = digits(integer, 12) && digits(decimals, 3);
        let named = currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase());
        (plain && named).then(|| Self { amount: amount.to_owned(), currency: currency.to_owned() })
    }
}

/// References of a ticket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reference {
    pub ride: Option<RideId>,
    pub order: Option<OrderId>,
    pub booking: Option<BookingId>,
}

impl Reference {
    /// Returns the request member that the service type requires and that is missing, with the key of the message.
    pub fn missing_member(&self, service: ServiceType) -> Option<(&'static str, &'static str)> {
        match service {
            ServiceType::Ride if self.ride.is_none() => Some(("rideId", "validation.needs_ride")),
            ServiceType::Order | ServiceType::InDiningOrder if self.order.is_none() => {
                Some(("orderId", "validation.needs_order"))
            }
            ServiceType::Booking if self.booking.is_none() => Some(("bookingId", "validation.needs_booking")),
            ServiceType::EventService if *self == Self::default() => Some(("rideId", "validation.needs_any")),
            ServiceType::Ride
            | ServiceType::Order
            | ServiceType::InDiningOrder
            | ServiceType::Booking
            | ServiceType::EventService => None,
        }
    }
}

/// Id of a ride, an order or a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferenceId {
    Ride(RideId),
    Order(OrderId),
    Booking(BookingId),
}

impl Reference {
    /// Returns the ids that are present, in the order of the contract.
    pub fn ids(&self) -> impl Iterator<Item = ReferenceId> {
        let ride = self.ride.map(ReferenceId::Ride);
        let order = self.order.map(ReferenceId::Order);
        let booking = self.booking.map(ReferenceId::Booking);
        [ride, order, booking].into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_a_plain_decimal_with_a_currency() {
        assert!(Money::new("23.50", "USD").is_some());
        assert!(Money::new("1200", "JPY").is_some());
        for (amount, currency) in
            [("", "USD"), (".5", "USD"), ("1.", "USD"), ("-1", "USD"), ("1,5", "USD"), ("1", "usd")]
        {
            assert_eq!(Money::new(amount, currency), None, "{amount} {currency}");
        }
    }

    #[test]
    fn each_service_type_requires_a_reference() {
        let none = Reference::default();
        let ride = Reference { ride: RideId::new(1), ..none };
        assert_eq!(none.missing_member(ServiceType::Ride).unwrap().0, "rideId");
        assert_eq!(ride.missing_member(ServiceType::Ride), None);
        assert_eq!(ride.missing_member(ServiceType::Order).unwrap().0, "orderId");
        assert_eq!(ride.missing_member(ServiceType::InDiningOrder).unwrap().0, "orderId");
        assert_eq!(ride.missing_member(ServiceType::Booking).unwrap().0, "bookingId");
        assert_eq!(ride.missing_member(ServiceType::EventService), None);
        assert!(none.missing_member(ServiceType::EventService).is_some());
    }
}
