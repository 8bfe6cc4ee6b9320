//! Constraints and triggers of the tables, for every writer.

use rusqlite::{Connection, Error, ffi};
use support::desk;
use support::model::permission::Permissions;
use support::model::role::Role;
use support::model::token::{Digest, NewToken};

use crate::world::{Home, agent, at, caller, furnish, now, opened};

/// Creates a store with a ticket of every status, a token and a ledger row of each kind, and a raw connection to it.
fn new_store() -> (Home, Connection) {
    let home = Home::new();
    let store = home.open();
    furnish(&store);
    let ids = [1, 2, 3].map(|_| opened(&store).id);
    store
        .write_blocking(move |unit| {
            desk::escalate::escalate(unit, &caller(1), ids[1], None, now())?;
            desk::close::close(unit, &agent(), ids[2], None, now())?;
            let token = NewToken::for_customer(
                crate::world::customer(1),
                Role::new("customer").unwrap(),
                Permissions::CUSTOMER,
                at(crate::world::NOW + 1),
            );
            unit.tokens().insert(&token, Digest([1; 32]), now())
        })
        .unwrap();
    store.close();
    let raw = home.raw_connection();
    raw.execute_batch(
        "INSERT INTO idempotency_keys (principal, endpoint, key, request_digest, status, language, text, expires_at)
         VALUES ('customer:1', 'POST /', 'k', zeroblob(32), 200, 'en', x'7b7d', 0);
         INSERT INTO ledger (audit_id, customer_id, action, points, cents, reason, actor_kind, actor_name, key, at)
         VALUES (1, 1, 'manual_grant', 5, 0, 'sorry', 'agent', 'maria', 'k', 0);
         INSERT INTO webhooks (url, private, events, headers, tag, secret, position, created_at, created_by)
         VALUES ('https://example.com/', 0, '[]', '[]', '0123456789abcdef', zeroblob(32), 0, 0, 'maria');
         INSERT INTO deliveries (webhook_id, event_id, state, attempts, due_at, created_at, last_at, took, status, answer)
         VALUES (1, 1, 'delivered', 1, 0, 0, 0, 5, 204, '');
         INSERT INTO mailing (id, tag, position) VALUES (1, '0123456789abcdef', 0);
         INSERT INTO mails (id, state, attempts, due_at, created_at, last_at, took, status, answer)
         VALUES (1, 'delivered', 1, 0, 0, 0, 5, 250, '')",
    )
    .unwrap();
    (home, raw)
}

/// Copies a row with some columns changed, and rolls back.
fn copy(raw: &Connection, table: &str, row: i64, changes: &[(&str, &str)]) -> Result<usize, Error> {
    let columns: Vec<String> = raw
        .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let values: Vec<_> = columns
        .iter()
        .map(|column| changes.iter().find(|(name, _)| name == column).map_or(column.as_str(), |(_, value)| value))
        .collect();
    let (names, values) = (columns.join(", "), values.join(", "));
    raw.execute_batch("BEGIN")?;
    let from = format!("FROM {table} ORDER BY {table}.{} LIMIT 1 OFFSET {}", columns[0], row - 1);
    let outcome = raw.execute(&format!("INSERT INTO {table} ({names}) SELECT {values} {from}"), []);
    raw.execute_batch("ROLLBACK")?;
    outcome
}

fn code(outcome: Result<usize, Error>) -> Option<i32> {
    match outcome {
        Ok(_) => None,
        Err(Error::SqliteFailure(failure, _)) => Some(failure.extended_code),
        Err(other) => panic!("{other}"),
    }
}

/// Table, id of a valid row, changes that a copy of it needs, and changes that must be rejected.
type Bounds =
    (&'static str, i64, &'static [(&'static str, &'static str)], &'static [(&'static str, &'static [&'static str])]);

