//! One unit of work, in narrow parts. A method binds, runs and converts: no rule, no clock.

use super::{
    AuditLog, Customers, Deliveries, Events, Health, IdempotencyKeys, Leases, Ledger, Notifications, Operations,
    References, Retention, Tickets, Tokens, Webhooks,
};
use crate::model::{Error, Timestamp};

/// A unit of work inside one transaction, or on one snapshot.
pub trait Unit {
    /// Tickets and their groups.
    fn tickets(&mut self) -> &mut dyn Tickets;
    /// Customers.
    fn customers(&mut self) -> &mut dyn Customers;
    /// Rides, orders and bookings, and their participants.
    fn references(&mut self) -> &mut dyn References;
    /// The ledger of points and credit.
    fn ledger(&mut self) -> &mut dyn Ledger;
    /// Operations and the rows that they leave.
    fn operations(&mut self) -> &mut dyn Operations;
    /// Events in the outbox.
    fn events(&mut self) -> &mut dyn Events;
    /// Notifications, by customer.
    fn notifications(&mut self) -> &mut dyn Notifications;
    /// Tokens, by their digests.
    fn tokens(&mut self) -> &mut dyn Tokens;
    /// Responses stored under idempotency keys.
    fn idempotency_keys(&mut self) -> &mut dyn IdempotencyKeys;
    /// The audit log, and the rows that are compared with it.
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

    /// Proves that the store accepts writes, by writing the instant into a row of its own.
    ///
    /// # Errors
    /// Those of the store.
    fn pulse(&mut self, now: Timestamp) -> Result<(), Error>;
}
