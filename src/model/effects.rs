//! Effects of operations: rows that an operation writes in addition to its change.
//!
//! [`effects`] derives them from the audit entry. Operations are recorded with it, and `audit verify` compares the
//! stored rows with it.

use super::actor::Actor;
use super::audit::{AuditAction, AuditEntry, Subject};
use super::award::{Action, Award};
use super::event::{Event, EventName};
use super::ledger::{AwardDecision, Grant, LedgerEntry, NoAward};
use super::notification::{Notice, Notification};
use super::principal::Caller;
use super::ticket::{Reason, Ticket};
use super::{CustomerId, IssueType, Level, ServiceType, Status, Timestamp};

/// Operation to record: its audit entry, and the rows that refer to the entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Audit entry.
    pub entry: AuditEntry,
    /// Rows that refer to the entry.
    pub effects: Effects,
}

/// Rows that an operation writes in addition to its audit entry; each kind may be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effects {
    /// Notifications, the ticket's owner first.
    pub notifications: Vec<Notification>,
    /// Event for the platform.
    pub event: Option<Event>,
    /// Row of the ledger: a grant, or the award of the operation.
    pub ledger: Option<LedgerEntry>,
}

/// Kinds of rows that an action writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EffectKinds {
    /// Event for the platform.
    pub event: Option<EventName>,
    /// Notification to the owner and each member of the ticket.
    pub notice: Option<Notice>,
    /// Award to the owner of the ticket.
    pub award: Option<Action>,
}

impl AuditAction {
    /// Returns the kinds of rows that an operation of this action writes.
    pub const fn effect_kinds(self) -> EffectKinds {
        match self {
            Self::TicketCreated => EffectKinds {
                event: Some(EventName::TicketCreated),
                notice: Some(Notice::TicketCreated),
                award: Some(Action::SupportInteraction),
            },
            Self::TicketEscalated => EffectKinds {
                event: Some(EventName::TicketEscalated),
                notice: Some(Notice::TicketEscalated),
                award: Some(Action::SupportInteraction),
            },
            Self::TicketClosed => EffectKinds {
                event: Some(EventName::TicketClosed),
                notice: Some(Notice::TicketClosed),
                award: Some(Action::TicketClosure),
            },
            Self::PointsGranted
            | Self::TokenIssued
            | Self::TokenRevoked
            | Self::WebhookAdded
            | Self::WebhookRemoved
            | Self::WebhookSecretRotated
            | Self::WebhookEnabled
            | Self::WebhookRedelivered
            | Self::EmailResent => EffectKinds { event: None, notice: None, award: None },
        }
    }
}

/// Immutable values of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TicketFacts<'t> {
    pub owner: CustomerId,
    pub members: &'t [CustomerId],
    /// Service type.
    pub service: ServiceType,
    /// Issue type.
    pub issue: IssueType,
}

impl Ticket {
    /// Returns the immutable values.
    pub fn facts(&self) -> TicketFacts<'_> {
        TicketFacts { owner: self.owner, members: &self.members, service: self.service, issue: self.issue }
    }
}

/// Derives the rows of an operation from its audit entry. `ticket` is the subject of the entry, if that is a ticket.
pub fn effects(entry: &AuditEntry, ticket: Option<TicketFacts<'_>>) -> Effects {
    let ledger = entry.granted.and_then(|award| grant_entry(entry, award));
    let mut effects = Effects { ledger, ..Effects::default() };
    if entry.actor == Actor::Fixtures {
        return effects;
    }
    if let (Some(facts), Subject::Ticket(ticket), Some((status, level))) = (ticket, entry.subject, entry.state) {
        let (kinds, at) = (entry.action.effect_kinds(), entry.at);
        let customers = std::iter::once(facts.owner).chain(facts.members.iter().copied());
        if let Some(notice) = kinds.notice {
            effects.notifications =
                customers.map(|customer| Notification { customer, notice, ticket, level, at }).collect();
        }
        effects.event = kinds.event.map(|name| Event {
            name,
            at,
            ticket,
            owner: facts.owner,
            members: facts.members.to_vec(),
            service: facts.service,
            issue: facts.issue,
            status,
            level,
            actor: entry.actor.clone(),
        });
        effects.ledger = kinds.award.map(|action| LedgerEntry {
            customer: facts.owner,
            award: Award::for_action(action),
            occasion: Some((ticket, entry.action)),
            reason: None,
            by: entry.actor.clone(),
            key: None,
            at,
        });
    }
    effects
}

