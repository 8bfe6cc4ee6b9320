//! The engine alone: a world's rows as they stand in the end, read back and written into an empty store of the same
//! tables, in the order in which the world wrote them and in commits of about as many rows.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, TransactionBehavior, params};
use support::store::Store;
use support::store::sqlite::{Open, Sqlite, set_production_pragmas};

use super::{Taken, own};

/// Operations in one commit.
const STRIDE: i64 = 10_000;
/// Tickets whose words are put into their index together.
const WORDS: i64 = 128;

/// Where people and what they bought stand, in the order in which they refer to each other.
const PEOPLE: [&str; 7] =
    ["customers", "rides", "ride_participants", "orders", "order_participants", "bookings", "booking_participants"];

/// What operations write, each with the way to find the rows of the operations `?1` to `?2`.
const WRITTEN: [(&str, &str); 6] = [
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

/// A world to read, and where to write it.
pub(crate) struct Bare {
    world: Connection,
    again: Connection,
    taken: Taken,
}

/// Rows of one table.
type Rows = (&'static str, Vec<Vec<Value>>);

impl Bare {
    pub(crate) fn of(world: &Path, again: &Path) -> Self {
        Store::new(Sqlite::open(again, Open::Create).expect("a store is made")).close();
        let [world, again] = [world, again].map(|file| {
            let connection = Connection::open(file).expect("the store is there");
            set_production_pragmas(&connection).expect("the settings are good ones");
            connection
        });
        Self { world, again, taken: Taken { time: Duration::ZERO, cpu: Duration::ZERO } }
    }

    /// Writes it all; only the writing is measured.
    pub(crate) fn write(mut self) -> Taken {
        let people: Vec<Rows> =
            PEOPLE.iter().map(|table| (*table, self.read(table, "?1 = ?1 AND ?2 = ?2", 0, 0))).collect();
        self.commit(&people, 0);
        drop(people);
        let (last, mut tickets) = (self.last("audit"), 0);
        for first in (1..=last).step_by(usize::try_from(STRIDE).expect("a small number")) {
            let end = first + STRIDE - 1;
            let mut rows: Vec<Rows> =
                WRITTEN.iter().map(|(table, which)| (*table, self.read(table, which, first, end))).collect();
            rows.push(("event_audience", self.audience(first, end)));
            tickets += rows[0].1.len();
            self.commit(&rows, i64::try_from(tickets).expect("a count"));
        }
        self.taken
    }

    fn read(&self, table: &str, which: &str, first: i64, end: i64) -> Vec<Vec<Value>> {
        let mut statement =
            self.world.prepare_cached(&format!("SELECT * FROM {table} WHERE {which}")).expect("a good query");
        let columns = statement.column_count();
        let row = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
        statement.query_map([first, end], row).and_then(Iterator::collect).expect("rows of a world")
    }

    /// Whom the events of these operations concern, as their payloads say: the table itself is in the order of customers.
    fn audience(&self, first: i64, end: i64) -> Vec<Vec<Value>> {
        let sql = "SELECT data ->> '$.customerId', id FROM outbox WHERE audit_id BETWEEN ?1 AND ?2
            UNION ALL SELECT value, outbox.id FROM outbox, json_each(data, '$.groupCustomerIds')
            WHERE audit_id BETWEEN ?1 AND ?2 ORDER BY 2";
        let mut statement = self.world.prepare_cached(sql).expect("a good query");
        let row = |row: &rusqlite::Row<'_>| Ok(vec![row.get(0)?, row.get(1)?]);
        statement.query_map([first, end], row).and_then(Iterator::collect).expect("rows of a world")
    }

    fn last(&self, table: &str) -> i64 {
        let sql = format!("SELECT coalesce(max(id), 0) FROM {table}");
        self.world.query_row(&sql, [], |row| row.get(0)).expect("a number")
    }

    fn commit(&mut self, tables: &[Rows], tickets: i64) {
        let (cpu, began) = (own(), Instant::now());
        let transaction =
            self.again.transaction_with_behavior(TransactionBehavior::Immediate).expect("nobody else writes");
        for (table, rows) in tables {
            let Some(first) = rows.first() else { continue };
            let places = (1..=first.len()).map(|place| format!("?{place}")).collect::<Vec<_>>().join(", ");
            let sql = format!("INSERT INTO {table} VALUES ({places})");
            let mut statement = transaction.prepare_cached(&sql).expect("a table of the store");
            for row in rows {
                statement.execute(rusqlite::params_from_iter(row)).expect("a row of the store");
            }
        }
        index_words(&transaction, tickets);
        transaction.commit().expect("the disk takes it");
        self.taken.time += began.elapsed();
        self.taken.cpu += own().saturating_sub(cpu);
    }
}

/// Puts the words of all tickets up to this one into their index, as many at a time as the product does.
fn index_words(connection: &Connection, tickets: i64) {
    let end = "SELECT ticket_id FROM ticket_grams_position WHERE id = 1";
    let mut end: i64 = connection.query_row(end, [], |row| row.get(0)).expect("there is an end");
    while end + WORDS <= tickets {
        let mut index =
            connection.prepare_cached(include_str!("../../sql/sqlite/tickets/index_grams.sql")).expect("good");
        index.execute(params![end, end + WORDS]).expect("words are words");
        end += WORDS;
        let mut moved =
            connection.prepare_cached(include_str!("../../sql/sqlite/tickets/move_grams_position.sql")).expect("good");
        moved.execute([end]).expect("an end is moved");
    }
}
