//! `audit verify`: every change by another program, with the triggers dropped, is found and named.

mod entries;
mod rows;

use std::sync::OnceLock;

use rusqlite::Connection;
use support::desk::audit::{Verified, verify};
use support::desk::webhook::add::add_webhook;
use support::desk::webhook::remove::remove_webhook;
use support::desk::webhook::rotate::rotate_secret;
use support::desk::{self, load_fixtures};
use support::model::actor::AgentName;
use support::model::audit::Subject;
use support::model::audit::{AuditLine, Head};
use support::model::audit_verify::Finding;
use support::model::award::Cents;
use support::model::fixture::Fixture;
use support::model::key::Key;
use support::model::ledger::Grant;
use support::model::permission::Permissions;
use support::model::role::Role;
use support::model::ticket::Reason;
use support::model::token::{Digest, NewToken};
use support::model::webhook::secret::SigningSecret;
use support::model::webhook::target::{Headers, Target};
use support::model::webhook::{MessageIdPrefix, NewWebhook};
use support::model::{Error, TokenError, TokenId};
use support::store::{Store, Unit};
use support::system;

use crate::world::{Home, agent, at, caller, customer, draft, furnish, now, ticket_id};

/// Fixture with a closed ticket.
const LOADED: &str = r#"{"tickets": [{"id": 77, "customerId": 1, "serviceType": "ride", "issueType": "OTHER",
    "description": "late", "rideId": 1, "status": "CLOSED", "createdAt": "2025-06-01T00:00:00Z"}]}"#;

/// Writes twelve entries: about tickets 1, 2, 3 and 77, a grant to customer 1, and tokens 1 and 2.
fn write_everything(unit: &mut dyn Unit) -> Result<(), Error> {
    let reason = Reason::new("refunded").unwrap();
    desk::create::create(unit, &caller(1), draft(1, &[2]), now())?;
    desk::create::create(unit, &caller(1), draft(1, &[2]), now())?;
    desk::escalate::escalate(unit, &caller(1), ticket_id(2), None, now())?;
    desk::close::close(unit, &agent(), ticket_id(2), Some(&reason), now())?;
    let grant = Grant::new(customer(1), 5, Cents(150), reason, Key::new("k")).unwrap();
    desk::grant_points::grant_points(unit, &agent(), &grant, now())?;
    let token = NewToken::for_customer(
        customer(1),
        Role::new("customer").unwrap(),
        Permissions::CUSTOMER,
        at(crate::world::NOW + 9),
    );
    desk::issue_token::issue_token(unit, &agent(), &token, Digest([1; 32]), now())?;
    desk::revoke_token::revoke_token(unit, &agent(), TokenId::FIRST, now())?;
    desk::issue_token::issue_token(unit, &agent(), &token, Digest([2; 32]), now())?;
    desk::create::create(unit, &agent(), draft(3, &[]), now())?;
    load_fixtures::load_fixtures(unit, &agent(), &Fixture::parse(LOADED.as_bytes())?)?;
    desk::close::close(unit, &caller(1), ticket_id(1), None, now())?;
    Ok(())
}

/// Returns a copy of a store with the twelve entries, which is created once.
fn store_with_entries() -> Home {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    let bytes = BYTES.get_or_init(|| {
        let home = Home::new();
        let store = home.open();
        furnish(&store);
        store.write_blocking(|unit| write_everything(unit)).unwrap();
        store.close();
        std::fs::read(home.file()).unwrap()
    });
    let home = Home::new();
    std::fs::write(home.file(), bytes).unwrap();
    home
}

