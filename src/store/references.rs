//! Rides, orders and bookings, and their participants.

#![expect(
    clippy::missing_errors_doc,
    reason = "each method fails with the errors of the store; others are documented at the method"
)]

use crate::model::reference::{Booking, Order, ReferenceId, Ride};
use crate::model::{BookingId, CustomerId, Error, OrderId, RideId};

/// Rides, orders and bookings, and their participants.
pub trait References {
    /// Returns true if the customer booked the ride, order or booking or is among its participants; false if it does
    /// not exist.
    fn is_participant(&mut self, customer: CustomerId, reference: ReferenceId) -> Result<bool, Error>;
    /// Returns the ride with this id and its participants, if any.
    fn ride(&mut self, id: RideId) -> Result<Option<Ride>, Error>;
    /// Returns the order with this id and its participants, if any.
    fn order(&mut self, id: OrderId) -> Result<Option<Order>, Error>;
    /// Returns the booking with this id and its participants, if any.
    fn booking(&mut self, id: BookingId) -> Result<Option<Booking>, Error>;
    /// Inserts a ride with its participants.
    fn insert_ride(&mut self, ride: &Ride) -> Result<(), Error>;
    /// Inserts an order with its participants.
    fn insert_order(&mut self, order: &Order) -> Result<(), Error>;
    /// Inserts a booking with its participants.
    fn insert_booking(&mut self, booking: &Booking) -> Result<(), Error>;
}
