//! One unit of work, in narrow parts. A method binds, runs and converts: no rule, no clock.

#![expect(
    clippy::missing_errors_doc,
    reason = "each fails with the store's own errors; what else one can fail with, it says"
)]

use super::{Deliveries, Health, Leases, Retention, Webhooks};
use crate::model::audit::{AuditAction, AuditFilter, AuditId, AuditLine};
use crate::model::audit_verify::{
    Decoded, DecodedEntry, DecodedRow, Extent, OutboxRow, TicketRow, TokenRow, WebhookRow,
};
use crate::model::effects::Operation;
use crate::model::event::{Audience, PublishedEvent};
use crate::model::history::HistoryLine;
use crate::model::idempotency::{IdempotencyKey, IdempotencyRecord, StoredResponse};
use crate::model::inbox::{InboxItem, ReadSelection};
use crate::model::ledger::{AwardStanding, Balance, LedgerEntry, LedgerLine};
use crate::model::notification::Notification;
use crate::model::pagination::{Cursor, Filter, PageRequest};
use crate::model::person::Customer;
use crate::model::principal::Principal;
use crate::model::reference::{Booking, Order, ReferenceId, Ride};
use crate::model::ticket::{NewTicket, Ticket, TicketDetails};
use crate::model::token::{Digest, NewToken, TokenRecord};
use crate::model::{BookingId, CustomerId, Error, OrderId, RideId, Status, TicketId, Timestamp, TokenId};

/// A unit of work inside one transaction, or on one snapshot.
pub trait Unit {
    /// Tickets and their groups.
    fn tickets(&mut self) -> &mut dyn Tickets;
    /// Customers, and the rides, orders and bookings they had a part in.
    fn people(&mut self) -> &mut dyn People;
    /// The ledger.
    fn points(&mut self) -> &mut dyn Points;
    /// Audit, notifications and events.
    fn trail(&mut self) -> &mut dyn Trail;
    /// Tokens, by their digests.
    fn tokens(&mut self) -> &mut dyn Tokens;
    /// Answers that are kept for requests that may come again.
    fn idempotency_keys(&mut self) -> &mut dyn IdempotencyKeys;
    /// The audit log, and the rows that are compared with it.
    fn audit_log(&mut self) -> &mut dyn AuditLog;

    /// Number of writes that this unit has asked for so far.
    fn writes(&self) -> u64;

    /// Webhooks.
    fn webhooks(&mut self) -> &mut dyn Webhooks;
    /// Deliveries of every channel.
    fn deliveries(&mut self) -> &mut dyn Deliveries;
    /// The server that works a channel off.
    fn leases(&mut self) -> &mut dyn Leases;

    /// What is let go when it is old.
    fn retention(&mut self) -> &mut dyn Retention;

    /// How the store fares.
    fn health(&mut self) -> &mut dyn Health;

    /// Proves that the store takes writes, by writing the instant into a row of its own.
    fn pulse(&mut self, now: Timestamp) -> Result<(), Error>;
}

/// Tickets and their groups.
pub trait Tickets {
    /// Writes a new ticket and gives it its id.
    fn insert(&mut self, ticket: NewTicket, now: Timestamp) -> Result<Ticket, Error>;
    /// Writes a ticket that has its id and state already.
    fn load(&mut self, ticket: &Ticket) -> Result<(), Error>;
    /// Replaces the ticket as it was read by the ticket as it is now.
    ///
    /// # Errors
    /// [`Error::Changed`] where the store's version is no longer the one that was read.
    fn update(&mut self, had: &Ticket, now: &Ticket) -> Result<(), Error>;
    /// The ticket of this id.
    fn find(&mut self, id: TicketId) -> Result<Option<Ticket>, Error>;
    /// The ticket of this id, with what it refers to (parties' participants left empty).
    fn details(&mut self, id: TicketId) -> Result<Option<TicketDetails>, Error>;
    /// A customer's own tickets and those of their groups, newest first, in one of these statuses (none: in any);
    /// one row more than the limit, where there is one.
    fn of_customer(
        &mut self,
        customer: CustomerId,
        statuses: &[Status],
        ask: PageRequest,
    ) -> Result<Vec<TicketDetails>, Error>;
    /// The tickets that pass the filter, in the order of `ask.after.sort`, each with its place there; one row more than
    /// the limit, where there is one.
    fn list(&mut self, filter: &Filter, ask: PageRequest) -> Result<Vec<(Cursor, TicketDetails)>, Error>;
}

