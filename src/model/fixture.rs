//! A fixture file: a small world in JSON. Every fault in it is found, each with its place.

use std::collections::HashSet;
use std::hash::Hash;

use serde_json::{Map, Value};

use super::draft::Draft;
use super::json::{self, Fields};
use super::person::Customer;
use super::place::{Booking, Money, Order, Party, Ride};
use super::ticket::{NewTicket, Ticket};
use super::{BookingId, Code, CustomerId, Error, Fault, Faults, Level, Message, OrderId, RideId, Status, TicketId};

/// The names of the fixtures that the executable carries.
pub const BUILT_IN: &[&str] = &["demo"];

/// The longest name of a person, place, merchant or venue, in Unicode characters.
const NAME_MAX: usize = 500;

/// The fixture of this name, where the executable carries one.
pub fn built_in(name: &str) -> Option<&'static [u8]> {
    (name == "demo").then_some(include_bytes!("../../fixtures/demo.json"))
}

/// The rows of a fixture file, in its order; all that its own text can show has been checked.
#[derive(Debug, Default)]
pub struct Fixture {
    /// Customers.
    pub customers: Vec<Customer>,
    /// Rides.
    pub rides: Vec<Ride>,
    /// Orders.
    pub orders: Vec<Order>,
    /// Bookings.
    pub bookings: Vec<Booking>,
    /// Tickets.
    pub tickets: Vec<Ticket>,
}

impl Fixture {
    /// Reads a fixture file.
    ///
    /// # Errors
    /// [`Error::InvalidFixture`] with the place of every fault at once.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let whole =
            |message| Error::InvalidFixture(vec![Fault { code: Code::InvalidFixture, field: String::new(), message }]);
        let value = json::parse(bytes).map_err(whole)?;
        let object = value.as_object().ok_or_else(|| whole(Message::new("fault.not_object")))?;
        let mut faults = Faults::default();
        Fields::new(object, "", Code::InvalidFixture, &mut faults).only(&[
            "customers",
            "rides",
            "orders",
            "bookings",
            "tickets",
        ]);
        let fixture = Self {
            customers: list(object, "customers", &mut faults, customer),
            rides: list(object, "rides", &mut faults, ride),
            orders: list(object, "orders", &mut faults, order),
            bookings: list(object, "bookings", &mut faults, booking),
            tickets: list(object, "tickets", &mut faults, ticket),
        };
        if faults.is_empty() { Ok(fixture) } else { Err(Error::InvalidFixture(faults.into_found())) }
    }
}

/// A row with its id, as [`list`] reads it.
type Read<I, T> = fn(&mut Fields<'_>) -> (Option<I>, Option<T>);

/// Reads each object of a list; an id that stands there twice is a fault.
fn list<I: Copy + Eq + Hash, T>(
    object: &Map<String, Value>,
    name: &str,
    faults: &mut Faults,
    read: Read<I, T>,
) -> Vec<T> {
    let Some(value) = object.get(name) else { return Vec::new() };
    let Some(items) = value.as_array() else {
        faults.add(Code::InvalidFixture, name, Message::new("fault.not_list"));
        return Vec::new();
    };
    let mut seen = HashSet::new();
    let mut rows = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let place = format!("{name}[{index}]");
        let Some(item) = item.as_object() else {
            faults.add(Code::InvalidFixture, place, Message::new("fault.not_object"));
            continue;
        };
        let mut fields = Fields::new(item, place, Code::InvalidFixture, faults);
        let (id, row) = read(&mut fields);
        if id.is_some_and(|id| !seen.insert(id)) {
            fields.wrong("id", Message::new("fault.twice"));
        }
        rows.extend(row);
    }
    rows
}

fn customer(fields: &mut Fields<'_>) -> (Option<CustomerId>, Option<Customer>) {
    fields.only(&["id", "name", "locale", "rewardsActive"]);
    let id = needed_id(fields, "id", CustomerId::new);
    let name = name(fields, "name");
    let locale = fields.text("locale").unwrap_or("en").to_owned();
    if !is_language_tag(&locale) {
        fields.wrong("locale", Message::new("fault.locale"));
    }
    let rewards_active = fields.truth("rewardsActive").unwrap_or(true);
    let row = |id, name| Customer { id, name, locale, rewards_active };
    (id, id.zip(name).map(|(id, name)| row(id, name)))
}