/// Builds the ledger row of a grant, without its key, which is not in the entry.
fn grant_entry(entry: &AuditEntry, award: Award) -> Option<LedgerEntry> {
    let Subject::Customer(customer) = entry.subject else { return None };
    Some(LedgerEntry {
        customer,
        award,
        occasion: None,
        reason: entry.reason.as_deref().and_then(Reason::new),
        by: entry.actor.clone(),
        key: None,
        at: entry.at,
    })
}

impl Operation {
    /// Builds an operation on a subject other than a ticket.
    pub fn new(action: AuditAction, subject: Subject, caller: &Caller, now: Timestamp) -> Self {
        Self::with_effects(AuditEntry::new(caller, action, subject, now), None)
    }

    /// Builds an operation on a ticket in its new state, with the award if one is due. Also returns the reason for
    /// which a due award is not made.
    pub fn on_ticket(
        action: AuditAction,
        ticket: &Ticket,
        award: AwardDecision,
        caller: &Caller,
        reason: Option<&Reason>,
        now: Timestamp,
    ) -> (Self, Option<NoAward>) {
        let entry = AuditEntry {
            state: Some((ticket.status, ticket.level)),
            reason: reason.map(|reason| reason.as_str().to_owned()),
            ..AuditEntry::new(caller, action, Subject::Ticket(ticket.id), now)
        };
        let mut operation = Self::with_effects(entry, Some(ticket.facts()));
        let no_award = match award {
            AwardDecision::Earned => return (operation, None),
            AwardDecision::NotDue => None,
            AwardDecision::Refused(no_award) => operation.effects.ledger.as_ref().map(|_| no_award),
        };
        operation.effects.ledger = None;
        (operation, no_award)
    }

    /// Builds the operation of a manual grant.
    pub fn grant(grant: &Grant, caller: &Caller, now: Timestamp) -> Self {
        let mut operation = Self::with_effects(
            AuditEntry {
                granted: Some(grant.award),
                reason: Some(grant.reason.as_str().to_owned()),
                ..AuditEntry::new(caller, AuditAction::PointsGranted, Subject::Customer(grant.customer), now)
            },
            None,
        );
        if let Some(row) = &mut operation.effects.ledger {
            row.key.clone_from(&grant.key);
        }
        operation
    }

    /// Builds the operations that the state of a fixture's ticket implies, in order.
    pub fn implied_by(ticket: &Ticket) -> Vec<Self> {
        let raised = match ticket.status {
            Status::Escalated => (ticket.level.get() - 1).max(1),
            Status::Open | Status::Closed => ticket.level.get() - 1,
        };
        let operation = |action, at, state| {
            let entry = AuditEntry {
                action,
                subject: Subject::Ticket(ticket.id),
                actor: Actor::Fixtures,
                at,
                request: None,
                state: Some(state),
                granted: None,
                reason: None,
            };
            Self::with_effects(entry, Some(ticket.facts()))
        };
        let mut level = Level::FIRST;
        let mut operations = vec![operation(AuditAction::TicketCreated, ticket.created_at, (Status::Open, level))];
        for _ in 0..raised {
            level = level.next().unwrap_or(Level::TOP);
            operations.push(operation(AuditAction::TicketEscalated, ticket.updated_at, (Status::Escalated, level)));
        }
        if ticket.status == Status::Closed {
            operations.push(operation(AuditAction::TicketClosed, ticket.updated_at, (Status::Closed, level)));
        }
        if let Some(last) = operations.last_mut() {
            last.entry.state = Some((ticket.status, ticket.level));
        }
        operations
    }

