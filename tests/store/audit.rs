//! The audit log's proof: whatever is changed past this program, with its triggers dropped, is found and named.

use std::sync::OnceLock;

use rusqlite::Connection;
use support::desk::audit::{Verified, verify};
use support::desk::webhook::add::add_webhook;
use support::desk::webhook::remove::remove_webhook;
use support::desk::webhook::rotate::rotate_secret;
use support::desk::{self, load_fixtures};
use support::model::audit::{AuditLine, Head};
use support::model::event::{AuditAction, AuditId, Subject};
use support::model::fixture::Fixture;
use support::model::key::Key;
use support::model::person::{AgentName, Role};
use support::model::proof::{Finding, Table};
use support::model::reward::{Cents, Grant};
use support::model::ticket::Reason;
use support::model::token::{Digest, NewToken};
use support::model::webhook::secret::SigningSecret;
use support::model::webhook::target::{Headers, Target};
use support::model::webhook::{NewWebhook, Tag};
use support::model::{Error, TokenId, WebhookId};
use support::store::{Store, Unit};

use crate::world::{Home, agent, at, caller, customer, draft, furnish, now, ticket_id};

/// A closed ticket that a fixture brings.
const LOADED: &str = r#"{"tickets": [{"id": 77, "customerId": 1, "serviceType": "ride", "issueType": "OTHER",
    "description": "late", "rideId": 1, "status": "CLOSED", "createdAt": "2025-06-01T00:00:00Z"}]}"#;

/// Twelve entries: about tickets 1, 2, 3 and 77, a grant to customer 1, and tokens 1 and 2.
fn write_everything(unit: &mut dyn Unit) -> Result<(), Error> {
    let reason = Reason::new("refunded").unwrap();
    desk::create::create(unit, &caller(1), draft(1, &[2]), now())?;
    desk::create::create(unit, &caller(1), draft(1, &[2]), now())?;
    desk::escalate::escalate(unit, &caller(1), ticket_id(2), None, now())?;
    desk::close::close(unit, &agent(), ticket_id(2), Some(&reason), now())?;
    let grant = Grant::new(customer(1), 5, Cents(150), reason, Key::new("k")).unwrap();
    desk::grant_points::grant_points(unit, &agent(), &grant, now())?;
    let token = NewToken {
        customer: customer(1),
        role: Role::new("customer").unwrap(),
        permissions: caller(1).permissions,
        expires_at: at(crate::world::NOW + 9),
    };
    desk::issue_token::issue_token(unit, &agent(), &token, Digest([1; 32]), now())?;
    desk::revoke_token::revoke_token(unit, &agent(), TokenId::FIRST, now())?;
    desk::issue_token::issue_token(unit, &agent(), &token, Digest([2; 32]), now())?;
    desk::create::create(unit, &agent(), draft(3, &[]), now())?;
    load_fixtures::load_fixtures(unit, &Fixture::parse(LOADED.as_bytes())?)?;
    desk::close::close(unit, &caller(1), ticket_id(1), None, now())?;
    Ok(())
}

