//! SQLite alone: writes the rows of a generated store into an empty store with the same tables, in the original order
//! and in transactions of about the same size.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, TransactionBehavior, params};
use support::store::Store;
use support::store::sqlite::{Open, Sqlite, set_production_pragmas};

use super::{Cost, own_cpu};

/// Operations in one transaction.
const OPERATIONS_PER_COMMIT: i64 = 10_000;
/// Number of tickets added to the search index at once.
const INDEX_BATCH: i64 = 128;

/// Tables of customers and purchases, in the order of their foreign keys.
const PURCHASE_TABLES: [&str; 7] =
    ["customers", "rides", "ride_participants", "orders", "order_participants", "bookings", "booking_participants"];

/// Tables that operations write, with the condition for the rows of the operations `?1` to `?2`.
const OPERATION_TABLES: [(&str, &str); 6] = [
    ("tickets", "id IN (SELECT subject_id FROM audit WHERE id BETWEEN ?1 AND ?2 AND action = 'ticket.created')"),
    (
        "ticket_members",
        "ticket_id IN (SELECT subject_id FROM audit WHERE id BETWEEN ?1 AND ?2 AND action = 'ticket.created')",
    ),
    ("audit", "id BETWEEN ?1 AND ?2"),
    ("notifications", "audit_id BETWEEN ?1 AND ?2"),
    ("outbox", "audit_id BETWEEN ?1 AND ?2"),
    ("ledger", "audit_id BETWEEN ?1 AND ?2"),
];

/// Source store, and the store to write.
pub(crate) struct BareStore {
    source: Connection,
    target: Connection,
    cost: Cost,
}

/// Rows of one table.
type Rows = (&'static str, Vec<Vec<Value>>);

impl BareStore {
    pub(crate) fn open(source: &Path, target: &Path) -> Self {
        Store::new(Sqlite::open(target, Open::Create).expect("a store is made")).close();
        let [source, target] = [source, target].map(|file| {
            let connection = Connection::open(file).expect("the store is there");
            set_production_pragmas(&connection).expect("the settings are good ones");
            connection
        });
        Self { source, target, cost: Cost { time: Duration::ZERO, cpu: Duration::ZERO } }
    }

    /// Writes all rows. Only writing is measured, not reading.
    pub(crate) fn write(mut self) -> Cost {
        let purchases: Vec<Rows> =
            PURCHASE_TABLES.iter().map(|table| (*table, self.read(table, "?1 = ?1 AND ?2 = ?2", 0, 0))).collect();
        self.commit(&purchases, 0);
        drop(purchases);
        let (last, mut tickets) = (self.last("audit"), 0);
        for first in (1..=last).step_by(usize::try_from(OPERATIONS_PER_COMMIT).expect("a small number")) {
            let end = first + OPERATIONS_PER_COMMIT - 1;
            let mut rows: Vec<Rows> = OPERATION_TABLES
                .iter()
                .map(|(table, condition)| (*table, self.read(table, condition, first, end)))
                .collect();
            rows.push(("event_audience", self.audience(first, end)));
            tickets += rows[0].1.len();
            self.commit(&rows, i64::try_from(tickets).expect("a count"));
        }
        self.cost
    }

    fn read(&self, table: &str, condition: &str, first: i64, end: i64) -> Vec<Vec<Value>> {
        let mut statement =
            self.source.prepare_cached(&format!("SELECT * FROM {table} WHERE {condition}")).expect("a good query");
        let columns = statement.column_count();
        let row = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
        statement.query_map([first, end], row).and_then(Iterator::collect).expect("rows of a world")
    }

    /// Reads the audience of these events from their payloads, because the audience table is ordered by customer.
    fn audience(&self, first: i64, end: i64) -> Vec<Vec<Value>> {
        let sql = "SELECT data ->> '$.customerId', id FROM outbox WHERE audit_id BETWEEN ?1 AND ?2
            UNION ALL SELECT value, outbox.id FROM outbox, json_each(data, '$.groupCustomerIds')
            WHERE audit_id BETWEEN ?1 AND ?2 ORDER BY 2";
        let mut statement = self.source.prepare_cached(sql).expect("a good query");
        let row = |row: &rusqlite::Row<'_>| Ok(vec![row.get(0)?, row.get(1)?]);
        statement.query_map([first, end], row).and_then(Iterator::collect).expect("rows of a world")
    }

    fn last(&self, table: &str) -> i64 {
        let sql = format!("SELECT coalesce(max(id), 0) FROM {table}");
        self.source.query_row(&sql, [], |row| row.get(0)).expect("a number")
    }

    fn commit(&mut self, tables: &[Rows], tickets: i64) {
        let (cpu, began) = (own_cpu(), Instant::now());
        let transaction =
            self.target.transaction_with_behavior(TransactionBehavior::Immediate).expect("nobody else writes");
        for (table, rows) in tables {
            let Some(first) = rows.first() else { continue };
            let parameters = (1..=first.len()).map(|number| format!("?{number}")).collect::<Vec<_>>().join(", ");
            let sql = format!("INSERT INTO {table} VALUES ({parameters})");
            let mut statement = transaction.prepare_cached(&sql).expect("a table of the store");
            for row in rows {
                statement.execute(rusqlite::params_from_iter(row)).expect("a row of the store");
            }
        }
        index_tickets(&transaction, tickets);
        transaction.commit().expect("the disk takes it");
        self.cost.time += began.elapsed();
        self.cost.cpu += own_cpu().saturating_sub(cpu);
    }
}

/// Adds the tickets up to this one to the search index, in the batches that the product uses.
fn index_tickets(connection: &Connection, tickets: i64) {
    let end = "SELECT ticket_id FROM ticket_grams_position WHERE id = 1";
    let mut end: i64 = connection.query_row(end, [], |row| row.get(0)).expect("there is an end");
    while end + INDEX_BATCH <= tickets {
        let mut index =
            connection.prepare_cached(include_str!("../../sql/sqlite/tickets/index_grams.sql")).expect("good");
        index.execute(params![end, end + INDEX_BATCH]).expect("words are words");
        end += INDEX_BATCH;
        let mut moved =
            connection.prepare_cached(include_str!("../../sql/sqlite/tickets/move_grams_position.sql")).expect("good");
        moved.execute([end]).expect("an end is moved");
    }
}
