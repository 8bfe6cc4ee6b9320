//! Retention: old rows are purged in batches, oldest first; new rows, needed rows and other classes are kept.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use support::desk;
use support::desk::audit::{Verified, verify};
use support::desk::retention::{Purged, purge};
use support::model::audit::AuditId;
use support::model::audit_verify::{Finding, Table};
use support::model::principal::Caller;
use support::model::retention::{PURGE_BATCH, PurgeMark, RetentionClass, RetentionPolicy};
use support::model::timestamp::DAY;
use support::model::{Error, Timestamp};
use support::retention_worker::RetentionWorker;
use support::store::Store;

use crate::world::{Home, NOW, agent, at, caller, draft, furnish};

/// Day on which rows older than a month are purged, or a quarter for notifications.
const TODAY: i64 = NOW + 200 * DAY;

fn number(home: &Home, sql: &str) -> i64 {
    home.raw_connection().query_row(sql, [], |row| row.get(0)).unwrap()
}

fn rows(home: &Home, table: &str) -> i64 {
    number(home, &format!("SELECT count(*) FROM {table}"))
}

/// Opens tickets of customer 1 with member 2 on a day: one event and two notifications each.
fn open_tickets_on(store: &Store, count: usize, day: i64) {
    for _ in 0..count {
        let draft = draft(1, &[2]);
        let work = move |unit: &mut dyn support::store::Unit| {
            desk::create::create(unit, &caller(1), draft.clone(), at(NOW + day * DAY))
        };
        store.write_blocking(work).unwrap();
    }
}

/// Creates a store with old and new tickets. Events 1 to `old` are old.
fn new_store(old: usize, young: usize) -> (Home, Store) {
    let home = Home::new();
    let store = home.open();
    furnish(&store);
    open_tickets_on(&store, old, 0);
    open_tickets_on(&store, young, 199);
    (home, store)
}

fn purge_batch(store: &Store, class: RetentionClass, now: i64) -> Purged {
    store
        .write_blocking(move |unit| purge(unit, &Caller::system(), class, &RetentionPolicy::default(), at(now)))
        .unwrap()
}

/// Purges everything that may be purged. Returns the number of batches.
fn purge_all(store: &Store, class: RetentionClass) -> usize {
    let batches: Vec<_> =
        std::iter::repeat_with(|| purge_batch(store, class, TODAY)).take_while(|purged| purged.more).collect();
    assert!(batches.iter().all(|purged| purged.rows <= PURGE_BATCH as usize), "{batches:?}");
    batches.len()
}

fn mark(store: &Store, class: RetentionClass) -> PurgeMark {
    store.read_blocking(|unit| unit.retention().mark(class)).unwrap()
}

fn verified(store: &Store) -> Result<Verified, Error> {
    store.read_blocking(|unit| verify(unit, &agent(), None, |_| {}, |_| {}))
}

#[test]
fn old_events_are_purged_in_batches_with_their_audiences() {
    let (home, store) = new_store(250, 3);
    assert_eq!(purge_batch(&store, RetentionClass::Events, NOW + 29 * DAY), Purged { rows: 0, more: false });
    assert!(purge_all(&store, RetentionClass::Events) >= 3);
    assert_eq!((rows(&home, "outbox"), number(&home, "SELECT min(id) FROM outbox")), (3, 251));
    assert_eq!((rows(&home, "event_audience"), number(&home, "SELECT min(event_id) FROM event_audience")), (6, 251));
    assert_eq!(mark(&store, RetentionClass::Events), PurgeMark { through: 250, audit: AuditId(250) });
    assert_eq!(rows(&home, "notifications"), 506, "each by its own rule");
}

#[test]
fn old_notifications_are_purged_read_or_unread_and_by_operation() {
    let (home, store) = new_store(120, 2);
    home.raw_connection().execute_batch("UPDATE notifications SET read_at = at WHERE id % 3 = 0").unwrap();
    assert!(purge_all(&store, RetentionClass::Notifications) >= 3);
    assert_eq!((rows(&home, "notifications"), number(&home, "SELECT min(id) FROM notifications")), (4, 241));
    assert_eq!(
        store.read_blocking(|unit| unit.notifications().count_unread(crate::world::customer(1))).unwrap(),
        1,
        "of 241 and 243"
    );
    assert_eq!(rows(&home, "outbox"), 122);
}

#[test]
fn tickets_audit_and_ledger_are_not_purged_and_still_verify() {
    let (home, store) = new_store(130, 2);
    let kept = ["tickets", "ticket_members", "audit", "ledger", "customers"];
    let before = kept.map(|table| rows(&home, table));
    for what in RetentionClass::ALL {
        // Also between two batches.
        purge_batch(&store, *what, TODAY);
        verified(&store).unwrap();
        purge_all(&store, *what);
    }
    assert_eq!(kept.map(|table| rows(&home, table)), before);
    let Verified { events, events_purged, notifications, notifications_purged, .. } = verified(&store).unwrap();
    assert_eq!((events, events_purged, notifications, notifications_purged), (2, 130, 4, 260));
    open_tickets_on(&store, 1, 200);
    assert_eq!(verified(&store).unwrap().events, 3);
    assert_eq!(number(&home, "SELECT max(id) FROM outbox"), 133, "no number is given twice");
}