/// Customers, and the rides, orders and bookings they had a part in.
pub trait People {
    /// The customer of this id.
    fn customer(&mut self, id: CustomerId) -> Result<Option<Customer>, Error>;
    /// Whether the customer booked it or was among its participants; false also where it does not exist.
    fn is_participant(&mut self, customer: CustomerId, place: ReferenceId) -> Result<bool, Error>;
    /// The ride of this id, with its participants.
    fn ride(&mut self, id: RideId) -> Result<Option<Ride>, Error>;
    /// The order of this id, with its participants.
    fn order(&mut self, id: OrderId) -> Result<Option<Order>, Error>;
    /// The booking of this id, with its participants.
    fn booking(&mut self, id: BookingId) -> Result<Option<Booking>, Error>;
    /// Writes a customer.
    fn insert_customer(&mut self, customer: &Customer) -> Result<(), Error>;
    /// Writes a ride with its participants.
    fn insert_ride(&mut self, ride: &Ride) -> Result<(), Error>;
    /// Writes an order with its participants.
    fn insert_order(&mut self, order: &Order) -> Result<(), Error>;
    /// Writes a booking with its participants.
    fn insert_booking(&mut self, booking: &Booking) -> Result<(), Error>;
}

/// The ledger.
pub trait Points {
    /// State that the award for an operation on a customer's ticket depends on; none where there is no such customer.
    fn award_standing(
        &mut self,
        customer: CustomerId,
        ticket: TicketId,
        action: AuditAction,
    ) -> Result<Option<AwardStanding>, Error>;
    /// The row that this customer was granted under this key.
    fn granted(&mut self, customer: CustomerId, key: &str) -> Result<Option<LedgerLine>, Error>;
    /// The sum of a customer's rows.
    fn balance(&mut self, customer: CustomerId) -> Result<Balance, Error>;
    /// A customer's rows, newest first (`ask.after.id`); one more than the limit, where there is one.
    fn history(&mut self, customer: CustomerId, ask: PageRequest) -> Result<Vec<LedgerLine>, Error>;
}

/// Operation as it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// Number of its audit entry.
    pub audit: AuditId,
    /// Why the ledger did not take its row, where it had one.
    pub refusal: Option<LedgerRefusal>,
}

/// Why the ledger did not take a row. The rest of the operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerRefusal {
    /// The ticket earned for the operation before, or the key granted before.
    Duplicate,
    /// Another constraint of the ledger, or a statement that the engine could not run.
    Failed,
}

