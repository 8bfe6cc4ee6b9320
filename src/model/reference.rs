//! What a ticket can be about: a ride, an order, a booking, and who had a part in it.

use serde::Serialize;

use super::{BookingId, CustomerId, OrderId, RideId, ServiceType, Timestamp};

/// A ride of mtxi.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ride {
    /// Its id.
    pub id: RideId,
    /// Who had a part in it.
    pub party: Party,
    /// Where it began.
    pub pickup: String,
    /// Where it ended.
    pub dropoff: String,
}

/// A delivery, or an order eaten in, of munch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// Who had a part in it.
    pub party: Party,
    /// Who sold it.
    pub merchant: String,
    /// What it cost.
    pub total: Money,
}

/// A table of mtables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Its id.
    pub id: BookingId,
    /// Who had a part in it.
    pub party: Party,
    /// Where.
    pub venue: String,
    /// When the table is theirs.
    pub starts_at: Timestamp,
    /// How many people, from 1.
    pub party_size: u32,
}

/// Who booked, and who came along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Who booked.
    pub customer: CustomerId,
    /// The others, sorted, without repeats; empty where what was read does not need them.
    pub participants: Vec<CustomerId>,
}

impl Party {
    /// Whether this customer booked or came along.
    pub fn holds(&self, customer: CustomerId) -> bool {
        self.customer == customer || self.participants.contains(&customer)
    }
}

/// An amount as the platform states it; the desk never calculates with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Money {
    /// A plain decimal: `23.50`.
    pub amount: String,
    /// ISO 4217: three capital letters.
    pub currency: String,
}

impl Money {
    /// The amount, where it is 1 to 12 digits with at most 3 decimals and the currency is three capital letters.
    pub fn new(amount: &str, currency: &str) -> Option<Self> {
        let (whole, decimals) = amount.split_once('.').unwrap_or((amount, "0"));
        let digits = |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let plain = digits(whole, 12) && digits(decimals, 3);
        let named = currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase());
        (plain && named).then(|| Self { amount: amount.to_owned(), currency: currency.to_owned() })
    }
}

/// What a ticket refers to: at least what its service type needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reference {
    /// The ride.
    pub ride: Option<RideId>,
    /// The order.
    pub order: Option<OrderId>,
    /// The booking.
    pub booking: Option<BookingId>,
}

impl Reference {
    /// The request member that this service type needs and the reference lacks, with the key of the sentence about it.
    pub fn lacks(&self, service: ServiceType) -> Option<(&'static str, &'static str)> {
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

/// One of the three, with its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferenceId {
    /// A ride.
    Ride(RideId),
    /// An order.
    Order(OrderId),
    /// A booking.
    Booking(BookingId),
}

impl Reference {
    /// Each that is given, in the order of the contract.
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
    fn each_service_type_names_the_reference_it_needs() {
        let none = Reference::default();
        let ride = Reference { ride: RideId::new(1), ..none };
        assert_eq!(none.lacks(ServiceType::Ride).unwrap().0, "rideId");
        assert_eq!(ride.lacks(ServiceType::Ride), None);
        assert_eq!(ride.lacks(ServiceType::Order).unwrap().0, "orderId");
        assert_eq!(ride.lacks(ServiceType::InDiningOrder).unwrap().0, "orderId");
        assert_eq!(ride.lacks(ServiceType::Booking).unwrap().0, "bookingId");
        assert_eq!(ride.lacks(ServiceType::EventService), None);
        assert!(none.lacks(ServiceType::EventService).is_some());
    }
}
