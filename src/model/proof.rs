//! What holds the audit log and the rest of the store against each other, and what can be found wrong.

use super::audit::{AuditLine, Hash};
use super::event::{AuditAction, AuditEntry, AuditId, EventName, Happening, Notification, Subject};
use super::kind::closed_list;
use super::person::{Actor, AgentName};
use super::retain::Mark;
use super::reward::LedgerEntry;
use super::webhook::ROTATION;
use super::{CustomerId, Level, Message, Status, TicketId, Timestamp, TokenId, WebhookId};

closed_list!(
    /// A table whose rows are numbered without a gap.
    Table {
        /// The audit log itself.
        Audit = "audit",
        /// The ledger.
        Ledger = "ledger",
        /// Notifications.
        Notifications = "notifications",
        /// Events.
        Outbox = "outbox",
        /// Tickets.
        Tickets = "tickets",
        /// Tokens.
        Tokens = "tokens",
        /// Webhooks.
        Webhooks = "webhooks",
    }
);

/// A row that was read for the proof; the number alone of one that holds what no row of ours can.
pub type Stored<T> = Result<T, i64>;

/// The first thing that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// A row holds what this program never writes.
    Unreadable(Table, i64),
    /// An entry's values are not those that were sealed.
    Altered(AuditId),
    /// An entry is not there, though it was written.
    EntryMissing(AuditId),
    /// An entry stands behind the log's end.
    Inserted(AuditId),
    /// An entry is not sealed to the one before it for its subject.
    Unlinked(AuditId, Subject),
    /// The entries do not make the head.
    HeadDiffers,
    /// The log does not go through a head that was kept elsewhere.
    NotPassed(i64),
    /// An entry is about what is not there.
    NoSubject(AuditId, Subject),
    /// Something is there without the entry of its making.
    NoEntry(Subject),
    /// A ticket stands elsewhere than its last entry says.
    TicketDiffers(TicketId, AuditId),
    /// A token is revoked without an entry, or good in spite of one.
    TokenDiffers(TokenId),
    /// A webhook was added, removed or given a secret otherwise than its entries say.
    WebhookDiffers(WebhookId),
    /// A row is not there, though it was written.
    Missing(Table, i64),
    /// A row names an entry that it cannot belong to.
    Stray(Table, i64),
    /// A row does not say what its entry says.
    Misfit(Table, i64, AuditId),
    /// An entry's row is not there.
    Absent(Table, AuditId),
    /// The ledger's sums are not those of its rows.
    Sums,
}

impl Finding {
    /// What to tell a person.
    pub fn message(self) -> Message {
        let entry = |key, AuditId(id)| Message::new(key).with("id", id);
        let row = |key, table: Table, id: i64| Message::new(key).with("table", table).with("id", id);
        match self {
            Self::Unreadable(table, id) => row("audit.unreadable", table, id),
            Self::Altered(id) => entry("audit.altered", id),
            Self::EntryMissing(id) => entry("audit.entry_missing", id),
            Self::Inserted(id) => entry("audit.inserted", id),
            Self::Unlinked(id, subject) => entry("audit.unlinked", id).with("subject", subject),
            Self::HeadDiffers => Message::new("audit.head_differs"),
            Self::NotPassed(entries) => Message::new("audit.not_passed").with("entries", entries),
            Self::NoSubject(id, subject) => entry("audit.no_subject", id).with("subject", subject),
            Self::NoEntry(subject) => Message::new("audit.no_entry").with("subject", subject),
            Self::TicketDiffers(ticket, AuditId(id)) => {
                Message::new("audit.ticket_differs").with("ticket", ticket).with("id", id)
            }
            Self::TokenDiffers(token) => Message::new("audit.token_differs").with("token", token),
            Self::WebhookDiffers(webhook) => Message::new("audit.webhook_differs").with("webhook", webhook),
            Self::Missing(table, id) => row("audit.missing", table, id),
            Self::Stray(table, id) => row("audit.stray", table, id),
            Self::Misfit(table, id, AuditId(entry)) => row("audit.misfit", table, id).with("entry", entry),
            Self::Absent(table, AuditId(entry)) => {
                Message::new("audit.absent").with("table", table).with("entry", entry)
            }
            Self::Sums => Message::new("audit.sums"),
        }
    }
}

/// A row that an operation left, beside its audit entry.
pub trait Left {
    /// Where such rows stand.
    const TABLE: Table;
    /// Its number.
    fn id(&self) -> i64;
    /// The operation's entry.
    fn audit(&self) -> AuditId;
}

/// A row of the ledger, of the notifications or of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftRow<T> {
    /// Its number.
    pub id: i64,
    /// The operation's entry.
    pub audit: AuditId,
    /// What it says.
    pub what: T,
}

