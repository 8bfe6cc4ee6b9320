//! Ledger of points and credit.

use support::model::audit::{AuditAction, AuditEntry, Subject};
use support::model::award::{Action, Award, Cents};
use support::model::effects::{Effects, Operation};
use support::model::key::Key;
use support::model::ledger::{AwardStanding, Balance, LedgerEntry};
use support::model::pagination::{Cursor, PageRequest, Sort};
use support::model::ticket::Reason;
use support::model::{Error, TicketId};
use support::store::{LedgerRefusal, Unit};

use crate::world::{World, agent, customer, draft, now, page};

fn entry(award: Award, occasion: Option<(TicketId, AuditAction)>, key: Option<&str>) -> LedgerEntry {
    LedgerEntry {
        customer: customer(1),
        award,
        occasion,
        reason: occasion.is_none().then(|| Reason::new("sorry").unwrap()),
        by: agent().actor(),
        key: key.map(|key| Key::new(key).unwrap()),
        at: now(),
    }
}

/// Records an operation with this ledger row.
fn recorded(unit: &mut dyn Unit, row: LedgerEntry) -> Result<Option<LedgerRefusal>, Error> {
    let entry = AuditEntry::new(&agent(), AuditAction::PointsGranted, Subject::Customer(customer(1)), now());
    let effects = Effects { ledger: Some(row), ..Effects::default() };
    unit.operations().record(&Operation { entry, effects }).map(|recorded| recorded.refusal)
}

fn manual(points: i64, cents: i64) -> Award {
    Award { action: Action::ManualGrant, points, credit: Cents(cents) }
}

fn granted(world: &World, award: Award, key: Option<&'static str>) -> Result<Option<LedgerRefusal>, Error> {
    world.store.write_blocking(move |unit| recorded(unit, entry(award, None, key)))
}

fn balance(world: &World) -> Balance {
    world.store.read_blocking(|unit| unit.ledger().balance(customer(1))).unwrap()
}

pub(crate) fn a_ticket_has_one_award_for_each_operation(world: &World) {
    let (created, escalated, closed) =
        (AuditAction::TicketCreated, AuditAction::TicketEscalated, AuditAction::TicketClosed);
    let refusals = world
        .store
        .write_blocking(move |unit| {
            let ticket = unit.tickets().insert(draft(1, &[]), now())?.id;
            let mut refusals = Vec::new();
            for action in [created, created, escalated, closed] {
                let award = Award::for_action(action.effect_kinds().award.unwrap());
                refusals.push(recorded(unit, entry(award, Some((ticket, action)), None))?);
            }
            Ok(refusals)
        })
        .unwrap();
    assert_eq!(refusals, [None, Some(LedgerRefusal::Duplicate), None, None]);
    assert_eq!(balance(world), Balance { points: 25, credit: Cents(40) });
}

pub(crate) fn award_standing_has_the_account_and_earlier_awards(world: &World) {
    let (closed, escalated) = (AuditAction::TicketClosed, AuditAction::TicketEscalated);
    let ticket = world
        .store
        .write_blocking(move |unit| {
            let ticket = unit.tickets().insert(draft(1, &[]), now())?.id;
            recorded(unit, entry(Award::for_action(Action::TicketClosure), Some((ticket, closed)), None))?;
            Ok(ticket)
        })
        .unwrap();
    let standing = |id, ticket, action| {
        world.store.read_blocking(|unit| unit.ledger().award_standing(customer(id), ticket, action, None)).unwrap()
    };
    let expected = |earned_before| Some(AwardStanding { rewards_active: true, earned_before, recent: 0 });
    assert_eq!(standing(1, Some(ticket), closed), expected(true));
    assert_eq!(standing(1, Some(ticket), escalated), expected(false));
    assert_eq!(standing(1, None, closed), expected(false));
    assert_eq!(standing(99, Some(ticket), closed), None);
}

pub(crate) fn award_standing_counts_the_awards_of_the_period(world: &World) {
    let created = AuditAction::TicketCreated;
    world
        .store
        .write_blocking(move |unit| {
            for age in [0, 10, 20] {
                let ticket = unit.tickets().insert(draft(1, &[]), now())?.id;
                let award = Award::for_action(Action::SupportInteraction);
                recorded(unit, LedgerEntry { at: now().plus(-age), ..entry(award, Some((ticket, created)), None) })?;
            }
            recorded(unit, entry(manual(5, 0), None, None))
        })
        .unwrap();
    let recent = |id, since| {
        let since = Some(now().plus(since));
        let standing =
            world.store.read_blocking(|unit| unit.ledger().award_standing(customer(id), None, created, since));
        standing.unwrap().unwrap().recent
    };
    assert_eq!([-1, -10, -11, -20, -21].map(|since| recent(1, since)), [1, 1, 2, 2, 3]);
    assert_eq!(recent(2, -21), 0);
}

pub(crate) fn a_rejected_ledger_row_undoes_only_itself(world: &World) {
    let (ticket, refusal) = world
        .store
        .write_blocking(|unit| {
            let ticket = unit.tickets().insert(draft(1, &[]), now())?.id;
            let nothing = Award { action: Action::SupportInteraction, points: 0, credit: Cents(0) };
            let refusal = recorded(unit, entry(nothing, Some((ticket, AuditAction::TicketCreated)), None))?;
            Ok((ticket, refusal))
        })
        .unwrap();
    assert_eq!(refusal, Some(LedgerRefusal::Failed));
    assert!(world.store.read_blocking(|unit| unit.tickets().find(ticket)).unwrap().is_some());
    assert_eq!(balance(world), Balance::default());
}

pub(crate) fn a_balance_is_the_sum_of_the_ledger(world: &World) {
    assert_eq!(balance(world), Balance::default());
    granted(world, manual(5, 20), None).unwrap();
    granted(world, manual(0, 130), None).unwrap();
    granted(world, manual(1_000_000, 0), None).unwrap();
    assert_eq!(balance(world), Balance { points: 1_000_005, credit: Cents(150) });
    assert_eq!(world.store.read_blocking(|unit| unit.ledger().balance(customer(2))).unwrap(), Balance::default());
}

pub(crate) fn a_history_is_newest_first(world: &World) {
    for points in 1..=5 {
        granted(world, manual(points, 0), None).unwrap();
    }
    let history = |request| world.store.read_blocking(|unit| unit.ledger().history(customer(1), request)).unwrap();
    let first = history(page(2, Sort::Created));
    assert_eq!(first.iter().map(|line| line.award.points).collect::<Vec<_>>(), [5, 4, 3]);
    assert_eq!((first[0].by.clone(), first[0].reason.as_deref()), (agent().actor(), Some("sorry")));
    let after = Cursor { id: first[1].id, ..Cursor::start(Sort::Created) };
    let rest = history(PageRequest { limit: 9, after });
    assert_eq!(rest.iter().map(|line| line.award.points).collect::<Vec<_>>(), [3, 2, 1]);
}

pub(crate) fn a_key_grants_a_customer_once(world: &World) {
    granted(world, manual(5, 0), Some("k-1")).unwrap();
    assert_eq!(granted(world, manual(6, 0), Some("k-1")).unwrap(), Some(LedgerRefusal::Duplicate));
    granted(world, manual(7, 0), Some("k-2")).unwrap();
    let line = |id, key| world.store.read_blocking(|unit| unit.ledger().granted(customer(id), key)).unwrap();
    assert_eq!(line(1, "k-1").unwrap().award, manual(5, 0));
    assert_eq!(line(1, "k-3"), None);
    assert_eq!(line(2, "k-1"), None);
    assert_eq!(balance(world).points, 12);
}
