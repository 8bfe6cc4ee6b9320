//! Units of work: commits, rollbacks and outcomes.

use std::sync::{Barrier, mpsc};
use std::thread;

use futures_util::FutureExt;
use support::desk::grant_points::grant_points;
use support::desk::notifications::mark_read;
use support::desk::webhook::rotate::rotate_secret;
use support::model::award::Cents;
use support::model::customer::Customer;
use support::model::inbox::ReadSelection;
use support::model::ledger::{Balance, Grant};
use support::model::pagination::Sort;
use support::model::ticket::Reason;
use support::model::webhook::secret::SigningSecret;
use support::model::{CustomerId, Error, Status, StoreError};
use support::store::{Store, Unit};
use support::{desk, system};

use super::webhooks;
use crate::world::{World, agent, caller, customer, draft, now, opened, page, store_error, ticket_id};

fn person(id: i64) -> Customer {
    Customer { id: customer(id), name: "New".to_owned(), locale: "en".to_owned(), rewards_active: true, email: None }
}

fn exists(store: &Store, id: i64) -> bool {
    store.read_blocking(|unit| unit.customers().find(customer(id))).unwrap().is_some()
}

type Work = Box<dyn FnMut(&mut dyn Unit) -> Result<(), Error> + Send>;

/// Runs the units in one group: they queue behind a unit that holds the writer.
fn run_in_one_group(store: &Store, units: Vec<Work>) -> Vec<Result<(), Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (begun, has_begun) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let holder = store.clone();
    let holder = thread::spawn(move || {
        holder.write_blocking(move |_| {
            begun.send(()).unwrap();
            may_go.recv().unwrap();
            Ok(())
        })
    });
    has_begun.recv().unwrap();
    let outcomes = runtime.block_on(async {
        let mut waiting: Vec<_> = units.into_iter().map(|unit| Box::pin(store.write(unit))).collect();
        // The first poll of each future queues its unit.
        for unit in &mut waiting {
            assert!(unit.as_mut().now_or_never().is_none());
        }
        go.send(()).unwrap();
        futures_util::future::join_all(waiting).await
    });
    holder.join().unwrap().unwrap();
    outcomes
}

pub(crate) fn a_failed_unit_undoes_only_itself(world: &World) {
    let outcomes = run_in_one_group(
        &world.store,
        vec![
            Box::new(|unit| unit.customers().insert(&person(11))),
            Box::new(|_| Err(Error::TicketNotFound(ticket_id(1)))),
            Box::new(|unit| {
                unit.customers().insert(&person(12))?;
                Err(Error::TicketNotFound(ticket_id(2)))
            }),
            Box::new(|unit| unit.customers().insert(&person(13))),
        ],
    );
    assert!(matches!(outcomes[..], [Ok(()), Err(Error::TicketNotFound(_)), Err(Error::TicketNotFound(_)), Ok(())]));
    assert_eq!([11, 12, 13].map(|id| exists(&world.store, id)), [true, false, true]);
}

pub(crate) fn a_unit_that_fails_after_a_write_is_rolled_back(world: &World) {
    let outcome: Result<(), _> = world.store.write_blocking(|unit| {
        let ticket = unit.tickets().insert(draft(1, &[2]), now())?;
        unit.customers().insert(&person(11))?;
        Err(Error::AlreadyClosed(ticket.id))
    });
    assert!(matches!(outcome, Err(Error::AlreadyClosed(_))));
    assert!(!exists(&world.store, 11));
    assert!(world.store.read_blocking(|unit| unit.tickets().find(ticket_id(1))).unwrap().is_none());
}

pub(crate) fn a_unit_that_finds_a_change_runs_again(world: &World) {
    let runs = |changed: u32| {
        let mut run = 0;
        world.store.write_blocking(move |unit| {
            run += 1;
            unit.customers().insert(&person(10 + i64::from(changed)))?;
            if run <= changed { Err(Error::Changed("ticket")) } else { Ok(run) }
        })
    };
    assert_eq!(runs(1).unwrap(), 2);
    assert!(matches!(runs(9), Err(Error::Changed("ticket"))), "not for ever");
    assert_eq!([11, 19].map(|id| exists(&world.store, id)), [true, false]);
}