/// An event as it stands in the outbox: its columns, and the same again in its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its name.
    pub name: EventName,
    /// When.
    pub at: Timestamp,
    /// The ticket, by the column.
    pub ticket: TicketId,
    /// The ticket, by the payload.
    pub told_ticket: TicketId,
    /// Who opened it.
    pub owner: CustomerId,
    /// Where it stood.
    pub status: Status,
    /// How far up.
    pub level: Level,
    /// The ticket's group.
    pub members: Vec<CustomerId>,
    /// Who did it, as [`Actor::tag`] writes it.
    pub by: String,
}

macro_rules! left {
    ($what:ty, $table:ident) => {
        impl Left for LeftRow<$what> {
            const TABLE: Table = Table::$table;

            fn id(&self) -> i64 {
                self.id
            }

            fn audit(&self) -> AuditId {
                self.audit
            }
        }
    };
}
left!(LedgerEntry, Ledger);
left!(Notification, Notifications);
left!(Told, Outbox);

/// Everything that one operation left beside its entry.
#[derive(Debug, Default)]
pub struct Consequences {
    /// Its rows of the ledger.
    pub ledger: Vec<LeftRow<LedgerEntry>>,
    /// Its notifications.
    pub notifications: Vec<LeftRow<Notification>>,
    /// Its events.
    pub events: Vec<LeftRow<Told>>,
    /// Whether its notifications were let go since they were old.
    pub notifications_gone: bool,
    /// Whether its events were.
    pub events_gone: bool,
}

/// An entry, with what the store knows of its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The entry.
    pub line: AuditLine,
    /// The hash that the entry before it for the same subject has.
    pub before: Option<Hash>,
    /// Whether its subject is there.
    pub known: bool,
    /// Where it is about a ticket, whom that concerns: its owner first, then its group.
    pub people: Vec<CustomerId>,
}

impl Witness {
    /// Holds the entry against its seal, the entry before it, and its subject.
    ///
    /// # Errors
    /// What does not fit.
    pub fn stands(&self) -> Result<(), Finding> {
        let AuditLine { id, entry, previous, hash } = &self.line;
        if self.line.seal() != *hash {
            return Err(Finding::Altered(*id));
        }
        if *previous != self.before {
            return Err(Finding::Unlinked(*id, entry.subject));
        }
        if self.known { Ok(()) } else { Err(Finding::NoSubject(*id, entry.subject)) }
    }

    /// Holds the entry against everything that its operation left: neither may be without the other.
    ///
    /// # Errors
    /// What does not fit.
    pub fn fits(&self, left: &Consequences) -> Result<(), Finding> {
        let id = self.line.id;
        let (ledger, notifications, events) = self.expected();
        exactly(id, if left.events_gone { &[] } else { events.as_slice() }, &left.events)?;
        exactly(id, if left.notifications_gone { &[] } else { &notifications }, &left.notifications)?;
        match ledger {
            Due::Nothing => exactly::<LedgerEntry>(id, &[], &left.ledger),
            // Whether a ticket's operation earns something is up to the customer's account and to the agent.
            Due::AtMost(_) if left.ledger.is_empty() => Ok(()),
            Due::AtMost(entry) => exactly(id, &[entry], &left.ledger),
            Due::Grant(entry) => {
                let rows: Vec<_> = left.ledger.iter().map(without_key).collect();
                exactly(id, &[entry], &rows)
            }
        }
    }

    /// The rows that an operation of this entry leaves.
    fn expected(&self) -> (Due, Vec<Notification>, Option<Told>) {
        let AuditEntry { action, subject, actor, at, state, granted, reason, .. } = &self.line.entry;
        let (action, at) = (*action, *at);
        if let (Some(happening), Subject::Ticket(ticket), Some((status, level)), Some(&owner)) =
            (action.happening(), *subject, *state, self.people.first())
        {
            if *actor == Actor::Fixtures {
                return (Due::Nothing, Vec::new(), None);
            }
            let told = Told {
                name: happening.event(),
                at,
                ticket,
                told_ticket: ticket,
                owner,
                status,
                level,
                members: self.people[1..].to_vec(),
                by: actor.tag(),
            };
            let notice = |customer: &CustomerId| Notification {
                customer: *customer,
                notice: happening.notice(),
                ticket,
                level,
                at,
            };
            let award = LedgerEntry {
                customer: owner,
                award: happening.award(),
                occasion: Some((ticket, happening)),
                reason: None,
                by: actor.clone(),
                key: None,
                at,
            };
            return (Due::AtMost(award), self.people.iter().map(notice).collect(), Some(told));
        }
        let due = match (*subject, granted) {
            (Subject::Customer(customer), Some(award)) => Due::Grant(LedgerEntry {
                customer,
                award: *award,
                occasion: None,
                reason: reason.as_deref().and_then(super::ticket::Reason::new),
                by: actor.clone(),
                key: None,
                at,
            }),
            _ => Due::Nothing,
        };
        (due, Vec::new(), None)
    }
}

