//! Enums are checked by the program, not by the tables: a new value needs no table rebuild, and an unknown one is an
//! error that names it.

use rusqlite::Connection;
use support::model::pagination::Sort;
use support::model::{Error, StoreError};
use support::store::{Store, Unit};

use crate::world::{Home, customer, furnish, opened, page, ticket_id};

/// Creates a closed store with one ticket, and a raw connection to it.
fn new_store() -> (Home, Connection) {
    let home = Home::new();
    let store = home.open();
    furnish(&store);
    opened(&store);
    store.close();
    let raw = home.raw_connection();
    (home, raw)
}

/// Statements with enum values of a later program version.
const LATER_VALUES: &str = "
    UPDATE tickets SET status = 'WAITING', service = 'parcel', issue = 'LOST_ITEM' WHERE id = 1;
    INSERT INTO audit (action, subject_kind, subject_id, actor_kind, at, status, level, hash)
    VALUES ('ticket.replied', 'message', 1, 'system', 0, 'WAITING', 1, zeroblob(32));
    INSERT INTO notifications (audit_id, customer_id, notice, ticket_id, level, at)
    VALUES (2, 1, 'notification.ticket_replied', 1, 1, 0);
    INSERT INTO outbox (audit_id, name, ticket_id, at, data) VALUES (2, 'support:ticket_replied', 1, 0, '{}');
    INSERT INTO event_audience (customer_id, event_id) VALUES (1, 2);
    INSERT INTO ledger (audit_id, customer_id, action, points, cents, ticket_id, operation, actor_kind, at)
    VALUES (2, 1, 'ticket_rating', 5, 0, 1, 'rated', 'system', 0);
    INSERT INTO tokens (principal_kind, principal_name, role, permissions, digest, created_at, expires_at)
    VALUES ('service', 'catalog', 'service', 1048576, randomblob(32), 0, 1);
    INSERT INTO leases (channel, holder, heartbeat, challenged, since, seen_at) VALUES ('clocks', hex(zeroblob(16)), 1, 0, 0, 0);";

#[test]
fn a_new_enum_value_needs_no_table_rebuild() {
    let (_home, raw) = new_store();
    raw.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    raw.execute_batch(LATER_VALUES).unwrap();
    for status in ["RESOLVED", "CLOSED", "OPEN"] {
        raw.execute("UPDATE tickets SET status = ?1 WHERE id = 1", [status]).unwrap();
    }
    let wrong: i64 = raw
        .query_row("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(wrong, 0);
}

/// Returns the error of a read, as text.
fn read_error<T>(store: &Store, read: impl FnMut(&mut dyn Unit) -> Result<T, Error>) -> String {
    match store.read_blocking(read).map(drop).unwrap_err() {
        Error::Store { error: StoreError::Damaged(_), source: Some(source) } => source.to_string(),
        other => panic!("another error: {other:?}"),
    }
}

#[test]
fn an_unknown_enum_value_is_an_error_that_names_it() {
    for (change, wanted) in [
        ("UPDATE tickets SET status = 'WAITING'", "column `status` holds `WAITING`, which is no status"),
        ("UPDATE tickets SET service = 'parcel'", "column `service` holds `parcel`, which is no service"),
        ("UPDATE tickets SET issue = 'LOST_ITEM'", "column `issue` holds `LOST_ITEM`, which is no issue"),
    ] {
        let (home, raw) = new_store();
        raw.execute_batch(change).unwrap();
        let store = home.open();
        assert_eq!(read_error(&store, |unit| unit.tickets().find(ticket_id(1))), wanted);
        assert_eq!(read_error(&store, |unit| unit.tickets().details(ticket_id(1))), wanted);
    }
    let (home, raw) = new_store();
    raw.execute_batch(LATER_VALUES).unwrap();
    let store = home.open();
    let action = "column `action` holds `ticket.replied`, which is no audit action";
    assert_eq!(read_error(&store, |unit| unit.audit_log().lines(0, 10)), action);
    let event = "column `name` holds `support:ticket_replied`, which is no event";
    assert_eq!(read_error(&store, |unit| unit.events().of_customer(customer(1), 1, 10)), event);
    let notice = "column `notice` holds `notification.ticket_replied`, which is no notice";
    assert_eq!(
        read_error(&store, |unit| unit.notifications().inbox(customer(1), false, page(10, Sort::Created))),
        notice
    );
    let award = "column `action` holds `ticket_rating`, which is no action";
    assert_eq!(read_error(&store, |unit| unit.ledger().history(customer(1), page(10, Sort::Created))), award);
}
