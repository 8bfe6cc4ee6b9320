//! Unit of work: the traits of the port on one transaction or snapshot. A method binds, runs and converts; it holds no
//! rule and reads no clock.

use super::{
    AuditLog, Customers, Deliveries, Events, Health, IdempotencyKeys, Leases, Ledger, Notifications, Operations,
    References, Retention, Tickets, Tokens, Webhooks,
};
use crate::model::{Error, Timestamp};

/// Unit of work inside one transaction, or on one snapshot.
pub trait Unit {
    /// Tickets and their groups.
    fn tickets(&mut self) -> &mut dyn Tickets;
    /// Customers.
    fn customers(&mut self) -> &mut dyn Customers;
    /// Rides, orders and bookings, and their participants.
    fn references(&mut self) -> &mut dyn References;
    /// Ledger of points and credit.
    fn ledger(&mut self) -> &mut dyn Ledger;
    /// Operations with the rows that each writes.
    fn operations(&mut self) -> &mut dyn Operations;
    /// Events of the outbox.
    fn events(&mut self) -> &mut dyn Events;
    /// Notifications, by customer.
    fn notifications(&mut self) -> &mut dyn Notifications;
    /// Tokens, of which the store has only the digests.
    fn tokens(&mut self) -> &mut dyn Tokens;
    /// Responses stored under idempotency keys.
    fn idempotency_keys(&mut self) -> &mut dyn IdempotencyKeys;
    /// Audit log, and the rows that `audit verify` compares with it.
    fn audit_log(&mut self) -> &mut dyn AuditLog;
    /// Webhooks.
    fn webhooks(&mut self) -> &mut dyn Webhooks;
    /// Deliveries of every channel.
    fn deliveries(&mut self) -> &mut dyn Deliveries;
    /// Leases of the delivery workers.
    fn leases(&mut self) -> &mut dyn Leases;
    /// Purging of rows whose retention period is over.
    fn retention(&mut self) -> &mut dyn Retention;
    /// State and size of the store.
    fn health(&mut self) -> &mut dyn Health;

    /// Returns the number of writes that this unit has run so far.
    fn writes(&self) -> u64;

    /// Writes `now` into the row of the table `pulse`, to prove that the store accepts writes and has room for more.
    ///
    /// # Errors
    /// [`Error::Store`] if it does not.
    fn pulse(&mut self, now: Timestamp) -> Result<(), Error>;
}