/// What an operation leaves in the ledger.
enum Due {
    Nothing,
    AtMost(LedgerEntry),
    Grant(LedgerEntry),
}

/// A row without the key of its grant, which is the agent's own affair.
fn without_key(row: &LeftRow<LedgerEntry>) -> LeftRow<LedgerEntry> {
    LeftRow { what: LedgerEntry { key: None, ..row.what.clone() }, ..row.clone() }
}

/// Whether these rows are there, in this order, and no others.
fn exactly<T: PartialEq>(id: AuditId, expected: &[T], rows: &[LeftRow<T>]) -> Result<(), Finding>
where
    LeftRow<T>: Left,
{
    let table = LeftRow::<T>::TABLE;
    for (index, row) in rows.iter().enumerate() {
        if expected.get(index) != Some(&row.what) {
            return Err(Finding::Misfit(table, row.id, id));
        }
    }
    if rows.len() < expected.len() { Err(Finding::Absent(table, id)) } else { Ok(()) }
}

impl AuditAction {
    /// What happened to a ticket, where it is about one.
    pub const fn happening(self) -> Option<Happening> {
        match self {
            Self::TicketCreated => Some(Happening::Created),
            Self::TicketEscalated => Some(Happening::Escalated),
            Self::TicketClosed => Some(Happening::Closed),
            Self::PointsGranted
            | Self::TokenIssued
            | Self::TokenRevoked
            | Self::WebhookAdded
            | Self::WebhookRemoved
            | Self::WebhookSecretRotated
            | Self::WebhookEnabled
            | Self::WebhookRedelivered
            | Self::NotificationResent => None,
        }
    }
}

/// A ticket, with its last entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TicketWitness {
    /// The ticket.
    pub id: TicketId,
    /// Where it stands.
    pub state: (Status, Level),
    /// Its last entry, and where that says it stands.
    pub last: Option<(AuditId, Option<(Status, Level)>)>,
}

impl TicketWitness {
    /// Holds the ticket against its last entry.
    ///
    /// # Errors
    /// What does not fit.
    pub fn stands(&self) -> Result<(), Finding> {
        match self.last {
            None => Err(Finding::NoEntry(Subject::Ticket(self.id))),
            Some((_, Some(state))) if state == self.state => Ok(()),
            Some((entry, _)) => Err(Finding::TicketDiffers(self.id, entry)),
        }
    }
}

/// A token, with what the log says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenWitness {
    /// The token.
    pub id: TokenId,
    /// Whether it is revoked.
    pub revoked: bool,
    /// Whether an entry says that it was issued.
    pub issued_by_log: bool,
    /// Whether an entry says that it was revoked.
    pub revoked_by_log: bool,
}

impl TokenWitness {
    /// Holds the token against its entries.
    ///
    /// # Errors
    /// What does not fit.
    pub fn stands(&self) -> Result<(), Finding> {
        if !self.issued_by_log {
            return Err(Finding::NoEntry(Subject::Token(self.id)));
        }
        if self.revoked == self.revoked_by_log { Ok(()) } else { Err(Finding::TokenDiffers(self.id)) }
    }
}

/// A webhook, with what the log says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookWitness {
    /// The webhook.
    pub id: WebhookId,
    /// When it was added, and by whom.
    pub added: (Timestamp, AgentName),
    /// The same, as the entry of that says.
    pub added_by_log: Option<(Timestamp, AgentName)>,
    /// Until when the secret before the last rotation is good.
    pub old_until: Option<Timestamp>,
    /// When it was given a secret last, as the log says.
    pub rotated_by_log: Option<Timestamp>,
    /// Whether an entry says that it was removed.
    pub removed_by_log: bool,
}

impl WebhookWitness {
    /// Holds the webhook against its entries.
    ///
    /// # Errors
    /// What does not fit.
    pub fn stands(&self) -> Result<(), Finding> {
        let Some(added) = &self.added_by_log else { return Err(Finding::NoEntry(Subject::Webhook(self.id))) };
        let rotated = self.rotated_by_log.map(|at| at.plus(ROTATION));
        let agrees = *added == self.added && rotated == self.old_until && !self.removed_by_log;
        if agrees { Ok(()) } else { Err(Finding::WebhookDiffers(self.id)) }
    }
}

/// How far the tables go, by what the store keeps beside their rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// The log's head; none where even that is gone.
    pub head: Option<super::audit::Head>,
    /// The last number that was given in the audit log.
    pub audit: i64,
    /// The same of the ledger.
    pub ledger: i64,
    /// The same of the notifications.
    pub notifications: i64,
    /// The same of the outbox.
    pub outbox: i64,
    /// The last ticket's number.
    pub tickets: i64,
    /// The ledger's sums of points and cents, as balances are read.
    pub sums: (i64, i64),
    /// The events that were let go since they were old.
    pub gone_events: Mark,
    /// The same of the notifications.
    pub gone_notifications: Mark,
}
