//! Findings of `audit verify`.

use crate::model::audit::{AuditId, Subject};
use crate::model::closed_list::closed_list;
use crate::model::{Message, TicketId, TokenId, WebhookId};

closed_list!(
    /// Table whose rows are numbered without gaps.
    Table {
        Audit = "audit",
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

/// First mismatch that `audit verify` finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// A row has a value that this program never writes.
    Unreadable(Table, i64),
    /// The values of an entry do not match its hash.
    Altered(AuditId),
    /// An entry is missing.
    EntryMissing(AuditId),
    /// An entry lies after the end of the log.
    Inserted(AuditId),
    /// An entry is not linked to the previous entry for its subject.
    Unlinked(AuditId, Subject),
    /// The entries do not produce the stored head.
    HeadDiffers,
    /// The log does not contain a head that was stored elsewhere.
    HeadNotFound(i64),
    /// The subject of an entry does not exist.
    NoSubject(AuditId, Subject),
    /// A subject exists without the entry of its creation.
    NoEntry(Subject),
    /// Status or level of a ticket differ from its last entry.
    TicketDiffers(TicketId, AuditId),
    /// The revocation of a token differs from its entries.
    TokenDiffers(TokenId),
    /// A webhook's creation, removal or secret differs from its entries.
    WebhookDiffers(WebhookId),
    /// A row is missing.
    Missing(Table, i64),
    /// A row refers to an entry that cannot have written it.
    Stray(Table, i64),
    /// A row differs from its entry.
    RowDiffers(Table, i64, AuditId),
    /// A row of an entry is missing.
    EntryRowMissing(Table, AuditId),
    /// The ledger's totals differ from the sums of its rows.
    Sums,
}

impl Finding {
    /// Returns the message for users.
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
            Self::HeadNotFound(entries) => Message::new("audit.not_passed").with("entries", entries),
            Self::NoSubject(id, subject) => entry("audit.no_subject", id).with("subject", subject),
            Self::NoEntry(subject) => Message::new("audit.no_entry").with("subject", subject),
            Self::TicketDiffers(ticket, AuditId(id)) => {
                Message::new("audit.ticket_differs").with("ticket", ticket).with("id", id)
            }
            Self::TokenDiffers(token) => Message::new("audit.token_differs").with("token", token),
            Self::WebhookDiffers(webhook) => Message::new("audit.webhook_differs").with("webhook", webhook),
            Self::Missing(table, id) => row("audit.missing", table, id),
            Self::Stray(table, id) => row("audit.stray", table, id),
            Self::RowDiffers(table, id, AuditId(entry)) => row("audit.misfit", table, id).with("entry", entry),
            Self::EntryRowMissing(table, AuditId(entry)) => {
                Message::new("audit.absent").with("table", table).with("entry", entry)
            }
            Self::Sums => Message::new("audit.sums"),
        }
    }
}
