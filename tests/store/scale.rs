//! Large store: every combination of filter and order returns what a full scan would, and takes no more steps of SQLite
//! than one index scan.

use std::cmp::Reverse;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use support::desk;
use support::model::pagination::{Cursor, PageRequest, Sort, TicketFilter};
use support::model::search::SearchQuery;
use support::model::{CustomerId, IssueType, Level, ServiceType, Status};
use support::store::Store;
use support::store::sqlite::Settings;

use crate::world::{Home, NOW, agent, at, customer, draft, furnish, ticket_id};

/// Number of tickets. A third of them have the same words, which is more than the limit of candidates.
const TICKETS: i64 = 18_000;
/// Seconds between the creation of two tickets.
const SECONDS_BETWEEN: i64 = 60;
/// Maximum number of SQLite's virtual machine instructions for a page: thirty for each ticket.
const MAX_STEPS: u64 = 30 * TICKETS.unsigned_abs();

/// Values of a ticket that filters and orders use.
struct Row {
    id: i64,
    customer: CustomerId,
    service: ServiceType,
    issue: IssueType,
    status: Status,
    level: Level,
    created: i64,
    updated: i64,
    text: String,
}

/// Inserts tickets of every kind by SQL, except for the last, whose insertion indexes the others. The first thousand
/// are out of order: one day later than their ids.
fn large_store(steps: &Arc<AtomicU64>) -> (Home, Store) {
    let home = Home::new();
    let store = home.open();
    furnish(&store);
    store.close();
    home.raw_connection()
        .execute_batch(&format!(
            "WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < {TICKETS} - 1),
             d AS (SELECT id, id * 7919 % 10007 AS r, id * 104729 % 9973 AS q,
                          {NOW} + id * {SECONDS_BETWEEN} + iif(id < 1000, 86400, 0) AS born FROM n)
             INSERT INTO tickets (id, version, customer_id, service, issue, description, ride_id, order_id, booking_id,
                                  status, level, created_at, updated_at)
             SELECT id, 1, iif(r % 2, 1, 2 + r / 2 % 3),
                    CASE WHEN r % 5 < 3 THEN 'ride' WHEN r % 5 = 3 THEN 'order' ELSE 'booking' END,
                    CASE WHEN q % 7 < 5 THEN 'PAYMENT_ISSUE' WHEN q % 7 = 5 THEN 'CANCELLATION' ELSE 'OTHER' END,
                    CASE WHEN q % 3 = 0 THEN 'charged twice' WHEN q % 3 = 1 AND r % 2 = 0 THEN '我要退款'
                         WHEN q % 501 = 7 THEN 'a zebra, twice' ELSE 'nobody came' END,
                    1, 2, 3,
                    CASE WHEN q % 10 < 7 THEN 'CLOSED' WHEN q % 10 < 9 THEN 'OPEN' ELSE 'ESCALATED' END,
                    CASE WHEN q % 10 < 9 THEN 1 WHEN q % 100 = 99 THEN 3 ELSE 2 END,
                    born, born + CASE WHEN q % 10 IN (7, 8) THEN 0 WHEN r % 50 = 0 THEN r * 200 ELSE q * 30 END
             FROM d"
        ))
        .unwrap();
    let store = home.open_with(Settings { step_counter: Some(Arc::clone(steps)), ..Settings::default() }).unwrap();
    let last = draft(1, &[]).into_ticket(ticket_id(TICKETS), at(NOW + TICKETS * SECONDS_BETWEEN));
    store.write_blocking(move |unit| unit.tickets().load(&last)).unwrap();
    (home, store)
}