/// A store in which all that happened, made once and copied.
fn written() -> Home {
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

/// A connection that nothing of ours stops any more.
fn intruder(home: &Home) -> Connection {
    let past = home.past();
    past.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
    let mut triggers = past.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").unwrap();
    let names: Vec<String> = triggers.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for name in names {
        past.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    drop(triggers);
    past
}

fn verified(store: &Store, kept: Option<Head>) -> Result<Verified, Error> {
    store.read(|unit| verify(unit, kept, |_| {}, |_| {}))
}

fn finding(home: &Home, kept: Option<Head>) -> Option<Finding> {
    match verified(&home.open(), kept) {
        Ok(_) => None,
        Err(Error::AuditBroken(finding)) => Some(finding),
        Err(other) => panic!("{other:?}"),
    }
}

/// The same, and then webhook 1 was added and given a new secret, webhook 2 added and removed: entries 13 to 16.
fn written_with_webhooks() -> Home {
    let home = written();
    let store = home.open();
    let one = store.write_blocking(|unit| add_webhook(unit, &agent(), &webhook(), now())).unwrap().id;
    let secret = SigningSecret::fresh().unwrap();
    store.write_blocking(move |unit| rotate_secret(unit, &agent(), one, &secret, now())).unwrap();
    let two = store.write_blocking(|unit| add_webhook(unit, &agent(), &webhook(), now())).unwrap().id;
    assert!(store.write_blocking(move |unit| remove_webhook(unit, &agent(), two, now())).unwrap());
    home
}

fn webhook() -> NewWebhook {
    NewWebhook {
        target: Target::parse("https://example.com/", false).unwrap(),
        events: Vec::new(),
        headers: Headers::default(),
        secret: SigningSecret::fresh().unwrap(),
        tag: Tag::fresh().unwrap(),
        by: AgentName::new("maria").unwrap(),
    }
}

/// Holds each tampering to what must be found.
fn found(tamperings: &[(&str, Finding)]) {
    found_in(written, tamperings);
}

fn found_in(made: fn() -> Home, tamperings: &[(&str, Finding)]) {
    let missed: Vec<String> = tamperings
        .iter()
        .filter_map(|(sql, expected)| {
            let home = made();
            intruder(&home).execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
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
    home.open().read(|unit| unit.proof().lines(0, 100)).unwrap()
}

/// Writes an entry over the one of its number, with whatever seal it has.
fn overwrite(past: &Connection, line: &AuditLine) {
    let sql = "UPDATE audit SET reason = ?2, previous = ?3, hash = ?4 WHERE id = ?1";
    past.execute(sql, (line.id.0, &line.entry.reason, line.previous.map(|hash| hash.0), line.hash.0)).unwrap();
}

#[test]
fn what_only_this_program_wrote_is_whole() {
    let verified = verified(&written().open(), None).unwrap();
    assert_eq!((verified.head.entries, verified.tickets, verified.tokens), (12, 4, 2));
    assert_eq!((verified.ledger, verified.notifications, verified.events), (5, 11, 6));
    let home = Home::new();
    assert_eq!(self::verified(&home.open(), None).unwrap().head, Head::START);
}

#[test]
fn the_log_stays_whole_over_many_units_and_refusals() {
    let home = written();
    let store = home.open();
    for round in 0..20 {
        let opened = store.write_blocking(move |unit| {
            desk::create::create(unit, &caller(1), draft(1, &[2, 3]), now())?;
            if round % 3 == 0 { Err(Error::BadToken) } else { Ok(()) }
        });
        assert_eq!(opened.is_ok(), round % 3 != 0);
        let refused = store.write_blocking(|unit| desk::close::close(unit, &caller(1), ticket_id(1), None, now()));
        assert!(refused.is_err());
    }
    assert_eq!(verified(&store, None).unwrap().head.entries, 25);
}

#[test]
fn a_refused_award_leaves_no_gap_in_the_ledger() {
    let home = written();
    let sql = "CREATE TRIGGER sabotage BEFORE INSERT ON ledger WHEN new.ticket_id = 78
               BEGIN SELECT raise(ABORT, 'sabotage'); END";
    home.past().execute_batch(sql).unwrap();
    let store = home.open();
    for _ in 0..2 {
        store.write_blocking(|unit| desk::create::create(unit, &caller(1), draft(1, &[]), now()).map(|_| ())).unwrap();
    }
    assert_eq!(verified(&store, None).unwrap().ledger, 6);
}

#[test]
fn an_altered_column_of_an_entry_is_found() {
    let four = AuditId(4);
    found(&[
        ("UPDATE audit SET action = 'ticket.escalated' WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET subject_kind = 'customer' WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET subject_id = 1 WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET actor_kind = 'fixtures', actor_name = NULL WHERE id = 4", Finding::Altered(four)),
        (
            "UPDATE audit SET actor_kind = 'customer', actor_id = 1, actor_name = NULL WHERE id = 4",
            Finding::Altered(four),
        ),
        ("UPDATE audit SET actor_name = 'mario' WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET at = at + 1 WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET request_id = 'r' WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET status = 'ESCALATED' WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET level = 3 WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET status = NULL, level = NULL WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET points = 6 WHERE id = 5", Finding::Altered(AuditId(5))),
        ("UPDATE audit SET cents = 1 WHERE id = 5", Finding::Altered(AuditId(5))),
        ("UPDATE audit SET points = 1, cents = 1 WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET reason = 'Refunded' WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET reason = NULL WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET previous = NULL WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET hash = zeroblob(32) WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET id = 40 WHERE id = 4", Finding::EntryMissing(four)),
    ]);
}

#[test]
fn an_entry_that_this_program_never_writes_is_found() {
    let four = Finding::Unreadable(Table::Audit, 4);
    found(&[
        ("UPDATE audit SET action = 'ticket.lost' WHERE id = 4", four),
        ("UPDATE audit SET actor_id = 1 WHERE id = 4", four),
        ("UPDATE audit SET actor_name = ' maria' WHERE id = 4", four),
        ("UPDATE audit SET level = 9 WHERE id = 4", four),
        ("UPDATE audit SET level = NULL WHERE id = 4", four),
        ("UPDATE audit SET points = 1 WHERE id = 4", four),
        ("UPDATE audit SET hash = x'00' WHERE id = 4", four),
        ("UPDATE ledger SET action = 'gift' WHERE id = 2", Finding::Unreadable(Table::Ledger, 2)),
        ("UPDATE tickets SET status = 'LOST' WHERE id = 3", Finding::Unreadable(Table::Tickets, 3)),
    ]);
}

#[test]
fn a_missing_moved_or_inserted_entry_is_found() {
    let copy = "INSERT INTO audit SELECT ?, action, subject_kind, subject_id, actor_kind, actor_id, actor_name, at,
                request_id, status, level, points, cents, reason, previous, hash FROM audit WHERE id = 12";
    found(&[
        ("DELETE FROM audit WHERE id = 1", Finding::EntryMissing(AuditId(1))),
        ("DELETE FROM audit WHERE id = 5", Finding::EntryMissing(AuditId(5))),
        ("DELETE FROM audit WHERE id > 10", Finding::EntryMissing(AuditId(11))),
        ("DELETE FROM audit WHERE id = 12", Finding::EntryMissing(AuditId(12))),
        (
            "DELETE FROM audit WHERE id = 12; UPDATE sqlite_sequence SET seq = 11 WHERE name = 'audit'",
            Finding::EntryMissing(AuditId(12)),
        ),
        ("DELETE FROM audit WHERE id = 12; UPDATE audit_head SET entries = 11", Finding::EntryMissing(AuditId(12))),
        (
            "DELETE FROM audit WHERE id = 12; UPDATE audit_head SET entries = 11;
             UPDATE sqlite_sequence SET seq = 11 WHERE name = 'audit'",
            Finding::HeadDiffers,
        ),
        (
            "UPDATE audit SET id = -3 WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 4; UPDATE audit SET id = 4 WHERE id = -3",
            Finding::Altered(AuditId(3)),
        ),
        (copy.replace('?', "13").leak(), Finding::Inserted(AuditId(13))),
        (copy.replace('?', "-1").leak(), Finding::Inserted(AuditId(-1))),
        ("DELETE FROM audit_head", Finding::HeadDiffers),
        ("UPDATE audit_head SET hash = zeroblob(32)", Finding::HeadDiffers),
        ("UPDATE audit_head SET entries = 13", Finding::EntryMissing(AuditId(13))),
    ]);
}

#[test]
fn an_entry_that_was_sealed_anew_is_found() {
    let home = written();
    let four = lines(&home)[3].clone();
    overwrite(&intruder(&home), &AuditLine::sealed(four.id, four.entry, None));
    assert_eq!(finding(&home, None), Some(Finding::Unlinked(AuditId(4), ticket(2))));
    let home = written();
    let mut last = lines(&home)[11].clone();
    last.entry.reason = Some("somebody else's words".to_owned());
    overwrite(&intruder(&home), &AuditLine::sealed(last.id, last.entry, last.previous));
    assert_eq!(finding(&home, None), Some(Finding::HeadDiffers));
}

#[test]
fn a_log_written_wholly_anew_is_found_by_a_head_that_was_kept() {
    let home = written();
    let kept = verified(&home.open(), None).unwrap().head;
    let mut lines = lines(&home);
    let last = lines.pop().unwrap();
    let mut entry = last.entry.clone();
    entry.reason = Some("somebody else's words".to_owned());
    let forged = AuditLine::sealed(last.id, entry, last.previous);
    let before = lines.iter().fold(Head::START, |head, line| head.then(line.hash));
    let past = intruder(&home);
    overwrite(&past, &forged);
    past.execute("UPDATE audit_head SET hash = ?1", [before.then(forged.hash).hash.0]).unwrap();
    assert_eq!(finding(&home, None), None, "nothing inside the file can tell");
    assert_eq!(finding(&home, Some(kept)), Some(Finding::NotPassed(12)));
    assert_eq!(finding(&home, Some(before)), None, "up to there it is as it was");
    assert_eq!(finding(&home, Some(Head { entries: 99, ..kept })), Some(Finding::NotPassed(99)));
}

#[test]
fn a_ticket_changed_behind_the_log_s_back_is_found() {
    found(&[
        ("UPDATE tickets SET status = 'CLOSED' WHERE id = 3", Finding::TicketDiffers(ticket_id(3), AuditId(9))),
        ("UPDATE tickets SET level = 2 WHERE id = 3", Finding::TicketDiffers(ticket_id(3), AuditId(9))),
        ("UPDATE tickets SET status = 'OPEN' WHERE id = 77", Finding::TicketDiffers(ticket_id(77), AuditId(11))),
        ("UPDATE tickets SET id = 50 WHERE id = 3", Finding::NoSubject(AuditId(9), ticket(3))),
        ("DELETE FROM tickets WHERE id = 77", Finding::NoSubject(AuditId(10), ticket(77))),
        (
            "INSERT INTO tickets (id, version, customer_id, service, issue, description, ride_id, status, level,
                 created_at, updated_at)
             VALUES (50, 1, 1, 'ride', 'OTHER', 'late', 1, 'OPEN', 1, 0, 0)",
            Finding::NoEntry(ticket(50)),
        ),
    ]);
}

#[test]
fn a_token_changed_behind_the_log_s_back_is_found() {
    let token = |id| TokenId::new(id).unwrap();
    found(&[
        ("UPDATE tokens SET revoked_at = NULL WHERE id = 1", Finding::TokenDiffers(token(1))),
        ("UPDATE tokens SET revoked_at = 0 WHERE id = 2", Finding::TokenDiffers(token(2))),
        ("DELETE FROM tokens WHERE id = 2", Finding::NoSubject(AuditId(8), Subject::Token(token(2)))),
        (
            "INSERT INTO tokens SELECT 3, customer_id, role, permissions, zeroblob(32), 0, 1, NULL FROM tokens WHERE id = 1",
            Finding::NoEntry(Subject::Token(token(3))),
        ),
    ]);
}

#[test]
fn a_webhook_s_operations_are_in_the_log_and_prove() {
    let home = written_with_webhooks();
    let store = home.open();
    let whole = verified(&store, None).unwrap();
    assert_eq!((whole.head.entries, whole.webhooks), (16, 1));
    let said: Vec<_> = lines(&home)[12..].iter().map(|line| (line.entry.action, line.entry.subject.number())).collect();
    let (added, rotated) = (AuditAction::WebhookAdded, AuditAction::WebhookSecretRotated);
    assert_eq!(said, [(added, 1), (rotated, 1), (added, 2), (AuditAction::WebhookRemoved, 2)]);
    let refused = store.write_blocking(|unit| remove_webhook(unit, &agent(), WebhookId::new(9).unwrap(), now()));
    assert!(refused.is_err());
    assert_eq!(verified(&store, None).unwrap().head, whole.head, "a refusal leaves no entry");
}

#[test]
fn a_webhook_changed_behind_the_log_s_back_is_found() {
    let [one, two, three] = [1, 2, 3].map(|id| WebhookId::new(id).unwrap());
    let inserted =
        "INSERT INTO webhooks (id, url, private, events, headers, tag, secret, position, created_at, created_by)
         SELECT 3, url, private, events, headers, 'ffffffffffffffff', secret, 0, created_at, created_by FROM webhooks";
    found_in(
        written_with_webhooks,
        &[
            ("DELETE FROM webhooks", Finding::NoSubject(AuditId(13), Subject::Webhook(one))),
            (inserted, Finding::NoEntry(Subject::Webhook(three))),
            (inserted.replace('3', "2").leak(), Finding::WebhookDiffers(two)),
            ("UPDATE webhooks SET created_by = 'mario'", Finding::WebhookDiffers(one)),
            ("UPDATE webhooks SET created_at = 0", Finding::WebhookDiffers(one)),
            ("UPDATE webhooks SET old_secret = NULL, old_secret_until = NULL", Finding::WebhookDiffers(one)),
            ("UPDATE webhooks SET old_secret_until = old_secret_until + 1", Finding::WebhookDiffers(one)),
            ("UPDATE webhooks SET created_by = ''", Finding::Unreadable(Table::Webhooks, 1)),
            ("UPDATE audit SET action = 'webhook.added' WHERE id = 14", Finding::Altered(AuditId(14))),
            ("UPDATE audit SET actor_name = 'mario' WHERE id = 16", Finding::Altered(AuditId(16))),
        ],
    );
}

#[test]
fn a_ledger_changed_behind_the_log_s_back_is_found() {
    let (first, grant) = (Finding::Misfit(Table::Ledger, 1, AuditId(1)), Finding::Misfit(Table::Ledger, 4, AuditId(5)));
    let row = |values: &str| -> &'static str {
        let names =
            "id, audit_id, customer_id, action, points, cents, ticket_id, happening, reason, actor_kind, actor_id,
            actor_name, key, at";
        format!("INSERT INTO ledger ({names}) SELECT {values}, at FROM ledger WHERE id = 1").leak()
    };
    let copied = "customer_id, action, points, cents, NULL, NULL, reason, actor_kind, actor_id, actor_name, key";
    found(&[
        ("DELETE FROM ledger WHERE id = 1", Finding::Missing(Table::Ledger, 1)),
        ("DELETE FROM ledger WHERE id = 2", Finding::Missing(Table::Ledger, 2)),
        ("DELETE FROM ledger WHERE id = 4", Finding::Missing(Table::Ledger, 4)),
        ("DELETE FROM ledger WHERE id = 5", Finding::Missing(Table::Ledger, 5)),
        ("UPDATE ledger SET points = 1000 WHERE id = 1", first),
        ("UPDATE ledger SET cents = 21 WHERE id = 1", first),
        ("UPDATE ledger SET customer_id = 2 WHERE id = 1", first),
        ("UPDATE ledger SET ticket_id = 3 WHERE id = 1", first),
        ("UPDATE ledger SET happening = 'closed' WHERE id = 2", Finding::Misfit(Table::Ledger, 2, AuditId(2))),
        ("UPDATE ledger SET actor_id = 2 WHERE id = 1", first),
        ("UPDATE ledger SET at = 0 WHERE id = 1", first),
        ("UPDATE ledger SET points = 500 WHERE id = 4", grant),
        ("UPDATE ledger SET reason = 'a gift' WHERE id = 4", grant),
        ("UPDATE ledger SET audit_id = 99 WHERE id = 5", Finding::Stray(Table::Ledger, 5)),
        (row(&format!("6, 4, {copied}")), Finding::Stray(Table::Ledger, 6)),
        (row(&format!("6, 12, {copied}")), Finding::Misfit(Table::Ledger, 6, AuditId(12))),
        (row(&format!("0, 1, {copied}")), Finding::Stray(Table::Ledger, 0)),
    ]);
}

#[test]
fn an_event_or_notification_changed_behind_the_log_s_back_is_found() {
    let event = Finding::Misfit(Table::Outbox, 3, AuditId(3));
    let notice = Finding::Misfit(Table::Notifications, 6, AuditId(3));
    found(&[
        ("DELETE FROM outbox WHERE id = 3", Finding::Missing(Table::Outbox, 3)),
        ("DELETE FROM outbox WHERE id = 6", Finding::Absent(Table::Outbox, AuditId(12))),
        ("UPDATE outbox SET name = 'support:ticket_closed' WHERE id = 3", event),
        ("UPDATE outbox SET ticket_id = 1 WHERE id = 3", event),
        ("UPDATE outbox SET at = 0 WHERE id = 3", event),
        ("UPDATE outbox SET data = json_set(data, '$.ticketId', 1) WHERE id = 3", event),
        ("UPDATE outbox SET data = json_set(data, '$.customerId', 2) WHERE id = 3", event),
        ("UPDATE outbox SET data = json_set(data, '$.status', 'CLOSED') WHERE id = 3", event),
        ("UPDATE outbox SET data = json_set(data, '$.level', 3) WHERE id = 3", event),
        ("UPDATE outbox SET data = json_set(data, '$.groupCustomerIds', json('[]')) WHERE id = 3", event),
        ("UPDATE outbox SET data = json_set(data, '$.actor.id', 2) WHERE id = 3", event),
        ("UPDATE outbox SET data = '{}' WHERE id = 3", Finding::Unreadable(Table::Outbox, 3)),
        ("DELETE FROM notifications WHERE id = 6", Finding::Missing(Table::Notifications, 6)),
        ("DELETE FROM notifications WHERE id = 11", Finding::Absent(Table::Notifications, AuditId(12))),
        ("UPDATE notifications SET customer_id = 3 WHERE id = 6", notice),
        ("UPDATE notifications SET notice = 'notification.ticket_closed' WHERE id = 6", notice),
        ("UPDATE notifications SET ticket_id = 1 WHERE id = 6", notice),
        ("UPDATE notifications SET level = 1 WHERE id = 6", notice),
        ("UPDATE notifications SET at = 0 WHERE id = 6", notice),
    ]);
}

#[test]
fn a_read_notification_harms_nothing() {
    let home = written();
    home.past().execute_batch("UPDATE notifications SET read_at = 1750000000").unwrap();
    assert_eq!(finding(&home, None), None);
}

#[test]
fn a_log_that_was_tampered_with_still_takes_entries_and_is_found() {
    for sql in ["DELETE FROM audit WHERE id = 12", "UPDATE audit SET id = 40 WHERE id = 12"] {
        let home = written();
        intruder(&home).execute_batch(sql).unwrap();
        let store = home.open();
        store.write_blocking(|unit| desk::close::close(unit, &agent(), ticket_id(3), None, now())).unwrap();
        assert!(verified(&store, None).is_err());
    }
}

#[test]
fn the_log_and_its_head_only_grow() {
    let home = written();
    let past = home.past();
    for sql in [
        "UPDATE audit SET reason = NULL WHERE id = 4",
        "DELETE FROM audit WHERE id = 12",
        "UPDATE audit_head SET entries = 11",
        "UPDATE audit_head SET hash = zeroblob(32)",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head VALUES (2, 0, zeroblob(32))",
    ] {
        assert!(past.execute_batch(sql).is_err(), "{sql}");
    }
}
