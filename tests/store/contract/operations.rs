//! Operations: audit entries, notifications, events and ledger rows.

use support::desk;
use support::model::audit::{AuditAction, Subject};
use support::model::effects::Operation;
use support::model::event::EventName;
use support::model::history::{HistoryEntry, HistoryLine};
use support::model::ledger::AwardDecision;
use support::model::request_id::RequestId;
use support::model::ticket::Reason;
use support::model::{Level, Status, TicketId};

use crate::world::{World, agent, caller, customer, now, opened, opened_by};

fn history(world: &World, ticket: TicketId) -> Vec<HistoryLine> {
    world.store.read_blocking(|unit| unit.operations().history(ticket)).unwrap()
}

/// Returns the kind of each line, in one word.
fn words(lines: &[HistoryLine]) -> Vec<String> {
    let word = |line: &HistoryLine| match &line.entry {
        HistoryEntry::Audit { action, .. } => action.to_string(),
        HistoryEntry::Award { award, .. } => award.action.to_string(),
        HistoryEntry::Notification { customer, .. } => format!("to {customer}"),
        HistoryEntry::Event { name, .. } => name.to_string(),
    };
    lines.iter().map(word).collect()
}

pub(crate) fn a_history_is_in_the_order_of_operations(world: &World) {
    let ticket = opened(&world.store).id;
    world
        .store
        .write_blocking(move |unit| {
            desk::escalate::escalate(unit, &caller(1), ticket, None, now())?;
            desk::close::close(unit, &agent(), ticket, None, now())
        })
        .unwrap();
    let lines = history(world, ticket);
    let expected = [
        "ticket.created",
        "support_interaction",
        "to 1",
        "to 2",
        "support:ticket_created",
        "ticket.escalated",
        "support_interaction",
        "to 1",
        "to 2",
        "support:ticket_escalated",
        "ticket.closed",
        "to 1",
        "to 2",
        "support:ticket_closed",
    ];
    assert_eq!(words(&lines), expected);
    assert!(lines.is_sorted_by_key(|line| line.audit));
    assert_eq!(lines[0].audit, lines[4].audit);
    assert!(lines[4].audit < lines[5].audit);
}

pub(crate) fn a_history_has_actor_reason_and_request(world: &World) {
    let ticket = opened(&world.store).id;
    world
        .store
        .write_blocking(move |unit| {
            let agent = agent().with_request(RequestId::new("req-7").unwrap());
            desk::escalate::escalate(unit, &agent, ticket, Reason::new("very angry").as_ref(), now())
        })
        .unwrap();
    let lines = history(world, ticket);
    let audit = &lines[5];
    assert_eq!(audit.at, now());
    let expected = HistoryEntry::Audit {
        action: AuditAction::TicketEscalated,
        actor: agent().actor(),
        request: Some("req-7".to_owned()),
        state: Some((Status::Escalated, Level::SECOND)),
        reason: Some("very angry".to_owned()),
    };
    assert_eq!(audit.entry, expected);
    let HistoryEntry::Notification { customer: to, level, read_at, .. } = lines[6].entry else { panic!("{lines:?}") };
    assert_eq!((to, level, read_at), (customer(1), Level::SECOND, None));
}

pub(crate) fn events_are_numbered_in_order(world: &World) {
    let ticket = opened(&world.store);
    world
        .store
        .write_blocking(move |unit| {
            let due = AwardDecision::NotDue;
            let (closed, _) = Operation::on_ticket(AuditAction::TicketClosed, &ticket, due, &agent(), None, now());
            unit.operations().record(&closed)?;
            unit.operations().record(&closed)
        })
        .unwrap();
    let events = world.store.read_blocking(|unit| unit.events().of_customer(customer(1), 0, 9)).unwrap();
    assert_eq!(events.iter().map(|event| event.sequence).collect::<Vec<_>>(), [1, 2, 3]);
}

pub(crate) fn an_operation_may_have_no_effects(world: &World) {
    let ticket = opened(&world.store).id;
    let before = history(world, ticket).len();
    let subject = Subject::Ticket(ticket);
    let noted = Operation::new(AuditAction::WebhookEnabled, subject, &agent(), now());
    let recorded = world.store.write_blocking(move |unit| unit.operations().record(&noted)).unwrap();
    assert_eq!(recorded.refusal, None);
    let lines = history(world, ticket);
    assert_eq!(lines.len(), before + 1);
    assert_eq!(lines[before].audit, recorded.audit);
}

pub(crate) fn a_history_has_only_its_own_ticket(world: &World) {
    let (one, other) = (opened(&world.store).id, opened_by(&world.store, 2, &[]).ticket.id);
    assert_eq!(history(world, one).len(), 5);
    let lines = history(world, other);
    let has_event =
        |line: &&HistoryLine| matches!(line.entry, HistoryEntry::Event { name: EventName::TicketCreated, sequence: 2 });
    assert_eq!(lines.iter().filter(has_event).count(), 1);
    assert!(history(world, crate::world::ticket_id(99)).is_empty());
}
