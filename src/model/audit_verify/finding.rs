//! Findings of `audit verify`.

use crate::model::audit::{AuditId, Subject};
use crate::model::closed_list::closed_list;
use crate::model::{Message, TicketId, TokenId, WebhookId};

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
