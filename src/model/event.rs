//! What happens to a ticket, and what each happening leaves behind: audit entry, event and notification.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::kind::closed_list;
use super::person::{Actor, Caller, RequestId};
use super::reward::{Action, Award};
use super::ticket::Ticket;
use super::{
    CustomerId, DeliveryId, IssueType, Level, Message, NotificationId, ServiceType, Status, TicketId, Timestamp,
    TokenId, WebhookId,
};

closed_list!(
    /// What can happen to a ticket.
    Happening {
        /// It was opened.
        Created = "created",
        /// It was raised one level.
        Escalated = "escalated",
        /// It was closed.
        Closed = "closed",
    }
);

impl Happening {
    /// The event that tells the platform.
    pub const fn event(self) -> EventName {
        match self {
            Self::Created => EventName::TicketCreated,
            Self::Escalated => EventName::TicketEscalated,
            Self::Closed => EventName::TicketClosed,
        }
    }

    /// The audit entry that stays.
    pub const fn audit(self) -> AuditAction {
        match self {
            Self::Created => AuditAction::TicketCreated,
            Self::Escalated => AuditAction::TicketEscalated,
            Self::Closed => AuditAction::TicketClosed,
        }
    }

    /// The key of the sentence that its people are notified with.
    pub const fn notice(self) -> Notice {
        match self {
            Self::Created => Notice::TicketCreated,
            Self::Escalated => Notice::TicketEscalated,
            Self::Closed => Notice::TicketClosed,
        }
    }

    /// What it earns the ticket's owner.
    pub const fn award(self) -> Award {
        match self {
            Self::Created | Self::Escalated => Award::of(Action::SupportInteraction),
            Self::Closed => Award::of(Action::TicketClosure),
        }
    }
}

closed_list!(
    /// The events of the contract.
    EventName {
        /// A ticket was opened.
        TicketCreated = "support:ticket_created",
        /// A ticket was raised.
        TicketEscalated = "support:ticket_escalated",
        /// A ticket was closed.
        TicketClosed = "support:ticket_closed",
    }
);

closed_list!(
    /// What a notification says; its sentence is at this key in `locales/`.
    Notice {
        /// Your ticket was opened.
        TicketCreated = "notification.ticket_created",
        /// Your ticket was raised.
        TicketEscalated = "notification.ticket_escalated",
        /// Your ticket was closed.
        TicketClosed = "notification.ticket_closed",
    }
);

impl Notice {
    /// What it says of a ticket at this level, in no language yet.
    pub fn message(self, ticket: TicketId, level: Level) -> Message {
        Message::new(self.as_str()).with("id", ticket).with("level", level)
    }
}

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
        NotificationResent = "notification.resent",
    }
);

/// What an audit entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A ticket.
    Ticket(TicketId),
    /// A customer's points.
    Customer(CustomerId),
    /// A token.
    Token(TokenId),
    /// A webhook.
    Webhook(WebhookId),
    /// A delivery of a webhook.
    Delivery(DeliveryId),
    /// A notification.
    Notification(NotificationId),
}

impl Subject {
    /// The subject of this kind and number.
    pub fn new(kind: &str, number: i64) -> Option<Self> {
        match kind {
            "ticket" => TicketId::new(number).map(Self::Ticket),
            "customer" => CustomerId::new(number).map(Self::Customer),
            "token" => TokenId::new(number).map(Self::Token),
            "webhook" => WebhookId::new(number).map(Self::Webhook),
            "delivery" => DeliveryId::new(number).map(Self::Delivery),
            "notification" => NotificationId::new(number).map(Self::Notification),
            _ => None,
        }
    }

    /// Word for its kind, as [`Self::new`] reads it.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Ticket(_) => "ticket",
            Self::Customer(_) => "customer",
            Self::Token(_) => "token",
            Self::Webhook(_) => "webhook",
            Self::Delivery(_) => "delivery",
            Self::Notification(_) => "notification",
        }
    }

    /// Its id's number.
    pub const fn number(self) -> i64 {
        match self {
            Self::Ticket(id) => id.get(),
            Self::Customer(id) => id.get(),
            Self::Token(id) => id.get(),
            Self::Webhook(id) => id.get(),
            Self::Delivery(id) => id.get(),
            Self::Notification(id) => id.get(),
        }
    }
}

