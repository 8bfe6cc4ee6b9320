//! Rides, orders and bookings, and their participants.

#![expect(
    clippy::missing_errors_doc,
    reason = "each fails with the errors of the store; others are named at the method"
)]

use crate::model::reference::{Booking, Order, ReferenceId, Ride};
use crate::model::{BookingId, CustomerId, Error, OrderId, RideId};

/// Rides, orders and bookings, and their participants.
pub trait References {
    /// Whether the customer booked it or was among its participants; false also where it does not exist.
    fn is_participant(&mut self, customer: CustomerId, place: ReferenceId) -> Result<bool, Error>;
    /// The ride of this id, with its participants.
    fn ride(&mut self, id: RideId) -> Result<Option<Ride>, Error>;
    /// The order of this id, with its participants.
    fn order(&mut self, id: OrderId) -> Result<Option<Order>, Error>;
    /// The booking of this id, with its participants.
    fn booking(&mut self, id: BookingId) -> Result<Option<Booking>, Error>;
    /// Writes a ride with its participants.
    fn insert_ride(&mut self, ride: &Ride) -> Result<(), Error>;
    /// Writes an order with its participants.
    fn insert_order(&mut self, order: &Order) -> Result<(), Error>;
    /// Writes a booking with its participants.
    fn insert_booking(&mut self, booking: &Booking) -> Result<(), Error>;
}
