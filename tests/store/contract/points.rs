//! The ledger.

use support::model::event::{AuditAction, AuditEntry, AuditId, Happening, Subject};
use support::model::key::Key;
use support::model::page::{Ask, Cursor, Sort};
use support::model::reward::{Action, Award, Balance, Cents, LedgerEntry};
use support::model::ticket::Reason;
use support::model::{Error, TicketId};
use support::store::{LedgerOutcome, Unit};

use crate::world::{World, agent, customer, draft, now, page};

/// The audit entry that a row of the ledger must name.
fn audited(unit: &mut dyn Unit) -> Result<AuditId, Error> {
    unit.trail().audit(&AuditEntry {
        action: AuditAction::PointsGranted,
        subject: Subject::Customer(customer(1)),
        actor: agent().actor,
        at: now(),
        request: None,
        state: None,
        granted: Some(Award::of(Action::TicketClosure)),
        reason: None,
    })
}

fn entry(award: Award, occasion: Option<(TicketId, Happening)>, key: Option<&str>) -> LedgerEntry {
    LedgerEntry {
        customer: customer(1),
        award,
        occasion,
        reason: occasion.is_none().then(|| Reason::new("sorry").unwrap()),
        by: agent().actor,
        key: key.map(|key| Key::new(key).unwrap()),
        at: now(),
    }
}

fn manual(points: i64, cents: i64) -> Award {
    Award { action: Action::ManualGrant, points, credit: Cents(cents) }
}

fn granted(world: &World, award: Award, key: Option<&'static str>) -> Result<(), Error> {
    world.store.write_blocking(move |unit| {
        let audit = audited(unit)?;
        unit.points().grant(&entry(award, None, key), audit)
    })
}

fn balance(world: &World) -> Balance {
    world.store.read(|unit| unit.points().balance(customer(1))).unwrap()
}

pub(crate) fn a_ticket_earns_once_for_each_happening(world: &World) {
    let outcomes = world
        .store
        .write_blocking(|unit| {
            let ticket = unit.tickets().insert(draft(1, &[]), now())?.id;
            let audit = audited(unit)?;
            let mut outcomes = Vec::new();
            for happening in [Happening::Created, Happening::Created, Happening::Escalated, Happening::Closed] {
                let entry = entry(happening.award(), Some((ticket, happening)), None);
                outcomes.push(unit.points().award(&entry, audit)?);
            }
            Ok(outcomes)
        })
        .unwrap();
    let written = LedgerOutcome::Written;
    assert_eq!(outcomes, [written, LedgerOutcome::EarnedBefore, written, written]);
    assert_eq!(balance(world), Balance { points: 25, credit: Cents(40) });
}

pub(crate) fn an_award_that_the_ledger_refuses_undoes_only_itself(world: &World) {
    let (ticket, outcome) = world
        .store
        .write_blocking(|unit| {
            let ticket = unit.tickets().insert(draft(1, &[]), now())?.id;
            let audit = audited(unit)?;
            let nothing = Award { action: Action::SupportInteraction, points: 0, credit: Cents(0) };
            let outcome = unit.points().award(&entry(nothing, Some((ticket, Happening::Created)), None), audit)?;
            Ok((ticket, outcome))
        })
        .unwrap();
    assert_eq!(outcome, LedgerOutcome::Failed);
    assert!(world.store.read(|unit| unit.tickets().find(ticket)).unwrap().is_some());
    assert_eq!(balance(world), Balance::default());
}

pub(crate) fn a_balance_is_the_sum_of_the_ledger(world: &World) {
    assert_eq!(balance(world), Balance::default());
    granted(world, manual(5, 20), None).unwrap();
    granted(world, manual(0, 130), None).unwrap();
    granted(world, manual(1_000_000, 0), None).unwrap();
    assert_eq!(balance(world), Balance { points: 1_000_005, credit: Cents(150) });
    assert_eq!(world.store.read(|unit| unit.points().balance(customer(2))).unwrap(), Balance::default());
}

pub(crate) fn a_history_is_newest_first(world: &World) {
    for points in 1..=5 {
        granted(world, manual(points, 0), None).unwrap();
    }
    let history = |ask| world.store.read(|unit| unit.points().history(customer(1), ask)).unwrap();
    let first = history(page(2, Sort::Created));
    assert_eq!(first.iter().map(|line| line.award.points).collect::<Vec<_>>(), [5, 4, 3]);
    assert_eq!((first[0].by.clone(), first[0].reason.as_deref()), (agent().actor, Some("sorry")));
    let after = Cursor { id: first[1].id, ..Cursor::start(Sort::Created) };
    let rest = history(Ask { limit: 9, after });
    assert_eq!(rest.iter().map(|line| line.award.points).collect::<Vec<_>>(), [3, 2, 1]);
}

pub(crate) fn a_key_grants_a_customer_once(world: &World) {
    granted(world, manual(5, 0), Some("k-1")).unwrap();
    assert!(granted(world, manual(6, 0), Some("k-1")).is_err());
    granted(world, manual(7, 0), Some("k-2")).unwrap();
    let line = |id, key| world.store.read(|unit| unit.points().granted(customer(id), key)).unwrap();
    assert_eq!(line(1, "k-1").unwrap().award, manual(5, 0));
    assert_eq!(line(1, "k-3"), None);
    assert_eq!(line(2, "k-1"), None);
    assert_eq!(balance(world).points, 12);
}
