//! Tickets, tokens and webhooks, each compared with its audit entries.

use super::Finding;
use crate::model::actor::AgentName;
use crate::model::audit::{AuditId, Subject};
use crate::model::webhook::ROTATION;
use crate::model::{Level, Status, TicketId, Timestamp, TokenId, WebhookId};

/// A ticket, with its last entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TicketRow {
    /// The ticket.
    pub id: TicketId,
    /// Where it stands.
    pub state: (Status, Level),
    /// Its last entry, and where that says it stands.
    pub last: Option<(AuditId, Option<(Status, Level)>)>,
}

impl TicketRow {
    /// Holds the ticket against its last entry.
    ///
    /// # Errors
    /// What does not fit.
    pub fn verify(&self) -> Result<(), Finding> {
        match self.last {
            None => Err(Finding::NoEntry(Subject::Ticket(self.id))),
            Some((_, Some(state))) if state == self.state => Ok(()),
            Some((entry, _)) => Err(Finding::TicketDiffers(self.id, entry)),
        }
    }
}

/// A token, with what the log says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenRow {
    /// The token.
    pub id: TokenId,
    /// Whether it is revoked.
    pub revoked: bool,
    /// Whether an entry says that it was issued.
    pub issued_by_log: bool,
    /// Whether an entry says that it was revoked.
    pub revoked_by_log: bool,
}

impl TokenRow {
    /// Holds the token against its entries.
    ///
    /// # Errors
    /// What does not fit.
    pub fn verify(&self) -> Result<(), Finding> {
        if !self.issued_by_log {
            return Err(Finding::NoEntry(Subject::Token(self.id)));
        }
        if self.revoked == self.revoked_by_log { Ok(()) } else { Err(Finding::TokenDiffers(self.id)) }
    }
}

/// A webhook, with what the log says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRow {
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

impl WebhookRow {
    /// Holds the webhook against its entries.
    ///
    /// # Errors
    /// What does not fit.
    pub fn verify(&self) -> Result<(), Finding> {
        let Some(added) = &self.added_by_log else { return Err(Finding::NoEntry(Subject::Webhook(self.id))) };
        let rotated = self.rotated_by_log.map(|at| at.plus(ROTATION));
        let agrees = *added == self.added && rotated == self.old_until && !self.removed_by_log;
        if agrees { Ok(()) } else { Err(Finding::WebhookDiffers(self.id)) }
    }
}
