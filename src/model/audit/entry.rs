//! Entries of the audit log: who did what, to what, and when.

use super::Subject;
use crate::model::actor::Actor;
use crate::model::award::Award;
use crate::model::closed_list::closed_list;
use crate::model::principal::Caller;
use crate::model::request_id::RequestId;
use crate::model::{Level, Status, Timestamp};

closed_list!(
    /// What the audit log keeps.
    AuditAction {
        /// A ticket was opened.
        TicketCreated = "ticket.created",
        /// A ticket was raised.
        TicketEscalated = "ticket.escalated",
        /// A ticket was closed.
        TicketClosed = "ticket.closed",
        /// Points were granted by hand.
        PointsGranted = "points.granted",
        /// A token was issued.
        TokenIssued = "token.issued",
        /// A token was revoked.
        TokenRevoked = "token.revoked",
        /// A webhook was added.
        WebhookAdded = "webhook.added",
        /// A webhook was removed.
        WebhookRemoved = "webhook.removed",
        /// A webhook was given a new secret.
        WebhookSecretRotated = "webhook.secret_rotated",
        /// A webhook that was disabled gets events again.
        WebhookEnabled = "webhook.enabled",
        /// A delivery of a webhook was requested again.
        WebhookRedelivered = "webhook.redelivered",
        /// The mail of a notification was requested again.
        EmailResent = "email.resent",
    }
);

impl AuditAction {
    /// An entry of this action is the first about its subject, which it brought into being.
    pub const fn is_first_of_subject(self) -> bool {
        matches!(self, Self::TicketCreated | Self::TokenIssued | Self::WebhookAdded)
    }

    /// Part of the word after the dot: `created`.
    pub fn verb(self) -> &'static str {
        self.as_str().split_once('.').map_or("", |(_, verb)| verb)
    }

    /// The action on tickets with this verb.
    pub fn on_ticket(verb: &str) -> Option<Self> {
        let mut actions = Self::ALL.iter().copied();
        actions.find(|action| action.as_str().split_once('.') == Some(("ticket", verb)))
    }
}

/// One line of the audit log before it is written: who did what, to what, when, in which request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// What was done.
    pub action: AuditAction,
    /// To what.
    pub subject: Subject,
    /// By whom.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// In which request, where it came by one.
    pub request: Option<RequestId>,
    /// Where the ticket stood afterwards, where it is about one.
    pub state: Option<(Status, Level)>,
    /// How much was granted, where it is about that.
    pub granted: Option<Award>,
    /// What the agent gave as the reason.
    pub reason: Option<String>,
}

impl AuditEntry {
    /// Entry of a caller's action on a subject, without state, grant and reason.
    pub fn of(caller: &Caller, action: AuditAction, subject: Subject, at: Timestamp) -> Self {
        let (actor, request) = (caller.actor(), caller.request.clone());
        Self { action, subject, actor, at, request, state: None, granted: None, reason: None }
    }
}

/// Which entries an agent asks for. An empty list filters nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// About this.
    pub subject: Option<Subject>,
    /// One of these actions.
    pub actions: Vec<AuditAction>,
    /// By this one, as [`Actor::tag`] writes it.
    pub by: Option<Actor>,
    /// Then or later.
    pub since: Option<Timestamp>,
    /// Then or earlier.
    pub until: Option<Timestamp>,
}