    fn with_effects(entry: AuditEntry, ticket: Option<TicketFacts<'_>>) -> Self {
        Self { effects: effects(&entry, ticket), entry }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::actor::AgentName;
    use crate::model::award::Cents;
    use crate::model::key::Key;
    use crate::model::permission::Permissions;
    use crate::model::reference::Reference;
    use crate::model::ticket::{Description, NewTicket};
    use crate::model::{TicketId, TokenId};

    fn now() -> Timestamp {
        Timestamp::from_second(1_750_000_000).unwrap()
    }

    fn customer(id: i64) -> CustomerId {
        CustomerId::new(id).unwrap()
    }

    fn ticket(members: &[i64], status: Status, level: Level) -> Ticket {
        let new = NewTicket {
            owner: customer(1),
            service: ServiceType::Ride,
            issue: IssueType::Other,
            description: Description::new("late").unwrap(),
            reference: Reference::default(),
            members: members.iter().copied().map(customer).collect(),
        };
        Ticket { status, level, ..new.into_ticket(TicketId::new(7).unwrap(), now()) }
    }

    fn owner() -> Caller {
        Caller::customer(customer(1), Permissions::CUSTOMER)
    }

    fn maria() -> Caller {
        Caller::operator(AgentName::new("maria").unwrap(), false)
    }

    fn subject_of(action: AuditAction) -> Subject {
        let kind = action.as_str().split_once('.').unwrap().0;
        Subject::new(kind, 7).or(Subject::new("customer", 7)).unwrap()
    }

    #[test]
    fn the_effects_of_each_action_match_the_contract() {
        for (action, event, notice, points, cents) in [
            (AuditAction::TicketCreated, EventName::TicketCreated, Notice::TicketCreated, 10, 20),
            (AuditAction::TicketEscalated, EventName::TicketEscalated, Notice::TicketEscalated, 10, 20),
            (AuditAction::TicketClosed, EventName::TicketClosed, Notice::TicketClosed, 5, 0),
        ] {
            let kinds = action.effect_kinds();
            assert_eq!((kinds.event, kinds.notice), (Some(event), Some(notice)));
            let award = Award::for_action(kinds.award.unwrap());
            assert_eq!((award.points, award.credit), (points, Cents(cents)), "{action}");
        }
    }

    #[test]
    fn only_actions_on_tickets_have_effects() {
        for action in AuditAction::ALL {
            let on_ticket = matches!(subject_of(*action), Subject::Ticket(_));
            assert_eq!(action.effect_kinds() != EffectKinds::default(), on_ticket, "{action}");
        }
    }

    #[test]
    fn each_event_and_each_notice_belongs_to_one_action() {
        let kinds = || AuditAction::ALL.iter().map(|action| action.effect_kinds());
        for event in EventName::ALL {
            assert_eq!(kinds().filter(|kinds| kinds.event == Some(*event)).count(), 1, "{event}");
        }
        for notice in Notice::ALL {
            assert_eq!(kinds().filter(|kinds| kinds.notice == Some(*notice)).count(), 1, "{notice}");
        }
    }

    #[test]
    fn all_rows_of_an_operation_match_its_entry() {
        let ticket = ticket(&[2, 3], Status::Escalated, Level::SECOND);
        let everyone = [1, 2, 3].map(customer);
        for action in AuditAction::ALL.iter().filter(|action| matches!(subject_of(**action), Subject::Ticket(_))) {
            for caller in [owner(), maria()] {
                let (operation, no_award) =
                    Operation::on_ticket(*action, &ticket, AwardDecision::Earned, &caller, None, now().plus(5));
                let Operation { entry, effects } = &operation;
                let kinds = action.effect_kinds();
                assert_eq!((entry.action, &entry.actor, no_award), (*action, &caller.actor(), None));
                assert_eq!(entry.state, Some((Status::Escalated, Level::SECOND)));
                let event = effects.event.as_ref().unwrap();
                assert_eq!((Some(event.name), event.at, &event.actor), (kinds.event, entry.at, &entry.actor));
                assert_eq!(
                    (event.ticket, event.owner, event.members.as_slice()),
                    (ticket.id, everyone[0], &everyone[1..])
                );
                assert_eq!((event.service, event.issue), (ticket.service, ticket.issue));
                assert_eq!(Some((event.status, event.level)), entry.state);
                assert!(effects.notifications.iter().map(|notification| notification.customer).eq(everyone));
                for notification in &effects.notifications {
                    assert_eq!((Some(notification.notice), notification.ticket), (kinds.notice, ticket.id));
                    assert_eq!((notification.level, notification.at), (ticket.level, entry.at));
                }
                let row = effects.ledger.as_ref().unwrap();
                assert_eq!((row.customer, row.occasion), (ticket.owner, Some((ticket.id, *action))));
                assert_eq!((Some(row.award.action), row.at, &row.by), (kinds.award, entry.at, &entry.actor));
            }
        }
    }

    #[test]
    fn an_award_that_is_not_made_changes_no_other_row() {
        let ticket = ticket(&[2], Status::Closed, Level::FIRST);
        let made = |decision| Operation::on_ticket(AuditAction::TicketClosed, &ticket, decision, &owner(), None, now());
        let (due, _) = made(AwardDecision::Earned);
        for (decision, expected) in
            [(AwardDecision::NotDue, None), (AwardDecision::Refused(NoAward::Failed), Some(NoAward::Failed))]
        {
            let (operation, no_award) = made(decision);
            assert_eq!((operation.effects.ledger.as_ref(), no_award), (None, expected));
            assert_eq!(operation.entry, due.entry);
            assert_eq!(operation.effects.event, due.effects.event);
            assert_eq!(operation.effects.notifications, due.effects.notifications);
        }
    }

    #[test]
    fn a_grant_writes_only_its_ledger_row_with_its_key() {
        let reason = Reason::new("an hour on hold").unwrap();
        let grant = Grant::new(customer(1), 5, Cents(150), reason.clone(), Key::new("k-1")).unwrap();
        let Operation { entry, effects: left } = Operation::grant(&grant, &maria(), now());
        let row = left.ledger.clone().unwrap();
        assert_eq!((row.customer, row.award, row.occasion), (grant.customer, grant.award, None));
        assert_eq!((row.reason.as_ref(), &row.key), (Some(&reason), &grant.key));
        assert_eq!((left.event, left.notifications), (None, Vec::new()));
        assert_eq!(effects(&entry, None).ledger, Some(LedgerEntry { key: None, ..row }));
    }

    #[test]
    fn an_operation_on_another_subject_writes_only_its_entry() {
        for action in AuditAction::ALL.iter().filter(|action| !matches!(subject_of(**action), Subject::Ticket(_))) {
            let operation = Operation::new(*action, subject_of(*action), &maria(), now());
            assert_eq!(operation.effects, Effects::default(), "{action}");
        }
        let token = Subject::Token(TokenId::FIRST);
        assert_eq!(Operation::new(AuditAction::TicketClosed, token, &maria(), now()).effects, Effects::default());
    }

    #[test]
    fn a_ticket_of_a_fixture_implies_only_audit_entries() {
        let implied = |status, level: i64| {
            let ticket = ticket(&[2], status, Level::new(level).unwrap());
            let operations = Operation::implied_by(&ticket);
            assert!(operations.iter().all(|operation| operation.effects == Effects::default()));
            let last = operations.last().unwrap();
            assert_eq!(last.entry.state, Some((ticket.status, ticket.level)));
            operations.iter().map(|operation| operation.entry.action).collect::<Vec<_>>()
        };
        let (created, escalated, closed) =
            (AuditAction::TicketCreated, AuditAction::TicketEscalated, AuditAction::TicketClosed);
        assert_eq!(implied(Status::Open, 1), [created]);
        assert_eq!(implied(Status::Escalated, 3), [created, escalated, escalated]);
        assert_eq!(implied(Status::Closed, 2), [created, escalated, closed]);
        assert_eq!(implied(Status::Open, 3), [created, escalated, escalated]);
        assert_eq!(implied(Status::Escalated, 1), [created, escalated]);
    }
}