fn ride(fields: &mut Fields<'_>) -> (Option<RideId>, Option<Ride>) {
    fields.only(&["id", "customerId", "participantIds", "pickupLocation", "dropoffLocation"]);
    let id = needed_id(fields, "id", RideId::new);
    let party = party(fields);
    let pickup = name(fields, "pickupLocation");
    let dropoff = name(fields, "dropoffLocation");
    let row = || Some(Ride { id: id?, party: party?, pickup: pickup?, dropoff: dropoff? });
    (id, row())
}

fn order(fields: &mut Fields<'_>) -> (Option<OrderId>, Option<Order>) {
    fields.only(&["id", "customerId", "participantIds", "merchantName", "total"]);
    let id = needed_id(fields, "id", OrderId::new);
    let party = party(fields);
    let merchant = name(fields, "merchantName");
    let total = money(fields, "total");
    let row = || Some(Order { id: id?, party: party?, merchant: merchant?, total: total? });
    (id, row())
}

fn booking(fields: &mut Fields<'_>) -> (Option<BookingId>, Option<Booking>) {
    fields.only(&["id", "customerId", "participantIds", "venueName", "startsAt", "partySize"]);
    let id = needed_id(fields, "id", BookingId::new);
    let party = party(fields);
    let venue = name(fields, "venueName");
    let starts_at = fields.time("startsAt");
    let starts_at = fields.needed("startsAt", starts_at);
    let size = fields.number("partySize");
    let size = fields.needed("partySize", size);
    let party_size = size.and_then(|size| u32::try_from(size).ok()).filter(|size| (1..=10_000).contains(size));
    if size.is_some() && party_size.is_none() {
        fields.wrong("partySize", Message::new("fault.party_size"));
    }
    let row =
        || Some(Booking { id: id?, party: party?, venue: venue?, starts_at: starts_at?, party_size: party_size? });
    (id, row())
}

fn ticket(fields: &mut Fields<'_>) -> (Option<TicketId>, Option<Ticket>) {
    fields.only(&[
        "id",
        "customerId",
        "serviceType",
        "issueType",
        "description",
        "rideId",
        "orderId",
        "bookingId",
        "groupCustomerIds",
        "status",
        "level",
        "createdAt",
        "updatedAt",
    ]);
    let id = needed_id(fields, "id", TicketId::new);
    let owner = needed_id(fields, "customerId", CustomerId::new);
    let status = fields.text("status").map_or(Some(Status::Open), Status::parse);
    if status.is_none() {
        fields.wrong("status", Message::new("fault.status").with("known", super::draft::known(Status::ALL)));
    }
    let level = level(fields, status);
    let created_at = fields.time("createdAt");
    let created_at = fields.needed("createdAt", created_at);
    let updated_at = fields.time("updatedAt").or(created_at);
    if updated_at < created_at {
        fields.wrong("updatedAt", Message::new("fault.updated_before"));
    }
    let draft = Draft::read(fields);
    let new = fields.check(draft, owner);
    let row = |new: NewTicket| {
        let opened = new.opened(id?, created_at?);
        Some(Ticket { status: status?, level: level?, updated_at: updated_at?, ..opened })
    };
    (id, new.and_then(row))
}

/// The level that is given; else 1, or 2 where the ticket is escalated.
fn level(fields: &mut Fields<'_>, status: Option<Status>) -> Option<Level> {
    if fields.has("level") {
        let level = fields.number("level").and_then(Level::new);
        if level.is_none() {
            fields.wrong("level", Message::new("fault.level"));
        }
        return level;
    }
    Some(match status {
        Some(Status::Escalated) => Level::SECOND,
        Some(Status::Open | Status::Closed) | None => Level::FIRST,
    })
}

