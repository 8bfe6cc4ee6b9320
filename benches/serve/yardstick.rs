//! Yardsticks: the constant reply, and the bare store (SQLite alone).

use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use rusqlite::{Connection, params};
use support::http::{BoundListener, serve_routes};
use warp::Filter;

/// Environment variable that makes this executable serve constant replys.
pub(crate) const CONSTANT: &str = "SUPPORT_BENCH_CONSTANT";

/// Serves `GET` and `POST /constant/{bytes}` with a body of that size, through the product's accept loop.
pub(crate) async fn serve_constant() {
    let body = Bytes::from(vec![b'x'; 64 * 1024]);
    let answer = move |size: usize| {
        let body = body.slice(..size.min(body.len()));
        http::Response::builder()
            .header("content-type", "application/json")
            .body(warp::reply::Response::new(body.into()).into_body())
            .expect("a constant is a good answer")
    };
    let routes = warp::path!("constant" / usize).map(answer).boxed();
    let listener = BoundListener::bind(([127, 0, 0, 1], 0).into()).expect("a port is free");
    println!("listener on http://{}", listener.address);
    serve_routes(listener, warp::service(routes), std::future::pending()).await;
}

/// Opens tickets with SQLite alone: the same rows and indexes, `synchronous=FULL`, `group` tickets per commit, for this
/// time. Returns the number of tickets per second.
pub(crate) fn bare_store(store: &Path, group: usize, time: Duration) -> f64 {
    let mut connection = Connection::open(store).expect("the store is there");
    support::store::sqlite::set_production_pragmas(&connection).expect("the settings are good ones");
    let (started, mut tickets) = (Instant::now(), 0_u64);
    while started.elapsed() < time {
        let transaction =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).expect("nobody else writes");
        for _ in 0..group.max(1) {
            open_ticket(&transaction);
            tickets += 1;
        }
        transaction.commit().expect("the disk takes it");
    }
    tickets as f64 / started.elapsed().as_secs_f64()
}

/// Inserts the rows of a ticket without a group: ticket, audit entry and log head, notification, event with its
/// audience, and award. Updates the search index every 128 tickets.
fn open_ticket(connection: &Connection) {
    let run = |sql: &str, parameters: &[&dyn rusqlite::ToSql]| {
        let mut statement = connection.prepare_cached(sql).expect("the product's statement");
        statement.execute(parameters).expect("a row of the product's own shape");
        connection.last_insert_rowid()
    };
    let now = 1_750_000_000_i64;
    let none: Option<i64> = None;
    let ticket = run(
        include_str!("../../sql/sqlite/tickets/insert.sql"),
        params![none, 1, 1, "ride", "OTHER", super::DESCRIPTION, 1, none, none, "OPEN", 1, now, now],
    );
    if ticket % 128 == 0 {
        let end = run_for(connection, include_str!("../../sql/sqlite/tickets/grams_position.sql"));
        run(include_str!("../../sql/sqlite/tickets/index_grams.sql"), params![end, ticket]);
        run(include_str!("../../sql/sqlite/tickets/move_grams_position.sql"), params![ticket]);
    }
    let hash = [7_u8; 32];
    let no_hash: Option<[u8; 32]> = None;
    let next = run_for(connection, "SELECT 1 + coalesce(max(id), 0) FROM audit");
    let audit = run(
        include_str!("../../sql/sqlite/operations/insert_audit_entry.sql"),
        params![
            next,
            "ticket.created",
            "ticket",
            ticket,
            "customer",
            1,
            none,
            now,
            "0123456789abcdef",
            "OPEN",
            1,
            none,
            none,
            none,
            no_hash,
            hash
        ],
    );
    run(include_str!("../../sql/sqlite/audit_log/move_head.sql"), params![next, hash]);
    run(
        include_str!("../../sql/sqlite/operations/insert_notification.sql"),
        params![audit, 1, "notification.ticket_created", ticket, 1, now],
    );
    let event = run(
        include_str!("../../sql/sqlite/operations/insert_event.sql"),
        params![audit, "support:ticket_created", ticket, now, super::EVENT],
    );
    run(include_str!("../../sql/sqlite/operations/insert_audience.sql"), params![event, 1]);
    run(
        include_str!("../../sql/sqlite/ledger/insert.sql"),
        params![audit, 1, "support_interaction", 10, 20, ticket, "created", none, "customer", 1, none, none, now],
    );
}

/// Returns the single number that a query selects.
fn run_for(connection: &Connection, sql: &str) -> i64 {
    let mut statement = connection.prepare_cached(sql).expect("a good query");
    statement.query_row([], |row| row.get(0)).expect("there is a number")
}
