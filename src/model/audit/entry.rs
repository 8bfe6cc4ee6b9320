//! Entries of the audit log.

use super::Subject;
use crate::model::actor::Actor;
use crate::model::award::Award;
use crate::model::closed_list::closed_list;
use crate::model::principal::Caller;
use crate::model::request_id::RequestId;
use crate::model::{Level, Status, Timestamp};

closed_list!(
    /// Actions that the audit log records.
    AuditAction {
        TicketCreated = "ticket.created",
        TicketEscalated = "ticket.escalated",
        /// A ticket was closed.
        TicketClosed = "ticket.closed",
        /// Points were granted by an agent.
        PointsGranted = "points.granted",
        /// A token was issued.
        TokenIssued = "token.issued",
        /// A token was revoked.
        TokenRevoked = "token.revoked",
        /// A webhook was added.
        WebhookAdded = "webhook.added",
        /// A webhook was removed.
        WebhookRemoved = "webhook.removed",
        /// A webhook's signing secret was rotated.
        WebhookSecretRotated = "webhook.secret_rotated",
        /// A disabled webhook was enabled again.
        WebhookEnabled = "webhook.enabled",
        /// A delivery to a webhook was requeued.
        WebhookRedelivered = "webhook.redelivered",
        /// The mail of a notification was requeued.
        EmailResent = "email.resent",
    }
);

impl AuditAction {
    /// Returns true if an entry of this action is the first for its subject.
    pub const fn is_first_of_subject(self) -> bool {
        matches!(self, Self::TicketCreated | Self::TokenIssued | Self::WebhookAdded)
    }

    /// Returns the part after the dot: `created`.
    pub fn verb(self) -> &'static str {
        self.as_str().split_once('.').map_or("", |(_, verb)| verb)
    }

    /// Returns the action on tickets with this verb.
    pub fn on_ticket(verb: &str) -> Option<Self> {
        let mut actions = Self::ALL.iter().copied();
        actions.find(|action| action.as_str().split_once('.') == Some(("ticket", verb)))
    }
}

/// Entry of the audit log before it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    pub action: AuditAction,
    pub subject: Subject,
    pub actor: Actor,
    pub at: Timestamp,
    /// Id of the request, if there was one.
    pub request: Option<RequestId>,
    /// Status and level of the ticket after the action, if the subject is a ticket.
    pub state: Option<(Status, Level)>,
    /// Amount granted, if points were granted.
    pub granted: Option<Award>,
    /// Reason that the agent entered.
    pub reason: Option<String>,
}

impl AuditEntry {
    /// Builds the entry of a caller's action, without state, grant and reason.
    pub fn new(caller: &Caller, action: AuditAction, subject: Subject, at: Timestamp) -> Self {
        let (actor, request) = (caller.actor(), caller.request.clone());
        Self { action, subject, actor, at, request, state: None, granted: None, reason: None }
    }
}

/// Filter for audit entries. An empty list matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    pub subject: Option<Subject>,
    /// Any of these actions.
    pub actions: Vec<AuditAction>,
    /// Actor.
    pub by: Option<Actor>,
    /// Earliest time, inclusive.
    pub since: Option<Timestamp>,
    /// Latest time, inclusive.
    pub until: Option<Timestamp>,
}