const BOUNDS: &[Bounds] = &[
    (
        "customers",
        1,
        &[("id", "50")],
        &[
            ("id", &["0", "-1"]),
            ("name", &["''", "hex(zeroblob(1001))"]),
            ("locale", &["''", "'e'", "'en_GB'", "'en' || char(27)"]),
            ("rewards_active", &["2", "-1"]),
            (
                "email",
                &["''", "'@'", "'a@'", "'@b'", "'a b@c.de'", "'a@b.de' || char(10)", "hex(zeroblob(127)) || '@b.de'"],
            ),
        ],
    ),
    ("rides", 1, &[("id", "50")], &[("id", &["0"]), ("pickup", &["''"]), ("dropoff", &["''"])]),
    (
        "orders",
        1,
        &[("id", "50")],
        &[
            ("id", &["0"]),
            ("merchant", &["''"]),
            ("amount", &["''", "'-1'", "'1,5'", "'.5'"]),
            ("currency", &["''", "'usd'", "'USDT'"]),
        ],
    ),
    (
        "bookings",
        1,
        &[("id", "50")],
        &[
            ("id", &["0"]),
            ("venue", &["''"]),
            ("starts_at", &["253402207201", "-62167219201"]),
            ("party_size", &["0", "-1", "4294967296"]),
        ],
    ),
    (
        "tickets",
        1,
        &[("id", "50")],
        &[
            ("id", &["0", "-1"]),
            ("version", &["0"]),
            ("service", &["''", "'RIDE'", "'ride '", "hex(zeroblob(17))"]),
            ("issue", &["''", "'other'", "'LOST 1'"]),
            ("description", &["''", "hex(zeroblob(2501))"]),
            ("status", &["''", "'open'", "'OPEN' || char(10)"]),
            ("level", &["0", "4", "-1"]),
            ("created_at", &["253402207201", "updated_at + 1"]),
            ("updated_at", &["created_at - 1", "253402207201"]),
        ],
    ),
    ("ticket_members", 1, &[("customer_id", "4"), ("position", "7")], &[("position", &["-1", "50"])]),
    (
        "audit",
        1,
        &[("id", "NULL")],
        &[
            ("action", &["''", "'Ticket.created'", "'ticket created'"]),
            ("subject_kind", &["''", "'Ticket'"]),
            ("subject_id", &["0"]),
            ("actor_kind", &["''", "'Agent'"]),
            ("actor_id", &["0"]),
            ("actor_name", &["'maria'", "''", "hex(zeroblob(51))"]),
            ("at", &["253402207201"]),
            ("request_id", &["''", "hex(zeroblob(65))"]),
            ("status", &["NULL", "'open'"]),
            ("level", &["NULL", "0", "4"]),
            ("points", &["1"]),
            ("cents", &["1"]),
            ("reason", &["''", "hex(zeroblob(251))"]),
            ("previous", &["zeroblob(31)"]),
            ("hash", &["zeroblob(33)"]),
        ],
    ),
    (
        "idempotency_keys",
        1,
        &[("id", "NULL"), ("key", "'l'")],
        &[
            ("principal", &["''", "hex(zeroblob(65))"]),
            ("endpoint", &["''", "hex(zeroblob(33))"]),
            ("key", &["''", "hex(zeroblob(128))"]),
            ("request_digest", &["zeroblob(31)"]),
            ("status", &["199", "500"]),
            ("language", &["'e'"]),
            ("expires_at", &["253402207201"]),
        ],
    ),
    (
        "notifications",
        1,
        &[("id", "NULL")],
        &[
            ("notice", &["''", "'notification lost'"]),
            ("level", &["0", "4"]),
            ("at", &["253402207201"]),
            ("read_at", &["253402207201"]),
        ],
    ),
    (
        "outbox",
        1,
        &[("id", "NULL")],
        &[("name", &["''", "'support ticket'"]), ("at", &["253402207201"]), ("data", &["''", "'{'"])],
    ),
    ("event_audience", 1, &[("event_id", "50")], &[("event_id", &["0", "-1"])]),
    (
        "ledger",
        1,
        &[("id", "NULL"), ("operation", "'closed'")],
        &[
            ("action", &["''", "'a gift'"]),
            ("points", &["-1", "1000001"]),
            ("cents", &["-1", "1000001"]),
            ("ticket_id", &["NULL"]),
            ("operation", &["NULL", "'Closed'"]),
            ("reason", &["''"]),
            ("actor_kind", &["''", "'Agent'"]),
            ("actor_id", &["0"]),
            ("actor_name", &["'maria'"]),
            ("key", &["''", "hex(zeroblob(128))"]),
            ("at", &["253402207201"]),
        ],
    ),
    ("ledger", 5, &[("id", "NULL"), ("key", "'other'")], &[("points", &["0"]), ("actor_id", &["1"])]),
    (
        "tokens",
        1,
        &[("id", "NULL"), ("digest", "randomblob(32)")],
        &[
            ("principal_kind", &["''", "'Customer'"]),
            ("customer_id", &["NULL"]),
            ("principal_name", &["'maria'"]),
            ("role", &["''", "'Customer'", "'a b'", "hex(zeroblob(17))"]),
            ("permissions", &["-1", "4294967296"]),
            ("digest", &["randomblob(31)", "randomblob(33)", "x''"]),
            ("expires_at", &["253402207201"]),
            ("created_at", &["-62167219201"]),
            ("revoked_at", &["253402207201"]),
        ],
    ),
    (
        "webhooks",
        1,
        &[("id", "NULL"), ("tag", "'fedcba9876543210'")],
        &[
            ("url", &["''", "hex(zeroblob(4097))"]),
            ("private", &["2"]),
            ("events", &["'{}'"]),
            ("headers", &["'{}'"]),
            ("tag", &["''", "'FEDCBA9876543210'", "'fedcba987654321'"]),
            ("secret", &["zeroblob(23)", "zeroblob(65)"]),
            ("old_secret", &["zeroblob(32)"]),
            ("old_secret_until", &["0"]),
            ("position", &["-1"]),
            ("created_at", &["253402207201"]),
            ("created_by", &["''", "hex(zeroblob(51))"]),
            ("disabled_at", &["253402207201"]),
        ],
    ),
    (
        "deliveries",
        1,
        &[("id", "NULL"), ("event_id", "2")],
        &[
            ("state", &["''", "'Lost'"]),
            ("attempts", &["-1"]),
            ("due_at", &["253402207201"]),
            ("created_at", &["253402207201"]),
            ("last_at", &["NULL", "253402207201"]),
            ("took", &["NULL", "-1"]),
            ("status", &["NULL", "99", "1000"]),
            ("error", &["'tls'"]),
            ("answer", &["NULL"]),
        ],
    ),
    (
        "mails",
        1,
        &[("id", "2")],
        &[
            ("state", &["''", "'Lost'"]),
            ("attempts", &["-1"]),
            ("due_at", &["253402207201"]),
            ("created_at", &["253402207201"]),
            ("last_at", &["NULL", "253402207201"]),
            ("took", &["NULL", "-1"]),
            ("status", &["NULL", "199", "600"]),
            ("error", &["'broken'"]),
            ("answer", &["NULL"]),
        ],
    ),
];