#[test]
fn all_rows_can_be_purged_and_ids_are_not_reused() {
    let (home, store) = new_store(5, 0);
    purge_all(&store, RetentionClass::Events);
    purge_all(&store, RetentionClass::Notifications);
    assert_eq!((rows(&home, "outbox"), rows(&home, "notifications")), (0, 0));
    assert_eq!(store.read_blocking(|unit| unit.events().newest()).unwrap(), 5);
    verified(&store).unwrap();
    open_tickets_on(&store, 1, 200);
    assert_eq!(number(&home, "SELECT max(id) FROM outbox"), 6);
    verified(&store).unwrap();
}

#[test]
fn a_deletion_outside_retention_is_found() {
    let tamper = |sql: &str| {
        let (home, store) = new_store(5, 2);
        purge_all(&store, RetentionClass::Events);
        purge_all(&store, RetentionClass::Notifications);
        store.close();
        let raw = home.raw_connection();
        raw.execute_batch(
            "DROP TRIGGER events_go_oldest_first; DROP TRIGGER notifications_go_oldest_first;
             DROP TRIGGER retention_marks_only_grow; DROP TRIGGER retention_marks_are_kept",
        )
        .unwrap();
        raw.execute_batch(sql).unwrap();
        match verified(&home.open()) {
            Err(Error::AuditBroken(finding)) => finding,
            other => panic!("{sql}: {other:?}"),
        }
    };
    assert_eq!(tamper("DELETE FROM outbox WHERE id = 6"), Finding::Missing(Table::Outbox, 6));
    assert_eq!(tamper("DELETE FROM outbox WHERE id = 7"), Finding::EntryRowMissing(Table::Outbox, AuditId(7)));
    assert_eq!(tamper("UPDATE outbox SET id = 3 WHERE id = 6"), Finding::Stray(Table::Outbox, 3));
    assert_eq!(
        tamper("UPDATE retention_marks SET through = 6 WHERE what = 'events'"),
        Finding::Stray(Table::Outbox, 6)
    );
    assert_eq!(
        tamper("UPDATE retention_marks SET audit_id = 6 WHERE what = 'events'"),
        Finding::RowDiffers(Table::Outbox, 6, AuditId(6))
    );
    assert_eq!(
        tamper("UPDATE retention_marks SET through = 0, audit_id = 0 WHERE what = 'events'"),
        Finding::Missing(Table::Outbox, 1)
    );
    assert_eq!(tamper("DELETE FROM notifications WHERE id = 11"), Finding::Missing(Table::Notifications, 11));
}

#[test]
fn two_servers_can_purge_concurrently() {
    let (home, one) = new_store(400, 2);
    let other = home.open();
    thread::scope(|scope| {
        for store in [&one, &other] {
            scope.spawn(|| {
                purge_all(store, RetentionClass::Events);
                purge_all(store, RetentionClass::Notifications);
            });
        }
        scope.spawn(|| open_tickets_on(&one, 20, 199));
    });
    assert_eq!((rows(&home, "outbox"), rows(&home, "event_audience")), (22, 44));
    assert_eq!(rows(&home, "notifications"), 44);
    verified(&one).unwrap();
}

/// Inserts a webhook by SQL, with its position in the outbox.
fn webhook(home: &Home, id: i64, position: i64, disabled: bool) {
    let sql = "INSERT INTO webhooks
        (id, url, private, events, headers, tag, secret, position, created_at, created_by, disabled_at)
        VALUES (?1, 'https://example.com/', 0, '[]', '[]', printf('%016x', ?1), zeroblob(32), ?2, 0, 'maria', ?3)";
    home.raw_connection().execute(sql, (id, position, disabled.then_some(NOW))).unwrap();
}

fn delivery(home: &Home, webhook: i64, event: i64, state: &str, ended: i64) {
    let sql = "INSERT INTO deliveries
        (webhook_id, event_id, state, attempts, due_at, created_at, last_at, took, status, answer)
        VALUES (?1, ?2, ?3, 1, 0, 0, ?4, 1, 500, '')";
    home.raw_connection().execute(sql, (webhook, event, state, ended)).unwrap();
}