pub(crate) fn a_panic_is_rolled_back_and_the_store_works(world: &World) {
    let outcomes = run_in_one_group(
        &world.store,
        vec![
            Box::new(|unit| unit.customers().insert(&person(11))),
            Box::new(|unit| {
                unit.customers().insert(&person(12))?;
                panic!("a fault of the desk")
            }),
            Box::new(|unit| unit.customers().insert(&person(13))),
        ],
    );
    assert!(matches!(&outcomes[1], Err(Error::Panicked(text)) if text == "a fault of the desk"), "{outcomes:?}");
    assert_eq!([11, 12, 13].map(|id| exists(&world.store, id)), [true, false, true]);
    world.store.write_blocking(|unit| unit.customers().insert(&person(14))).unwrap();
}

/// Returns a unit that opens a ticket.
fn opens() -> Work {
    Box::new(|unit| desk::create::create(unit, &caller(1), draft(1, &[2]), now()).map(drop))
}

fn entries(store: &Store) -> i64 {
    store.read_blocking(|unit| desk::audit::verify(unit, &agent(), None, |_| {}, |_| {})).unwrap().head.entries
}

pub(crate) fn operations_in_one_group_extend_one_audit_chain(world: &World) {
    let closes_what_is_not_there: Work =
        Box::new(|unit| desk::close::close(unit, &caller(1), ticket_id(99), None, now()).map(drop));
    let outcomes = run_in_one_group(&world.store, vec![opens(), closes_what_is_not_there, opens()]);
    assert!(matches!(outcomes[..], [Ok(()), Err(Error::TicketNotFound(_)), Ok(())]), "{outcomes:?}");
    assert_eq!(entries(&world.store), 2);

    let opens_and_fails: Work = Box::new(|unit| {
        let opened = desk::create::create(unit, &caller(1), draft(1, &[2]), now())?;
        Err(Error::AlreadyClosed(opened.ticket.id))
    });
    let outcomes = run_in_one_group(&world.store, vec![opens(), opens_and_fails, opens()]);
    assert!(matches!(outcomes[..], [Ok(()), Err(Error::AlreadyClosed(_)), Ok(())]), "{outcomes:?}");
    assert_eq!(entries(&world.store), 4);
}