#[test]
fn each_column_rejects_invalid_values() {
    let (_home, raw) = new_store();
    for (table, row, base, wrongs) in BOUNDS {
        assert_eq!(code(copy(&raw, table, *row, base)), None, "a copy of row {row} of {table}");
        for (column, values) in *wrongs {
            for value in *values {
                let others = base.iter().copied().filter(|(name, _)| name != column);
                let changes: Vec<_> = others.chain([(*column, *value)]).collect();
                let outcome = code(copy(&raw, table, *row, &changes));
                assert_eq!(outcome, Some(ffi::SQLITE_CONSTRAINT_CHECK), "{table}.{column} = {value}");
            }
        }
    }
}

#[test]
fn a_column_has_one_type() {
    let (_home, raw) = new_store();
    for (table, column, value) in [
        ("tickets", "customer_id", "'one'"),
        ("ledger", "points", "1.5"),
        ("tokens", "digest", "'text'"),
        ("audit", "at", "'now'"),
    ] {
        let outcome = code(copy(&raw, table, 1, &[("id", "NULL"), (column, value)]));
        assert_eq!(outcome, Some(ffi::SQLITE_CONSTRAINT_DATATYPE), "{table}.{column} = {value}");
    }
}

#[test]
fn foreign_keys_are_enforced() {
    let (_home, raw) = new_store();
    raw.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    for (table, column, base) in [
        ("tickets", "customer_id", &[("id", "50")][..]),
        ("tickets", "ride_id", &[("id", "50")]),
        ("ticket_members", "customer_id", &[("position", "7")]),
        ("notifications", "ticket_id", &[("id", "NULL")]),
        ("notifications", "audit_id", &[("id", "NULL")]),
        ("outbox", "audit_id", &[("id", "NULL")]),
        ("event_audience", "customer_id", &[("event_id", "50")]),
        ("ledger", "audit_id", &[("id", "NULL"), ("operation", "'closed'")]),
        ("tokens", "customer_id", &[("id", "NULL"), ("digest", "randomblob(32)")]),
    ] {
        let changes: Vec<_> = base.iter().copied().chain([(column, "99")]).collect();
        assert_eq!(code(copy(&raw, table, 1, &changes)), Some(ffi::SQLITE_CONSTRAINT_FOREIGNKEY), "{table}.{column}");
    }
}

