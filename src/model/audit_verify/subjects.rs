//! Verification of tickets, tokens and webhooks against their audit entries.

use super::Finding;
use crate::model::actor::AgentName;
use crate::model::audit::{AuditId, Subject};
use crate::model::webhook::OLD_SECRET_LIFETIME;
use crate::model::{Level, Status, TicketId, Timestamp, TokenId, WebhookId};

/// Ticket with its last audit entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TicketRow {
    pub id: TicketId,
    /// Status and level.
    pub state: (Status, Level),
    /// Last entry, with the status and level that it records.
    pub last: Option<(AuditId, Option<(Status, Level)>)>,
}

impl TicketRow {
    /// Verifies the ticket against its last entry.
    ///
    /// # Errors
    /// The first mismatch.
    pub fn verify(&self) -> Result<(), Finding> {
        match self.last {
            None => Err(Finding::NoEntry(Subject::Ticket(self.id))),
            Some((_, Some(state))) if state == self.state => Ok(()),
            Some((entry, _)) => Err(Finding::TicketDiffers(self.id, entry)),
        }
    }
}

/// Token with the state that the audit log records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenRow {
    pub id: TokenId,
    /// True if the token is revoked.
    pub revoked: bool,
    /// True if an entry records that the token was issued.
    pub issued_by_log: bool,
    /// True if an entry records that the token was revoked.
    pub revoked_by_log: bool,
}

impl TokenRow {
    /// Verifies the token against its entries.
    ///
    /// # Errors
    /// The first mismatch.
    pub fn verify(&self) -> Result<(), Finding> {
        if !self.issued_by_log {
            return Err(Finding::NoEntry(Subject::Token(self.id)));
        }
        if self.revoked == self.revoked_by_log { Ok(()) } else { Err(Finding::TokenDiffers(self.id)) }
    }
}

/// Webhook with the state that the audit log records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRow {
    pub id: WebhookId,
    /// Time of its creation, and the agent who added it.
    pub added: (Timestamp, AgentName),
    /// Time and agent in the entry of its creation.
    pub added_by_log: Option<(Timestamp, AgentName)>,
    /// Expiry of the previous secret.
    pub old_until: Option<Timestamp>,
    /// Time of the last rotation in the audit log.
    pub rotated_by_log: Option<Timestamp>,
    /// True if an entry records that the webhook was removed.
    pub removed_by_log: bool,
}

impl WebhookRow {
    /// Verifies the webhook against its entries.
    ///
    /// # Errors
    /// The first mismatch.
    pub fn verify(&self) -> Result<(), Finding> {
        let Some(added) = &self.added_by_log else { return Err(Finding::NoEntry(Subject::Webhook(self.id))) };
        let rotated = self.rotated_by_log.map(|at| at.plus(OLD_SECRET_LIFETIME));
        let agrees = *added == self.added && rotated == self.old_until && !self.removed_by_log;
        if agrees { Ok(()) } else { Err(Finding::WebhookDiffers(self.id)) }
    }
}