/// Audit, notifications and events.
pub trait Trail {
    /// Writes an operation: its audit entry, numbered and sealed to the one before it for its subject, and the rows that
    /// name the entry. A row that the ledger does not take undoes only itself.
    ///
    /// # Errors
    /// Whatever undoes the whole transaction: a full disk, an I/O error, a lock.
    fn record(&mut self, operation: &Operation) -> Result<Recorded, Error>;
    /// Everything that was written about a ticket, in the order of its operations.
    fn history(&mut self, ticket: TicketId) -> Result<Vec<HistoryLine>, Error>;
    /// The highest sequence number that an event was given, whether or not that event is still there; 0 before the first.
    fn newest_event(&mut self) -> Result<i64, Error>;
    /// Whom the events after this number concern, in order; at most `limit` of them.
    fn audiences(&mut self, after: i64, limit: u32) -> Result<Vec<Audience>, Error>;
    /// The events that concern a customer after this number, in order; at most `limit` of them.
    fn events_of(&mut self, customer: CustomerId, after: i64, limit: u32) -> Result<Vec<PublishedEvent>, Error>;
    /// A customer's notifications, or only those not yet read, newest first (`ask.after.id`); one more than the limit.
    fn inbox(&mut self, customer: CustomerId, unread: bool, ask: PageRequest) -> Result<Vec<InboxItem>, Error>;
    /// How many notifications a customer has not read.
    fn unread(&mut self, customer: CustomerId) -> Result<i64, Error>;
    /// Marks a customer's own notifications that were not read; says how many these were.
    fn mark_read(&mut self, customer: CustomerId, marking: &ReadSelection, now: Timestamp) -> Result<usize, Error>;
}

/// Tokens, by their digests.
pub trait Tokens {
    /// Writes a token's record.
    fn insert(&mut self, token: &NewToken, digest: Digest, now: Timestamp) -> Result<TokenRecord, Error>;
    /// The record of the token with this digest.
    fn find(&mut self, digest: Digest) -> Result<Option<TokenRecord>, Error>;
    /// The record of this id.
    fn get(&mut self, id: TokenId) -> Result<Option<TokenRecord>, Error>;
    /// Records, newest first, of one principal or of all; ids below `after`, one more than the limit, where there is one.
    fn list(&mut self, principal: Option<&Principal>, ask: PageRequest) -> Result<Vec<TokenRecord>, Error>;
    /// Marks a record that is not yet revoked.
    ///
    /// # Errors
    /// [`Error::Changed`] where it was revoked meanwhile.
    fn revoke(&mut self, id: TokenId, now: Timestamp) -> Result<(), Error>;
}

/// Answers that are kept for requests that may come again.
pub trait IdempotencyKeys {
    /// The answer to this principal, endpoint and key that is kept at this instant, whatever body it answered.
    fn find(&mut self, key: &IdempotencyKey, now: Timestamp) -> Result<Option<IdempotencyRecord>, Error>;
    /// Keeps an answer until then, in the place of one that has expired now.
    ///
    /// # Errors
    /// [`Error::Changed`] where another is kept that has not.
    fn insert(
        &mut self,
        key: &IdempotencyKey,
        response: &StoredResponse,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<(), Error>;
    /// Drops at most so many expired answers, the oldest first; says how many these were.
    fn purge(&mut self, now: Timestamp, most: u32) -> Result<usize, Error>;
}

/// The audit log, and the rows that are compared with it, in the order in which they were written: rows after a number,
/// at most so many.
pub trait AuditLog {
    /// The entries that pass the filter, newest first (`ask.after.id`); one more than the limit, where there is one.
    fn list(&mut self, filter: &AuditFilter, ask: PageRequest) -> Result<Vec<AuditLine>, Error>;
    /// How far the tables go.
    fn extent(&mut self) -> Result<Extent, Error>;
    /// Entries as they stand.
    fn lines(&mut self, after: i64, limit: u32) -> Result<Vec<AuditLine>, Error>;
    /// Entries with what is known of their subjects.
    fn entries(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<DecodedEntry>>, Error>;
    /// Rows of the ledger.
    fn ledger(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<DecodedRow<LedgerEntry>>>, Error>;
    /// Notifications.
    fn notifications(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<DecodedRow<Notification>>>, Error>;
    /// Events.
    fn events(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<DecodedRow<OutboxRow>>>, Error>;
    /// Tickets with their last entries.
    fn tickets(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<TicketRow>>, Error>;
    /// Tokens with their entries.
    fn tokens(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<TokenRow>>, Error>;
    /// Webhooks with their entries.
    fn webhooks(&mut self, after: i64, limit: u32) -> Result<Vec<Decoded<WebhookRow>>, Error>;
}
