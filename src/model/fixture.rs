//! Fixture files: customers, references and tickets as JSON. All errors are collected, each with its path.

mod difference;
mod mention;
mod row;

use std::hash::Hash;

use serde_json::{Map, Value};

use super::bom::without_bom;
use super::customer::Customer;
use super::json::{self, Fields};
use super::reference::{Booking, Order, Ride};
use super::ticket::Ticket;
use super::{Code, Error, Message, ValidationError, ValidationErrors};
pub use difference::{Compare, differences};
pub use mention::{Mention, MentionTarget, Mentions};

/// Names of the fixtures embedded in the executable.
pub const BUILT_IN: &[&str] = &["demo"];

/// Returns an embedded fixture by name.
pub fn built_in(name: &str) -> Option<&'static [u8]> {
    (name == "demo").then_some(include_bytes!("../../fixtures/demo.json"))
}

/// Parsed rows of a fixture file, each with its index in its list, and the errors that are detectable without a store.
#[derive(Debug, Default)]
pub struct Fixture {
    /// Customers.
    pub customers: Vec<(usize, Customer)>,
    /// Rides.
    pub rides: Vec<(usize, Ride)>,
    /// Orders.
    pub orders: Vec<(usize, Order)>,
    /// Bookings.
    pub bookings: Vec<(usize, Booking)>,
    /// Tickets.
    pub tickets: Vec<(usize, Ticket)>,
    /// References between rows, and the ids defined in the file; includes those of invalid rows.
    pub mentions: Mentions,
    /// Errors in the order of the file. If there are any, the lists above are incomplete.
    pub errors: Vec<ValidationError>,
}

impl Fixture {
    /// Parses a fixture file. Errors of rows are in [`Fixture::errors`].
    ///
    /// # Errors
    /// [`Error::InvalidFixture`] if it is not a JSON object.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let file_error = |message| {
            Error::InvalidFixture(vec![ValidationError { code: Code::InvalidFixture, field: String::new(), message }])
        };
        let value = json::parse(without_bom(bytes)).map_err(file_error)?;
        let object = value.as_object().ok_or_else(|| file_error(Message::new("validation.not_object")))?;
        let mut errors = ValidationErrors::default();
        let mut mentions = Mentions::default();
        Fields::new(object, "", Code::InvalidFixture, &mut errors).allow_only(&[
            "customers",
            "rides",
            "orders",
            "bookings",
            "tickets",
        ]);
        let mut file = File { object, errors: &mut errors, mentions: &mut mentions };
        Ok(Self {
            customers: file.list("customers", row::customer),
            rides: file.list("rides", row::ride),
            orders: file.list("orders", row::order),
            bookings: file.list("bookings", row::booking),
            tickets: file.list("tickets", row::ticket),
            mentions,
            errors: errors.into_unsorted(),
        })
    }
}

/// Parser state of a file.
struct File<'f> {
    object: &'f Map<String, Value>,
    errors: &'f mut ValidationErrors,
    mentions: &'f mut Mentions,
}

/// Parser of one row: returns its id, and the row if it is valid.
type Read<I, T> = fn(&mut Fields<'_>, &mut Mentions) -> (Option<I>, Option<T>);

impl File<'_> {
    /// Parses each object of a list; a repeated id is an error.
    fn list<I: Copy + Eq + Hash, T>(&mut self, name: &str, read: Read<I, T>) -> Vec<(usize, T)> {
        let Some(value) = self.object.get(name) else { return Vec::new() };
        let Some(items) = value.as_array() else {
            self.errors.add(Code::InvalidFixture, name, Message::new("validation.not_list"));
            return Vec::new();
        };
        let mut seen = std::collections::HashSet::new();
        let mut rows = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let place = format!("{name}[{index}]");
            let Some(item) = item.as_object() else {
                self.errors.add(Code::InvalidFixture, place, Message::new("validation.not_object"));
                continue;
            };
            let mut fields = Fields::new(item, place, Code::InvalidFixture, self.errors);
            let (id, row) = read(&mut fields, self.mentions);
            if id.is_some_and(|id| !seen.insert(id)) {
                fields.add_invalid("id", Message::new("validation.twice"));
            }
            rows.extend(row.map(|row| (index, row)));
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Level;

    fn places(text: &str) -> Vec<String> {
        let errors = match Fixture::parse(text.as_bytes()) {
            Ok(fixture) => fixture.errors,
            Err(error) => error.validation_errors().to_vec(),
        };
        errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn the_demo_fixture_is_valid() {
        let demo = Fixture::parse(built_in("demo").unwrap()).unwrap();
        assert_eq!(demo.customers.len(), 12);
        assert!(demo.tickets.len() >= 40);
    }

    #[test]
    fn every_list_may_be_missing() {
        assert!(Fixture::parse(b"{}").unwrap().tickets.is_empty());
    }

    #[test]
    fn every_error_names_its_path() {
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
    fn one_byte_order_mark_is_ignored() {
        assert!(places("\u{feff}{}").is_empty());
        assert_eq!(places("\u{feff}\u{feff}{}"), [""]);
    }

    #[test]
    fn an_error_of_the_whole_file_has_an_empty_path() {
        assert_eq!(places("{"), [""]);
        assert_eq!(places("[]"), [""]);
    }

    #[test]
    fn level_and_update_time_have_defaults() {
        let ticket = |status: &str| {
            let text = format!(
                r#"{{"tickets": [{{"id": 1, "customerId": 1, "serviceType": "ride", "rideId": 1, "issueType": "OTHER",
                "description": "late", "status": "{status}", "createdAt": "2025-06-01T00:00:00Z"}}]}}"#
            );
            Fixture::parse(text.as_bytes()).unwrap().tickets.remove(0).1
        };
        assert_eq!(ticket("OPEN").level, Level::FIRST);
        assert_eq!(ticket("ESCALATED").level, Level::SECOND);
        assert_eq!(ticket("CLOSED").updated_at, ticket("CLOSED").created_at);
    }
}