fn rows(home: &Home) -> Vec<Row> {
    let raw = home.raw_connection();
    let mut all = raw
        .prepare(
            "SELECT id, customer_id, service, issue, status, level, created_at, updated_at, description FROM tickets",
        )
        .unwrap();
    let rows = all.query_map([], |row| {
        let word = |place: usize| row.get::<_, String>(place);
        Ok(Row {
            id: row.get(0)?,
            customer: customer(row.get(1)?),
            service: ServiceType::parse(&word(2)?).unwrap(),
            issue: IssueType::parse(&word(3)?).unwrap(),
            status: Status::parse(&word(4)?).unwrap(),
            level: Level::new(row.get(5)?).unwrap(),
            created: row.get(6)?,
            updated: row.get(7)?,
            text: word(8)?,
        })
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// Returns every combination of at most one value from each group.
fn filters() -> Vec<TicketFilter> {
    type Narrow = fn(&mut TicketFilter);
    let groups: [&[Narrow]; 6] = [
        &[|filter| filter.statuses = vec![Status::Open], |filter| filter.statuses = vec![Status::Escalated]],
        &[|filter| (filter.services, filter.issues) = (vec![ServiceType::Booking], vec![IssueType::Other])],
        &[|filter| filter.levels = vec![Level::TOP]],
        &[|filter| filter.owners = vec![customer(1)], |filter| filter.owners = vec![customer(3), customer(4)]],
        &[
            |filter| filter.until = Some(at(NOW + TICKETS / 2 * SECONDS_BETWEEN)),
            |filter| {
                (filter.since, filter.until) =
                    (Some(at(NOW + 6_000 * SECONDS_BETWEEN)), Some(at(NOW + 8_000 * SECONDS_BETWEEN)));
            },
        ],
        &[
            |filter| filter.search = SearchQuery::parse("charged twice"),
            |filter| filter.search = SearchQuery::parse("zebra"),
        ],
    ];
    let mut all = vec![TicketFilter::default()];
    for group in groups {
        let before = all.clone();
        for narrow in group {
            all.extend(before.iter().cloned().map(|mut filter| {
                narrow(&mut filter);
                filter
            }));
        }
    }
    all
}

fn passes(filter: &TicketFilter, sort: Sort, row: &Row) -> bool {
    let time = if sort == Sort::Updated { row.updated } else { row.created };
    let is_one = |named: bool, found: bool| !named || found;
    is_one(!filter.statuses.is_empty(), filter.statuses.contains(&row.status))
        && is_one(!filter.services.is_empty(), filter.services.contains(&row.service))
        && is_one(!filter.issues.is_empty(), filter.issues.contains(&row.issue))
        && is_one(!filter.levels.is_empty(), filter.levels.contains(&row.level))
        && is_one(!filter.owners.is_empty(), filter.owners.contains(&row.customer))
        && filter.since.is_none_or(|since| time >= since.second())
        && filter.until.is_none_or(|until| time <= until.second())
        && filter.search.as_ref().is_none_or(|words| words.rank(&row.text) > 0)
}

/// Returns the ids of the first two pages.
fn pages(store: &Store, filter: &TicketFilter, sort: Sort) -> Vec<i64> {
    let mut ids = Vec::new();
    let mut after = Some(Cursor::start(sort));
    for _ in 0..2 {
        let Some(place) = after else { break };
        let request = PageRequest { limit: 20, after: place };
        let page = store.read_blocking(|unit| desk::list::list(unit, &agent(), filter, request)).unwrap();
        ids.extend(page.rows.iter().map(|details| details.ticket.id.get()));
        after = page.next;
    }
    ids
}

#[test]
fn every_filter_and_order_is_correct_and_scans_at_most_one_index() {
    let steps = Arc::new(AtomicU64::new(0));
    let (home, store) = large_store(&steps);
    let rows = rows(&home);
    let mut wrong = Vec::new();
    for filter in filters() {
        for sort in [Sort::Created, Sort::Updated, Sort::Level] {
            let passing: Vec<&Row> = rows.iter().filter(|row| passes(&filter, sort, row)).collect();
            let mut places: Vec<_> = passing
                .iter()
                .map(|row| match sort {
                    Sort::Created | Sort::Rank => (0, row.created, row.id),
                    Sort::Updated => (0, row.updated, row.id),
                    Sort::Level => (row.level.get(), row.created, row.id),
                })
                .collect();
            places.sort_unstable_by_key(|place| Reverse(*place));
            let before = steps.load(Ordering::Relaxed);
            let found = pages(&store, &filter, sort);
            let took = steps.load(Ordering::Relaxed) - before;
            if !found.iter().eq(places.iter().take(40).map(|(.., id)| id)) {
                wrong.push(format!("{filter:?} by {sort:?}: {found:?}"));
            }
            if took > 2 * MAX_STEPS {
                wrong.push(format!("{filter:?} by {sort:?} takes {took} steps"));
            }
        }
        if filter.search.is_some() {
            let passing: Vec<&Row> = rows.iter().filter(|row| passes(&filter, Sort::Rank, row)).collect();
            let before = steps.load(Ordering::Relaxed);
            let found = pages(&store, &filter, Sort::Rank);
            let took = steps.load(Ordering::Relaxed) - before;
            let all = found.iter().all(|id| passing.iter().any(|row| row.id == *id));
            if !all || found.len() != passing.len().min(40) || took > 2 * MAX_STEPS {
                wrong.push(format!("{filter:?} by rank takes {took} steps: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong: {:#?}", wrong.len(), &wrong[..wrong.len().min(10)]);
}