fn needed_id<T>(fields: &mut Fields<'_>, name: &str, make: fn(i64) -> Option<T>) -> Option<T> {
    let id = fields.id(name, make);
    fields.needed(name, id)
}

/// A name: not blank, at most 500 characters. It comes from the platform, so it is shown with care, not refused.
fn name(fields: &mut Fields<'_>, name: &str) -> Option<String> {
    let text = fields.text(name);
    let text = fields.needed(name, text)?;
    if text.trim().is_empty() || text.chars().count() > NAME_MAX {
        fields.wrong(name, Message::new("fault.name").with("most", NAME_MAX));
        return None;
    }
    Some(text.to_owned())
}

fn party(fields: &mut Fields<'_>) -> Option<Party> {
    let customer = needed_id(fields, "customerId", CustomerId::new);
    let mut participants = fields.ids("participantIds", CustomerId::new);
    participants.sort_unstable();
    participants.dedup();
    participants.retain(|participant| Some(*participant) != customer);
    customer.map(|customer| Party { customer, participants })
}

fn money(fields: &mut Fields<'_>, name: &str) -> Option<Money> {
    let total = fields.value(name);
    let total = fields.needed(name, total)?;
    let part = |part: &str| total.get(part).and_then(Value::as_str);
    let money = part("amount").zip(part("currency")).and_then(|(amount, currency)| Money::new(amount, currency));
    let known = total.as_object().is_some_and(|total| total.len() == 2);
    if money.is_none() || !known {
        fields.wrong(name, Message::new("fault.money"));
    }
    money
}

/// The shape of a language tag (BCP 47), not whether there is such a language.
fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    let plain = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (2..=8).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic()) && parts.all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<String> {
        let error = Fixture::parse(text.as_bytes()).unwrap_err();
        error.faults().iter().map(|fault| fault.field.clone()).collect()
    }

    #[test]
    fn the_demo_is_a_good_fixture() {
        let demo = Fixture::parse(built_in("demo").unwrap()).unwrap();
        assert_eq!(demo.customers.len(), 12);
        assert!(demo.tickets.len() >= 40);
    }

    #[test]
    fn every_list_may_be_missing() {
        assert!(Fixture::parse(b"{}").unwrap().tickets.is_empty());
    }

    #[test]
    fn every_fault_is_named_by_its_place() {
        let text = r#"{
            "customers": [{"id": 1, "name": "A"}, {"id": 1, "name": "B"}, {"id": "2", "name": "", "nick": "x"}],
            "orders": [{"id": 1, "customerId": 1, "merchantName": "M", "total": {"amount": 5, "currency": "USD"}}],
            "bookings": 7,
            "tickets": [{"id": 1, "customerId": 1, "serviceType": "ride", "issueType": "OTHER", "description": " ",
                "status": "LOST", "level": 4, "createdAt": "yesterday"}]
        }"#;
        let expected = [
            "customers[1].id",
            "customers[2].nick",
            "customers[2].id",
            "customers[2].name",
            "orders[0].total",
            "bookings",
            "tickets[0].status",
            "tickets[0].level",
            "tickets[0].createdAt",
            "tickets[0].description",
            "tickets[0].rideId",
        ];
        assert_eq!(places(text), expected);
    }

    #[test]
    fn what_is_no_json_has_no_place() {
        assert_eq!(places("{"), [""]);
        assert_eq!(places("[]"), [""]);
    }

    #[test]
    fn level_and_time_follow_from_the_status() {
        let ticket = |status: &str| {
            let text = format!(
                r#"{{"tickets": [{{"id": 1, "customerId": 1, "serviceType": "ride", "rideId": 1, "issueType": "OTHER",
                "description": "late", "status": "{status}", "createdAt": "2025-06-01T00:00:00Z"}}]}}"#
            );
            Fixture::parse(text.as_bytes()).unwrap().tickets.remove(0)
        };
        assert_eq!(ticket("OPEN").level, Level::FIRST);
        assert_eq!(ticket("ESCALATED").level, Level::SECOND);
        assert_eq!(ticket("CLOSED").updated_at, ticket("CLOSED").created_at);
    }
}