#[test]
fn unique_constraints_are_enforced() {
    let (_home, raw) = new_store();
    for (table, row, changes) in [
        ("ledger", 1, &[("id", "NULL")][..]),
        ("ledger", 5, &[("id", "NULL")]),
        ("tokens", 1, &[("id", "NULL")]),
        ("ticket_members", 1, &[("position", "7")]),
    ] {
        let outcome = code(copy(&raw, table, row, changes));
        assert_eq!(outcome, Some(ffi::SQLITE_CONSTRAINT_UNIQUE), "row {row} of {table}");
    }
}

#[test]
fn append_only_rows_are_neither_updated_nor_deleted() {
    let (_home, raw) = new_store();
    raw.execute_batch("PRAGMA recursive_triggers = ON; UPDATE tokens SET revoked_at = 1").unwrap();
    raw.execute_batch("UPDATE notifications SET read_at = 1").unwrap();
    for statement in [
        "UPDATE audit SET reason = 'x'",
        "UPDATE audit SET action = action WHERE id = 1",
        "DELETE FROM audit WHERE id = 1",
        "DELETE FROM audit",
        "REPLACE INTO audit SELECT * FROM audit WHERE id = 1",
        "DELETE FROM outbox WHERE id = 1",
        "DELETE FROM notifications WHERE id = 1",
        "UPDATE retention_marks SET through = 0 WHERE what = 'events'",
        "UPDATE retention_marks SET through = 5, what = 'events' WHERE what = 'notifications'",
        "DELETE FROM retention_marks",
        "REPLACE INTO retention_marks VALUES ('events', 9, 9)",
        "UPDATE ledger SET points = 1000",
        "DELETE FROM ledger",
        "REPLACE INTO ledger SELECT * FROM ledger WHERE id = 1",
        "DELETE FROM tickets WHERE id = 1",
        "UPDATE tickets SET customer_id = 2 WHERE id = 1",
        "UPDATE tickets SET created_at = created_at - 1 WHERE id = 1",
        "UPDATE tokens SET revoked_at = NULL",
        "UPDATE notifications SET read_at = NULL",
        "UPDATE notifications SET read_at = 2 WHERE id = 1",
    ] {
        let outcome = code(raw.execute(statement, []));
        assert_eq!(outcome, Some(ffi::SQLITE_CONSTRAINT_TRIGGER), "{statement}");
    }
    raw.execute_batch("UPDATE tickets SET level = 3 WHERE id = 3").unwrap();
}
