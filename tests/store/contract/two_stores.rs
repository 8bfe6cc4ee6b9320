//! Two stores at one location, as two servers have them: each reads the other's commits, and nothing is done twice.

use std::thread;
use std::time::{Duration, Instant};

use support::desk;
use support::desk::delivery::queue::{fill_queue, next_message};
use support::desk::delivery::record::record_attempt;
use support::desk::idempotency::{IdempotentResponse, idempotent};
use support::desk::retention::purge;
use support::model::delivery::{Attempt, AttemptOutcome, ChannelName, Queue, Settled};
use support::model::idempotency::{IdempotencyKey, StoredResponse};
use support::model::key::Key;
use support::model::pagination::{Sort, TicketFilter};
use support::model::principal::{Caller, Principal};
use support::model::retention::{RetentionClass, RetentionPolicy};
use support::model::timestamp::DAY;
use support::model::{Error, StoreError};
use support::store::{Store, Unit};

use super::webhooks::added;
use crate::world::{NOW, World, agent, at, caller, customer, draft, now, opened, page};

/// Runs a closure on both stores concurrently, this times on each. Returns the outcomes.
fn run_on_both<T: Send>(stores: [&Store; 2], times: usize, run: impl Fn(&Store) -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..times).flat_map(|_| stores).map(|store| scope.spawn(|| run(store))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

pub(crate) fn one_key_used_concurrently_opens_one_ticket(world: &World) {
    let other = world.joined();
    let answers = run_on_both([&world.store, &other], 25, |store| {
        let work = |unit: &mut dyn Unit| {
            let key =
                IdempotencyKey::new(Principal::Customer(customer(1)), "POST /", Key::new("k").unwrap(), "/?", b"{}");
            let create = |unit: &mut dyn Unit| desk::create::create(unit, &caller(1), draft(1, &[2]), now());
            idempotent(unit, &key, now(), create, |done| StoredResponse {
                status: 200,
                language: "en".to_owned(),
                body: done.unwrap().ticket.id.to_string().into_bytes(),
            })
        };
        store.write_blocking(work).unwrap()
    });
    let first = answers.iter().filter(|answer| matches!(answer, IdempotentResponse::First(_))).count();
    assert_eq!((answers.len(), first), (50, 1));
    let texts = answers
        .iter()
        .map(|(IdempotentResponse::First(answer) | IdempotentResponse::Replayed(answer))| answer.body.as_slice());
    assert!(texts.into_iter().all(|text| text == b"1"), "everybody hears of the one ticket");
    let listed =
        other.read_blocking(|unit| unit.tickets().list(&TicketFilter::default(), page(9, Sort::Created))).unwrap();
    assert_eq!(listed.len(), 1);
}

pub(crate) fn a_hundred_concurrent_closes_give_one_success(world: &World) {
    let other = world.joined();
    let ticket = opened(&world.store).id;
    let outcomes = run_on_both([&world.store, &other], 50, |store| {
        store.write_blocking(move |unit| desk::close::close(unit, &caller(1), ticket, None, now()))
    });
    let (done, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!((done.len(), refused.len()), (1, 99));
    assert!(refused.iter().all(|refused| matches!(refused, Err(Error::AlreadyClosed(_)))), "{refused:?}");
    let verified = world.store.read_blocking(|unit| desk::audit::verify(unit, &agent(), None, |_| {}, |_| {})).unwrap();
    assert_eq!(verified.head.entries, 2);
}

/// Polls events from the first, as a feed does, until it has this many.
fn follow(store: &Store, count: i64) -> Vec<i64> {
    let end = Instant::now() + Duration::from_mins(1);
    let mut seen = Vec::new();
    let mut heard = 0;
    while heard < count {
        assert!(Instant::now() < end, "only {heard} of {count} events came");
        let page = store.read_blocking(|unit| unit.events().audiences(heard, 7)).unwrap();
        seen.extend(page.iter().map(|audience| audience.sequence));
        heard = seen.last().copied().unwrap_or_default();
        thread::yield_now();
    }
    seen
}

pub(crate) fn both_stores_read_events_in_order_without_gaps(world: &World) {
    let other = world.joined();
    let stores = [&world.store, &other];
    let (each, threads) = (10, 2);
    let count = each * threads * 2;
    thread::scope(|scope| {
        let followers = stores.map(|store| scope.spawn(move || follow(store, count)));
        run_on_both(stores, usize::try_from(threads).unwrap(), |store| {
            for _ in 0..each {
                opened(store);
            }
        });
        for follower in followers {
            assert_eq!(follower.join().unwrap(), (1..=count).collect::<Vec<_>>());
        }
    });
}

pub(crate) fn concurrent_purges_leave_what_one_would(world: &World) {
    let other = world.joined();
    for _ in 0..100 {
        opened(&world.store);
    }
    let later = NOW + 200 * DAY;
    let gone = run_on_both([&world.store, &other], 1, |store| {
        let mut rows = 0;
        loop {
            let work = move |unit: &mut dyn Unit| {
                purge(unit, &Caller::system(), RetentionClass::Events, &RetentionPolicy::default(), at(later))
            };
            let went = store.write_blocking(work).unwrap();
            rows += went.rows;
            if !went.more {
                return rows;
            }
        }
    });
    let mark = other.read_blocking(|unit| unit.retention().mark(RetentionClass::Events)).unwrap();
    let left = world.store.read_blocking(|unit| unit.events().audiences(0, 200)).unwrap().len();
    assert_eq!(gone.iter().sum::<usize>() + left, 100);
    assert_eq!(mark.through, i64::try_from(100 - left).unwrap());
    // A mark that another store has moved is not moved back.
    let stale = move |unit: &mut dyn Unit| unit.retention().purge(RetentionClass::Events, 0, mark);
    assert!(matches!(world.store.write_blocking(stale), Err(Error::Changed(_))));
}

pub(crate) fn a_worker_without_its_lease_sends_nothing_and_settles_nothing_twice(world: &World) {
    let other = world.joined();
    let webhook = added(world, &[]).id;
    opened(&world.store);
    let [one, two] = ["1", "2"].map(|digit| digit.repeat(32));
    let takes = |store: &Store, holder: &str, seen| {
        let holder = holder.to_owned();
        let take = move |unit: &mut dyn Unit| {
            unit.leases().acquire(ChannelName::Webhooks, &holder, Option::as_ref(&seen), now())
        };
        store.write_blocking(take).unwrap()
    };
    let next = |store: &Store, holder: &str| {
        store.read_blocking(|unit| next_message(unit, &Caller::system(), holder, webhook, now())).unwrap()
    };
    let records = |store: &Store, outcome, attempts| {
        let attempt = Attempt { outcome, at: at(NOW + 5), took: 12, answer: String::new() };
        let key = next(&other, &two).or_else(|| next(&world.store, &one)).unwrap().key;
        let work = move |unit: &mut dyn Unit| {
            record_attempt(unit, &Caller::system(), Queue::Webhook(webhook), key, attempts, &attempt, 0)
        };
        store.write_blocking(work).unwrap()
    };
    assert!(takes(&world.store, &one, None));
    world
        .store
        .write_blocking(move |unit| fill_queue(unit, &Caller::system(), Queue::Webhook(webhook), now()))
        .unwrap();
    let sent = next(&world.store, &one).unwrap();
    let seen = other.read_blocking(|unit| unit.leases().find(ChannelName::Webhooks)).unwrap();
    assert!(takes(&other, &two, seen.clone()) && !takes(&world.store, &one, seen));
    assert!(next(&world.store, &one).is_none(), "the lease is another's");
    assert_eq!(next(&other, &two).unwrap().key, sent.key, "what was being sent is sent again");
    // Both have sent it; one of them stores its attempt first.
    assert_eq!(records(&other, AttemptOutcome::answered(500), 0), Some(Settled::Retried(at(NOW + 7))));
    let late = Attempt { outcome: AttemptOutcome::answered(200), at: at(NOW + 6), took: 1, answer: String::new() };
    let work = move |unit: &mut dyn Unit| {
        record_attempt(unit, &Caller::system(), Queue::Webhook(webhook), sent.key, 0, &late, 0)
    };
    assert_eq!(world.store.write_blocking(work).unwrap(), None, "it was settled meanwhile");
    let filled = [&world.store, &other].map(|store| {
        store.write_blocking(move |unit| fill_queue(unit, &Caller::system(), Queue::Webhook(webhook), now())).unwrap()
    });
    assert_eq!(filled, [false, false]);
}

pub(crate) fn closing_one_store_leaves_the_other_open(world: &World) {
    let other = world.joined();
    opened(&other);
    other.close();
    let late = other.write_blocking(|unit| unit.pulse(now()));
    assert!(matches!(late, Err(Error::Store { error: StoreError::Failed, .. })));
    let ticket = opened(&world.store).id;
    let close = move |unit: &mut dyn Unit| desk::close::close(unit, &agent(), ticket, None, now());
    assert_eq!(world.store.write_blocking(close).unwrap().ticket.id.get(), 2);
}
