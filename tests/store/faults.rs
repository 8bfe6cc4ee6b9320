//! Rows that no program of ours writes: somebody wrote past it.

use support::model::page::{Filter, Sort};
use support::model::{Error, StoreFault};
use support::store::Unit;

use crate::world::{Home, customer, fault, furnish, opened, page, ticket_id};

/// What reading says once the statement was run past every check of the tables.
fn tampered(statement: &str, read: impl Fn(&mut dyn Unit) -> Result<(), Error>) -> Result<(), StoreFault> {
    let home = Home::new();
    let store = home.open();
    furnish(&store);
    opened(&store);
    let past = home.past();
    past.execute_batch("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF").unwrap();
    past.execute_batch(statement).unwrap();
    store.read(|unit| read(unit)).map_err(|error| fault(&error))
}

#[test]
fn a_ticket_that_cannot_be_is_damage() {
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
        let shown = |unit: &mut dyn Unit| unit.tickets().shown(ticket_id(1)).map(drop);
        let listed = |unit: &mut dyn Unit| unit.tickets().list(&Filter::default(), page(5, Sort::Created)).map(drop);
        for outcome in [tampered(&statement, shown), tampered(&statement, listed)] {
            assert!(matches!(outcome, Err(StoreFault::Damaged(_))), "{change}: {outcome:?}");
        }
    }
}

#[test]
fn a_balance_beyond_counting_is_an_error() {
    let statement = "INSERT INTO ledger (audit_id, customer_id, action, points, cents, actor_kind, at)
        VALUES (1, 1, 'manual_grant', 9223372036854775807, 1, 'fixtures', 0)";
    let outcome = tampered(statement, |unit| unit.points().balance(customer(1)).map(drop));
    assert_eq!(outcome, Err(StoreFault::Failed));
}

#[test]
fn a_history_that_cannot_be_is_damage() {
    for statement in [
        "UPDATE notifications SET notice = 'hello'",
        "UPDATE outbox SET name = 'support:lost'",
        "INSERT INTO audit (action, subject_kind, subject_id, actor_kind, at) VALUES ('x', 'ticket', 1, 'agent', 0)",
    ] {
        let outcome = tampered(statement, |unit| unit.trail().history(ticket_id(1)).map(drop));
        assert!(matches!(outcome, Err(StoreFault::Damaged(_))), "{statement}: {outcome:?}");
    }
}