pub(crate) fn two_hundred_concurrent_closes_give_one_success_and_one_award(world: &World) {
    let ticket = opened(&world.store).id;
    let (threads, each) = (20, 10);
    let start = Barrier::new(threads);
    let outcomes: Vec<_> = thread::scope(|scope| {
        let close = || {
            start.wait();
            let close =
                || world.store.write_blocking(move |unit| desk::close::close(unit, &caller(1), ticket, None, now()));
            (0..each).map(|_| close()).collect::<Vec<_>>()
        };
        let closing: Vec<_> = (0..threads).map(|_| scope.spawn(close)).collect();
        closing.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(outcomes.len(), 200);
    let refused = outcomes.iter().filter(|outcome| matches!(outcome, Err(Error::AlreadyClosed(_)))).count();
    let closed: Vec<_> = outcomes.iter().flatten().collect();
    assert_eq!((closed.len(), refused), (1, 199));
    assert_eq!((closed[0].ticket.status, closed[0].no_award), (Status::Closed, None));
    let balance = world.store.read_blocking(|unit| unit.ledger().balance(customer(1))).unwrap();
    assert_eq!(balance, Balance { points: 15, credit: Cents(20) });
    assert_eq!(world.store.read_blocking(|unit| unit.operations().history(ticket)).unwrap().len(), 10);
}

pub(crate) fn a_unit_reads_its_own_writes(world: &World) {
    let seen = world.store.write_blocking(|unit| {
        let ticket = unit.tickets().insert(draft(1, &[]), now())?;
        Ok(unit.tickets().find(ticket.id)?.is_some())
    });
    assert!(seen.unwrap());
}

pub(crate) fn a_use_case_returns_the_stored_state(world: &World) {
    let store = &world.store;
    for points in [5, 7] {
        let reason = Reason::new("sorry").unwrap();
        let grant = Grant::new(customer(1), points, Cents(20), reason, None).unwrap();
        let granted = store.write_blocking(move |unit| grant_points(unit, &agent(), &grant, now())).unwrap();
        assert_eq!(granted.balance, store.read_blocking(|unit| unit.ledger().balance(customer(1))).unwrap());
    }
    opened(store);
    opened(store);
    let inbox =
        store.read_blocking(|unit| unit.notifications().inbox(customer(1), true, page(9, Sort::Created))).unwrap();
    let ids = vec![inbox[0].id, inbox[0].id];
    let mark = move |marking: ReadSelection| {
        store.write_blocking(move |unit| mark_read(unit, &caller(1), &marking, now())).unwrap()
    };
    let unread = || store.read_blocking(|unit| unit.notifications().count_unread(customer(1))).unwrap();
    for (marking, marked) in
        [(ReadSelection::Ids(ids.clone()), 1), (ReadSelection::Ids(ids), 0), (ReadSelection::All, 1)]
    {
        let answered = mark(marking);
        assert_eq!((answered.marked, answered.unread), (marked, unread()));
    }
    let webhook = webhooks::added(world, &[]).id;
    let secret = SigningSecret::from_random(system::random().unwrap());
    let rotated =
        store.write_blocking(move |unit| rotate_secret(unit, &agent(), webhook, &secret, false, now())).unwrap();
    let found = webhooks::found(world, webhook);
    assert_eq!((rotated.settings.secret, rotated.old_secret), (found.settings.secret, found.old_secret));
}

pub(crate) fn a_read_stays_on_its_snapshot(world: &World) {
    let look = |unit: &mut dyn Unit| unit.customers().find(CustomerId::new(11).unwrap());
    let (before, after) = world
        .store
        .read_blocking(|unit| {
            let before = look(unit)?;
            // The closure runs once, so that the write happens once.
            world.store.write_blocking(|unit| unit.customers().insert(&person(11)))?;
            Ok((before, look(unit)?))
        })
        .unwrap();
    assert_eq!((before, after), (None, None));
    assert!(exists(&world.store, 11));
}

pub(crate) fn a_write_in_a_read_fails(world: &World) {
    let outcome = world.store.read_blocking(|unit| unit.customers().insert(&person(11)));
    assert!(matches!(store_error(&outcome.unwrap_err()), StoreError::ReadOnly(_)));
    assert!(!exists(&world.store, 11));
}

pub(crate) fn reads_work_after_a_panic_in_a_read(world: &World) {
    thread::scope(|scope| {
        let panics = || world.store.read_blocking::<()>(|_| panic!("a fault of a reader"));
        assert!(scope.spawn(panics).join().is_err());
    });
    assert!(exists(&world.store, 1));
    world.store.write_blocking(|unit| unit.customers().insert(&person(11))).unwrap();
    assert!(exists(&world.store, 11));
}

pub(crate) fn a_pulse_proves_that_the_store_accepts_writes(world: &World) {
    for _ in 0..3 {
        world.store.write_blocking(|unit| unit.pulse(now())).unwrap();
    }
    assert!(world.store.read_blocking(|unit| unit.pulse(now())).is_err());
}

pub(crate) fn work_after_close_fails(world: &World) {
    world.store.write_blocking(|unit| unit.pulse(now())).unwrap();
    world.store.close();
    world.store.close();
    assert_eq!(store_error(&world.store.write_blocking(|unit| unit.pulse(now())).unwrap_err()), StoreError::Failed);
    assert_eq!(store_error(&world.store.read_blocking(|_| Ok(())).unwrap_err()), StoreError::Failed);
}
