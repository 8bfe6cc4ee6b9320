//! Test world of a store: four customers, a ride, an order and a booking.

use std::path::{Path, PathBuf};

use support::desk::{self, Outcome};
use support::model::EmailAddress;
use support::model::actor::AgentName;
use support::model::customer::Customer;
use support::model::pagination::{Cursor, PageRequest, Sort};
use support::model::permission::Permissions;
use support::model::principal::Caller;
use support::model::reference::{Booking, Money, Order, Participants, Reference, Ride};
use support::model::ticket::{Description, NewTicket, Ticket};
use support::model::{
    BookingId, CustomerId, Error, IssueType, OrderId, RideId, ServiceType, StoreError, TicketId, Timestamp,
};
use support::store::sqlite::{Open, Settings, Sqlite};
use support::store::{Store, Unit};
use tempfile::TempDir;

/// 2025-06-15T15:06:40Z.
pub(crate) const NOW: i64 = 1_750_000_000;

/// Store with the test world, and its location.
pub(crate) struct World {
    pub(crate) store: Store,
    join: Box<dyn Fn() -> Store + Sync>,
}

impl World {
    /// Opens another store at the same location, as another server does.
    pub(crate) fn joined(&self) -> Store {
        (self.join)()
    }
}

/// Creates a SQLite store with the test world.
pub(crate) fn sqlite() -> World {
    let home = Home::new();
    let store = home.open();
    furnish(&store);
    World { store, join: Box::new(move || home.open()) }
}

/// Folder with a store's file.
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.0.path().join("support.db")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Opens the store, and creates it if there is none.
    pub(crate) fn open(&self) -> Store {
        Store::new(Sqlite::open(&self.file(), Open::Create).unwrap())
    }

    pub(crate) fn open_with(&self, settings: Settings) -> Result<Store, Error> {
        Sqlite::open_with(&self.file(), Open::Create, settings).map(Store::new)
    }

    /// Returns the error with which the file is rejected.
    pub(crate) fn refusal(&self, how: Open) -> StoreError {
        store_error(&Sqlite::open(&self.file(), how).err().expect("the file was opened"))
    }

    /// Opens a raw connection, as another program does.
    pub(crate) fn raw_connection(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.file()).unwrap()
    }
}

/// Returns the store error of an outcome.
pub(crate) fn store_error(error: &Error) -> StoreError {
    match error {
        Error::Store { error, .. } => error.clone(),
        other => panic!("not an error of the store: {other:?}"),
    }
}

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(crate) fn now() -> Timestamp {
    at(NOW)
}

pub(crate) fn customer(id: i64) -> CustomerId {
    CustomerId::new(id).unwrap()
}

pub(crate) fn ticket_id(id: i64) -> TicketId {
    TicketId::new(id).unwrap()
}

pub(crate) fn caller(id: i64) -> Caller {
    Caller::customer(customer(id), Permissions::CUSTOMER)
}

pub(crate) fn agent() -> Caller {
    Caller::operator(AgentName::new("maria").unwrap(), false)
}

/// Returns the request for the first page in this order.
pub(crate) fn page(limit: u32, sort: Sort) -> PageRequest {
    PageRequest { limit, after: Cursor::start(sort) }
}

/// Inserts customers 1 to 4 (4 has no rewards), and ride 1, order 2 and booking 3 of customer 1 with participants 2 and
/// 3.
pub(crate) fn furnish(store: &Store) {
    store.write_blocking(|unit| insert_customers(unit)).unwrap();
}

fn insert_customers(unit: &mut dyn Unit) -> Result<(), Error> {
    for (id, name, locale) in [(1, "Amina", "fr"), (2, "Mateo", "es"), (3, "Grace", "en"), (4, "Layla", "ar")] {
        let customer = Customer {
            id: customer(id),
            name: name.to_owned(),
            locale: locale.to_owned(),
            rewards_active: id != 4,
            email: (id == 2).then(|| EmailAddress::new("two@example.com").unwrap()),
        };
        unit.customers().insert(&customer)?;
    }
    unit.references().insert_ride(&ride())?;
    unit.references().insert_order(&order())?;
    unit.references().insert_booking(&booking())
}

pub(crate) fn party() -> Participants {
    Participants { customer: customer(1), participants: vec![customer(2), customer(3)] }
}

pub(crate) fn ride() -> Ride {
    let (pickup, dropoff) = ("123 Main St".to_owned(), "456 Elm St".to_owned());
    Ride { id: RideId::new(1).unwrap(), party: party(), pickup, dropoff }
}

pub(crate) fn order() -> Order {
    let total = Money::new("23.50", "USD").unwrap();
    Order { id: OrderId::new(2).unwrap(), party: party(), merchant: "Noodle Bar".to_owned(), total }
}

pub(crate) fn booking() -> Booking {
    let id = BookingId::new(3).unwrap();
    Booking { id, party: party(), venue: "Table 9".to_owned(), starts_at: at(NOW + 3_600), party_size: 4 }
}

/// Returns a new ticket about the ride, for this customer and these members.
pub(crate) fn draft(owner: i64, members: &[i64]) -> NewTicket {
    NewTicket {
        owner: customer(owner),
        service: ServiceType::Ride,
        issue: IssueType::PaymentIssue,
        description: Description::new("charged twice").unwrap(),
        reference: Reference { ride: RideId::new(1), order: None, booking: None },
        members: members.iter().copied().map(customer).collect(),
    }
}

/// Opens a ticket of customer 1 by the use case.
pub(crate) fn opened(store: &Store) -> Ticket {
    opened_by(store, 1, &[2]).ticket
}

/// Opens a ticket of this customer by the use case.
pub(crate) fn opened_by(store: &Store, owner: i64, members: &[i64]) -> Outcome {
    let (caller, draft) = (caller(owner), draft(owner, members));
    store.write_blocking(move |unit| desk::create::create(unit, &caller, draft.clone(), now())).unwrap()
}