/// Opens a raw connection without triggers and foreign keys.
fn raw_connection(home: &Home) -> Connection {
    let raw = home.raw_connection();
    raw.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
    let mut triggers = raw.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").unwrap();
    let names: Vec<String> = triggers.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for name in names {
        raw.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    drop(triggers);
    raw
}

fn verified(store: &Store, stored: Option<Head>) -> Result<Verified, Error> {
    store.read_blocking(|unit| verify(unit, &agent(), stored, |_| {}, |_| {}))
}

fn finding(home: &Home, stored: Option<Head>) -> Option<Finding> {
    match verified(&home.open(), stored) {
        Ok(_) => None,
        Err(Error::AuditBroken(finding)) => Some(finding),
        Err(other) => panic!("{other:?}"),
    }
}

/// Returns a store with entries 13 to 16 in addition: webhook 1 added and its secret rotated, webhook 2 added and
/// removed.
fn store_with_webhooks() -> Home {
    let home = store_with_entries();
    let store = home.open();
    let one = store.write_blocking(|unit| add_webhook(unit, &agent(), &webhook(), now())).unwrap().id;
    let secret = SigningSecret::from_random(system::random().unwrap());
    store.write_blocking(move |unit| rotate_secret(unit, &agent(), one, &secret, false, now())).unwrap();
    let two = store.write_blocking(|unit| add_webhook(unit, &agent(), &webhook(), now())).unwrap().id;
    assert!(store.write_blocking(move |unit| remove_webhook(unit, &agent(), two, now())).unwrap());
    home
}

fn webhook() -> NewWebhook {
    NewWebhook {
        target: Target::parse("https://example.com/", false).unwrap(),
        events: Vec::new(),
        headers: Headers::default(),
        secret: SigningSecret::from_random(system::random().unwrap()),
        id_prefix: MessageIdPrefix::from_random(system::random().unwrap()),
        by: AgentName::new("maria").unwrap(),
    }
}

/// Asserts the finding for each change.
fn found(tamperings: &[(&str, Finding)]) {
    found_in(store_with_entries, tamperings);
}

fn found_in(made: fn() -> Home, tamperings: &[(&str, Finding)]) {
    let missed: Vec<String> = tamperings
        .iter()
        .filter_map(|(sql, expected)| {
            let home = made();
            raw_connection(&home).execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
            let found = finding(&home, None);
            (found != Some(*expected)).then(|| format!("{sql}: found {found:?}, not {expected:?}"))
        })
        .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

fn ticket(id: i64) -> Subject {
    Subject::Ticket(ticket_id(id))
}

fn lines(home: &Home) -> Vec<AuditLine> {
    home.open().read_blocking(|unit| unit.audit_log().lines(0, 100)).unwrap()
}

/// Overwrites the entry with this id, hash included.
fn overwrite(raw: &Connection, line: &AuditLine) {
    let sql = "UPDATE audit SET reason = ?2, previous = ?3, hash = ?4 WHERE id = ?1";
    raw.execute(sql, (line.id.0, &line.entry.reason, line.previous.map(|hash| hash.0), line.hash.0)).unwrap();
}

#[test]
fn an_untampered_store_verifies() {
    let verified = verified(&store_with_entries().open(), None).unwrap();
    assert_eq!((verified.head.entries, verified.tickets, verified.tokens), (12, 4, 2));
    assert_eq!((verified.ledger, verified.notifications, verified.events), (5, 11, 6));
    let home = Home::new();
    assert_eq!(self::verified(&home.open(), None).unwrap().head, Head::START);
}

#[test]
fn the_audit_log_verifies_after_many_units_and_failures() {
    let home = store_with_entries();
    let store = home.open();
    for round in 0..20 {
        let opened = store.write_blocking(move |unit| {
            desk::create::create(unit, &caller(1), draft(1, &[2, 3]), now())?;
            if round % 3 == 0 { Err(Error::BadToken(TokenError::Unknown)) } else { Ok(()) }
        });
        assert_eq!(opened.is_ok(), round % 3 != 0);
        let refused = store.write_blocking(|unit| desk::close::close(unit, &caller(1), ticket_id(1), None, now()));
        assert!(refused.is_err());
    }
    assert_eq!(verified(&store, None).unwrap().head.entries, 25);
}

#[test]
fn a_refused_award_leaves_no_gap_in_the_ledger() {
    let home = store_with_entries();
    let sql = "CREATE TRIGGER sabotage BEFORE INSERT ON ledger WHEN new.ticket_id = 78
               BEGIN SELECT raise(ABORT, 'sabotage'); END";
    home.raw_connection().execute_batch(sql).unwrap();
    let store = home.open();
    for _ in 0..2 {
        store.write_blocking(|unit| desk::create::create(unit, &caller(1), draft(1, &[]), now()).map(|_| ())).unwrap();
    }
    assert_eq!(verified(&store, None).unwrap().ledger, 6);
}