impl fmt::Display for Subject {
    /// Its kind and id: `ticket:7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind(), self.number())
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The text names no subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a subject")]
pub struct NotASubject;

impl From<NotASubject> for Message {
    fn from(NotASubject: NotASubject) -> Self {
        Self::new("argument.subject")
    }
}

impl FromStr for Subject {
    type Err = NotASubject;

    fn from_str(text: &str) -> Result<Self, NotASubject> {
        let (kind, id) = text.split_once(':').ok_or(NotASubject)?;
        let id: TicketId = id.parse().map_err(|_| NotASubject)?;
        Self::new(kind, id.get()).ok_or(NotASubject)
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
    /// That this caller did this, of which there is nothing more to say.
    pub fn of(caller: &Caller, action: AuditAction, subject: Subject, at: Timestamp) -> Self {
        let (actor, request) = (caller.actor.clone(), caller.request.clone());
        Self { action, subject, actor, at, request, state: None, granted: None, reason: None }
    }
}

/// The number of a written audit entry: it orders everything that one operation wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditId(pub i64);

/// What leaves the desk when something happened to a ticket; its sequence number is given by the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub name: EventName,
    /// When.
    pub at: Timestamp,
    /// The ticket as it stood afterwards.
    pub ticket: TicketId,
    /// Who opened it.
    pub owner: CustomerId,
    /// The others it concerns.
    pub members: Vec<CustomerId>,
    /// What part of the platform.
    pub service: ServiceType,
    /// What went wrong.
    pub issue: IssueType,
    /// Where it stands now.
    pub status: Status,
    /// How far up it is now.
    pub level: Level,
    /// Who did it.
    pub actor: Actor,
}

impl Event {
    /// The event of this happening to the ticket, which is as it stood afterwards.
    pub fn of(happening: Happening, ticket: &Ticket, actor: &Actor, at: Timestamp) -> Self {
        Self {
            name: happening.event(),
            at,
            ticket: ticket.id,
            owner: ticket.owner,
            members: ticket.members.clone(),
            service: ticket.service,
            issue: ticket.issue,
            status: ticket.status,
            level: ticket.level,
            actor: actor.clone(),
        }
    }
}

/// An event as it stands in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its sequence number: events are numbered in the order in which they became durable.
    pub sequence: i64,
    /// Its name.
    pub name: EventName,
    /// When it happened.
    pub at: Timestamp,
    /// Its `data`, as JSON.
    pub data: String,
}

/// Whom an event concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// The event's sequence number.
    pub sequence: i64,
    /// Who opened its ticket.
    pub owner: CustomerId,
    /// The ticket's group.
    pub members: Vec<CustomerId>,
}

impl Audience {
    /// All of them, the owner first.
    pub fn customers(&self) -> impl Iterator<Item = CustomerId> {
        std::iter::once(self.owner).chain(self.members.iter().copied())
    }
}

/// A notification for one customer: a key with values, said in the reader's language when it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// For whom.
    pub customer: CustomerId,
    /// What it says.
    pub notice: Notice,
    /// About which ticket.
    pub ticket: TicketId,
    /// Where the ticket stood then.
    pub level: Level,
    /// When.
    pub at: Timestamp,
}

/// One line of a ticket's history, from whichever table it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// The operation that wrote it.
    pub audit: AuditId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: HistoryEntry,
}

/// What a line of history is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryEntry {
    /// The audit entry itself.
    Audit {
        /// What was done.
        action: AuditAction,
        /// By whom.
        actor: Actor,
        /// In which request.
        request: Option<String>,
        /// Where the ticket stood afterwards.
        state: Option<(Status, Level)>,
        /// Why, in the agent's words.
        reason: Option<String>,
    },
    /// An award to the ticket's owner.
    Award {
        /// To whom.
        customer: CustomerId,
        /// How much, for what.
        award: Award,
    },
    /// A notification.
    Notification {
        /// For whom.
        customer: CustomerId,
        /// What it says.
        notice: Notice,
        /// The level it speaks of.
        level: Level,
        /// When it was read.
        read_at: Option<Timestamp>,
    },
    /// An event for the platform.
    Event {
        /// Its sequence number.
        sequence: i64,
        /// Its name.
        name: EventName,
    },
}

impl HistoryEntry {
    /// Its place among the lines that one operation wrote.
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Audit { .. } => 0,
            Self::Award { .. } => 1,
            Self::Notification { .. } => 2,
            Self::Event { .. } => 3,
        }
    }
}
