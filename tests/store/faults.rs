//! Files changed by other programs, and errors of SQLite in the middle of a unit.

use std::fs;

use support::desk;
use support::model::award::Cents;
use support::model::ledger::{Grant, NoAward};
use support::model::pagination::{Sort, TicketFilter};
use support::model::ticket::Reason;
use support::model::{Error, StoreError};
use support::store::sqlite::{MIGRATIONS, Settings};
use support::store::{Store, Unit};

use crate::world::{
    Home, agent, caller, customer, draft, furnish, now, opened, opened_by, page, store_error, ticket_id,
};

/// Runs a statement without the tables' checks. Returns the outcome of the read.
fn read_after_tampering(statement: &str, read: impl Fn(&mut dyn Unit) -> Result<(), Error>) -> Result<(), StoreError> {
    let home = Home::new();
    let store = home.open();
    furnish(&store);
    opened(&store);
    let raw = home.raw_connection();
    raw.execute_batch("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF").unwrap();
    raw.execute_batch(statement).unwrap();
    store.read_blocking(|unit| read(unit)).map_err(|error| store_error(&error))
}

#[test]
fn an_invalid_ticket_is_reported_as_damage() {
    for change in [
        "status = 'LOST'",
        "service = 'boat'",
        "issue = ''",
        "level = 4",
        "description = ''",
        "description = ' late '",
        "description = 'a' || char(0) || 'b'",
        "description = CAST(x'ff' AS TEXT)",
        "updated_at = 9223372036854775807",
        "ride_id = 99",
    ] {
        let statement = format!("UPDATE tickets SET {change}");
        let details = |unit: &mut dyn Unit| unit.tickets().details(ticket_id(1)).map(drop);
        let listed =
            |unit: &mut dyn Unit| unit.tickets().list(&TicketFilter::default(), page(5, Sort::Created)).map(drop);
        for outcome in [read_after_tampering(&statement, details), read_after_tampering(&statement, listed)] {
            assert!(matches!(outcome, Err(StoreError::Damaged(_))), "{change}: {outcome:?}");
        }
    }
}

#[test]
fn a_balance_that_overflows_is_an_error() {
    let statement = "INSERT INTO ledger (audit_id, customer_id, action, points, cents, actor_kind, at)
        VALUES (1, 1, 'manual_grant', 9223372036854775807, 1, 'fixtures', 0)";
    let outcome = read_after_tampering(statement, |unit| unit.ledger().balance(customer(1)).map(drop));
    assert_eq!(outcome, Err(StoreError::Failed));
}

#[test]
fn an_invalid_history_is_reported_as_damage() {
    for statement in [
        "UPDATE notifications SET notice = 'hello'",
        "UPDATE outbox SET name = 'support:lost'",
        "INSERT INTO audit (action, subject_kind, subject_id, actor_kind, at, hash) VALUES ('x', 'ticket', 1, 'agent', 0, zeroblob(32))",
    ] {
        let outcome = read_after_tampering(statement, |unit| unit.operations().history(ticket_id(1)).map(drop));
        assert!(matches!(outcome, Err(StoreError::Damaged(_))), "{statement}: {outcome:?}");
    }
}

/// Creates a store whose ledger rejects every row with this `RAISE`.
fn with_ledger_trigger(home: &Home, raises: &str) -> Store {
    let store = home.open();
    furnish(&store);
    let trigger =
        format!("CREATE TRIGGER planted BEFORE INSERT ON ledger BEGIN SELECT raise({raises}, 'planted'); END");
    home.raw_connection().execute_batch(&trigger).unwrap();
    store
}

#[test]
fn a_rejected_award_does_not_undo_the_operation() {
    let home = Home::new();
    let store = with_ledger_trigger(&home, "ABORT");
    let outcome = opened_by(&store, 1, &[2]);
    assert_eq!(outcome.no_award, Some(NoAward::Failed));
    assert_eq!(store.read_blocking(|unit| unit.tickets().find(outcome.ticket.id)).unwrap(), Some(outcome.ticket));
}

#[test]
fn a_rejected_grant_is_rolled_back() {
    let home = Home::new();
    let store = with_ledger_trigger(&home, "ABORT");
    let grant = Grant::new(customer(1), 5, Cents(0), Reason::new("sorry").unwrap(), None).unwrap();
    let refused = store.write_blocking(move |unit| desk::grant_points::grant_points(unit, &agent(), &grant, now()));
    assert_eq!(store_error(&refused.unwrap_err()), StoreError::Failed);
    let entries = store.read_blocking(|unit| unit.audit_log().lines(0, 9)).unwrap();
    assert_eq!(entries.len(), 0, "an audit entry without its row");
}

#[test]
fn a_transaction_that_sqlite_rolls_back_is_reported_as_failed() {
    let home = Home::new();
    let store = with_ledger_trigger(&home, "ROLLBACK");
    let outcome = store.write_blocking(|unit| desk::create::create(unit, &caller(1), draft(1, &[2]), now()));
    assert_eq!(store_error(&outcome.unwrap_err()), StoreError::Failed);
    assert_eq!(store.read_blocking(|unit| unit.tickets().find(ticket_id(1))).unwrap(), None);
    // Operations without a ledger row succeed.
    store.write_blocking(|unit| unit.tickets().insert(draft(1, &[2]), now())).unwrap();
}

#[test]
fn the_store_works_after_a_failed_commit() {
    let broken_promise = "CREATE TABLE promises (id INTEGER REFERENCES customers (id) DEFERRABLE INITIALLY DEFERRED);
        CREATE TRIGGER planted AFTER INSERT ON pulse BEGIN INSERT INTO promises VALUES (99); END;";
    let migrations = MIGRATIONS.iter().copied().chain([broken_promise]).collect();
    let home = Home::new();
    let store = home.open_with(Settings { migrations, ..Settings::default() }).unwrap();
    furnish(&store);
    let outcome = store.write_blocking(|unit| unit.pulse(now()));
    assert_eq!(store_error(&outcome.unwrap_err()), StoreError::Failed);
    let left: i64 = home.raw_connection().query_row("SELECT count(*) FROM pulse", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
    opened(&store);
}

#[test]
fn a_moved_or_replaced_file_rejects_writes_until_it_is_back() {
    let home = Home::new();
    let store = home.open();
    furnish(&store);
    let opens = || store.write_blocking(|unit| unit.tickets().insert(draft(1, &[]), now()).map(drop));
    let displaced = |done: Result<(), Error>| matches!(done, Err(Error::Store { error: StoreError::Displaced(_), .. }));
    opens().unwrap();
    let away = home.folder().join("away.db");
    fs::rename(home.file(), &away).unwrap();
    assert!(displaced(opens()), "moved");
    fs::copy(&away, home.file()).unwrap();
    assert!(displaced(opens()), "replaced");
    fs::rename(&away, home.file()).unwrap();
    opens().unwrap();
    let count: i64 = home.raw_connection().query_row("SELECT count(*) FROM tickets", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 2, "what was refused was not written");
}
