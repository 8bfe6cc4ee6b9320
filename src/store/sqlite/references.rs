//! Rides, orders and bookings, and their participants.

use rusqlite::params;

use super::row::{Columns, json_ids};
use super::sql;
use super::tickets::money;
use super::unit::SqliteUnit;
use crate::model::reference::{Booking, Order, Participants, ReferenceId, Ride};
use crate::model::{BookingId, CustomerId, Error, OrderId, RideId};
use crate::store::References;

impl References for SqliteUnit<'_> {
    fn is_participant(&mut self, customer: CustomerId, reference: ReferenceId) -> Result<bool, Error> {
        let (sql, id) = match reference {
            ReferenceId::Ride(id) => (sql!("references/is_participant_of_ride"), id.get()),
            ReferenceId::Order(id) => (sql!("references/is_participant_of_order"), id.get()),
            ReferenceId::Booking(id) => (sql!("references/is_participant_of_booking"), id.get()),
        };
        Ok(self.query_optional(sql, [customer.get(), id], |row| row.get(0))?.unwrap_or(false))
    }

    fn ride(&mut self, id: RideId) -> Result<Option<Ride>, Error> {
        self.query_optional(sql!("references/ride"), [id.get()], |row| {
            let mut columns = Columns::new(row);
            let id = columns.parse("ride id", RideId::new)?;
            let customer = columns.customer()?;
            let (pickup, dropoff) = (columns.value()?, columns.value()?);
            let party = Participants { customer, participants: columns.customers()? };
            Ok(Ride { id, party, pickup, dropoff })
        })
    }

    fn order(&mut self, id: OrderId) -> Result<Option<Order>, Error> {
        self.query_optional(sql!("references/order"), [id.get()], |row| {
            let mut columns = Columns::new(row);
            let id = columns.parse("order id", OrderId::new)?;
            let customer = columns.customer()?;
            let (merchant, total) = (columns.value()?, money(&mut columns)?);
            let party = Participants { customer, participants: columns.customers()? };
            Ok(Order { id, party, merchant, total })
        })
    }

    fn booking(&mut self, id: BookingId) -> Result<Option<Booking>, Error> {
        self.query_optional(sql!("references/booking"), [id.get()], |row| {
            let mut columns = Columns::new(row);
            let id = columns.parse("booking id", BookingId::new)?;
            let customer = columns.customer()?;
            let (venue, starts_at, party_size) = (columns.value()?, columns.time()?, columns.value()?);
            let party = Participants { customer, participants: columns.customers()? };
            Ok(Booking { id, party, venue, starts_at, party_size })
        })
    }

    fn insert_ride(&mut self, ride: &Ride) -> Result<(), Error> {
        let Ride { id, party, pickup, dropoff } = ride;
        self.execute(sql!("references/insert_ride"), params![id.get(), party.customer.get(), pickup, dropoff])?;
        self.write_participants(sql!("references/insert_ride_participants"), id.get(), party)
    }

    fn insert_order(&mut self, order: &Order) -> Result<(), Error> {
        let Order { id, party, merchant, total } = order;
        self.execute(
            sql!("references/insert_order"),
            params![id.get(), party.customer.get(), merchant, total.amount, total.currency],
        )?;
        self.write_participants(sql!("references/insert_order_participants"), id.get(), party)
    }

    fn insert_booking(&mut self, booking: &Booking) -> Result<(), Error> {
        let Booking { id, party, venue, starts_at, party_size } = booking;
        self.execute(
            sql!("references/insert_booking"),
            params![id.get(), party.customer.get(), venue, starts_at.second(), party_size],
        )?;
        self.write_participants(sql!("references/insert_booking_participants"), id.get(), party)
    }
}

impl SqliteUnit<'_> {
    fn write_participants(&self, sql: &str, id: i64, party: &Participants) -> Result<(), Error> {
        if !party.participants.is_empty() {
            self.execute(sql, params![id, json_ids(party.participants.iter().copied())])?;
        }
        Ok(())
    }
}