#[test]
fn an_event_is_kept_while_a_webhook_needs_it() {
    let (home, store) = new_store(10, 1);
    webhook(&home, 1, 8, false);
    purge_all(&store, RetentionClass::Events);
    assert_eq!(mark(&store, RetentionClass::Events).through, 8, "the webhook has not looked at event 9");
    home.raw_connection().execute_batch("UPDATE webhooks SET position = 11").unwrap();
    for (event, state) in [(9, "delivered"), (10, "waiting")] {
        delivery(&home, 1, event, state, NOW);
    }
    purge_all(&store, RetentionClass::Events);
    assert_eq!(mark(&store, RetentionClass::Events).through, 8, "a delivery of event 9 is kept");
    purge_all(&store, RetentionClass::Deliveries);
    purge_all(&store, RetentionClass::Events);
    assert_eq!(mark(&store, RetentionClass::Events).through, 9, "event 10 is not delivered yet");
    assert_eq!(rows(&home, "deliveries"), 1);
    home.raw_connection().execute("UPDATE deliveries SET state = 'dead', last_at = ?1", [TODAY - DAY]).unwrap();
    purge_all(&store, RetentionClass::Deliveries);
    assert_eq!(rows(&home, "deliveries"), 1, "it ended yesterday");
    home.raw_connection().execute("UPDATE deliveries SET last_at = ?1", [TODAY - 31 * DAY]).unwrap();
    purge_all(&store, RetentionClass::Deliveries);
    purge_all(&store, RetentionClass::Events);
    assert_eq!(mark(&store, RetentionClass::Events).through, 10);
}

#[test]
fn a_disabled_webhook_does_not_keep_events_forever() {
    let (home, store) = new_store(4, 1);
    webhook(&home, 1, 2, true);
    delivery(&home, 1, 1, "waiting", NOW);
    delivery(&home, 1, 2, "waiting", NOW);
    purge_all(&store, RetentionClass::Deliveries);
    purge_all(&store, RetentionClass::Events);
    assert_eq!((rows(&home, "deliveries"), rows(&home, "outbox")), (0, 1));
}

#[test]
fn expired_keys_are_purged_without_new_keys() {
    let (home, store) = new_store(1, 0);
    let raw = home.raw_connection();
    raw.execute_batch(
        "WITH RECURSIVE count (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < 253)
         INSERT INTO idempotency_keys (principal, endpoint, key, request_digest, status, language, text, expires_at)
         SELECT 'customer:1', 'POST /', n, zeroblob(32), 200, 'en', x'7b7d', iif(n < 251, 0, 253402207200) FROM count",
    )
    .unwrap();
    assert_eq!(purge_all(&store, RetentionClass::Keys), 250_usize.div_ceil(PURGE_BATCH as usize));
    assert_eq!(rows(&home, "idempotency_keys"), 3);
}

#[test]
fn classes_without_retention_are_never_purged() {
    let (home, store) = new_store(3, 0);
    let rules = ["events=off", "notifications=off", "deliveries=off"].map(|rule| rule.parse().unwrap());
    let retention = RetentionPolicy::from_rules(&rules);
    for what in RetentionClass::ALL {
        let latest = Timestamp::from_second(253_402_207_200).unwrap();
        store.write_blocking(move |unit| purge(unit, &Caller::system(), *what, &retention, latest)).unwrap();
    }
    assert_eq!((rows(&home, "outbox"), rows(&home, "notifications")), (3, 6));
}

#[test]
fn a_row_with_a_future_time_is_kept_until_then() {
    let (home, store) = new_store(2, 0);
    open_tickets_on(&store, 1, 400);
    open_tickets_on(&store, 2, 1);
    purge_all(&store, RetentionClass::Events);
    assert_eq!(mark(&store, RetentionClass::Events).through, 2);
    let later = NOW + 431 * DAY;
    assert_eq!(purge_batch(&store, RetentionClass::Events, later).rows, 3);
    assert_eq!(rows(&home, "outbox"), 0);
}

/// Number of readings of each clock since the start of a worker. The first one is that of the start.
static WALL_READINGS: AtomicUsize = AtomicUsize::new(0);
static UPTIME_READINGS: AtomicUsize = AtomicUsize::new(0);
/// Days by which the wall clock jumps after the start of a worker.
const JUMP: i64 = 400;

fn jumping_clock() -> Timestamp {
    let days = if WALL_READINGS.fetch_add(1, Ordering::SeqCst) == 0 { 0 } else { JUMP };
    at(NOW + days * DAY)
}

fn steady_uptime() -> Duration {
    Duration::ZERO
}

fn jumping_uptime() -> Duration {
    let days = if UPTIME_READINGS.fetch_add(1, Ordering::SeqCst) == 0 { 0 } else { JUMP };
    Duration::from_secs((days * DAY).unsigned_abs())
}

/// Polls a condition for at most a minute.
fn wait_until(condition: impl Fn() -> bool) {
    let reached = (0..6_000).any(|_| {
        let reached = condition();
        if !reached {
            thread::sleep(Duration::from_millis(10));
        }
        reached
    });
    assert!(reached, "the condition was not reached within a minute");
}

#[test]
fn nothing_is_purged_while_the_clock_has_jumped() {
    let (home, store) = new_store(3, 0);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let _entered = runtime.enter();
    let worker = RetentionWorker::start(store.clone(), RetentionPolicy::default(), jumping_clock, steady_uptime);
    wait_until(|| WALL_READINGS.load(Ordering::SeqCst) > RetentionClass::ALL.len());
    assert_eq!(rows(&home, "outbox"), 3, "400 days have not passed");
    drop(worker);
    WALL_READINGS.store(0, Ordering::SeqCst);
    let _worker = RetentionWorker::start(store, RetentionPolicy::default(), jumping_clock, jumping_uptime);
    wait_until(|| rows(&home, "outbox") == 0);
}
