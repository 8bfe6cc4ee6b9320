//! Webhooks, before they are stored and as stored.

use super::message_id::MessageIdPrefix;
use super::secret::SigningSecret;
use super::target::{Headers, Target};
use crate::model::actor::AgentName;
use crate::model::closed_list::closed_list;
use crate::model::event::EventName;
use crate::model::{Error, Timestamp, WebhookId, timestamp};

/// Maximum number of webhooks: each has a task of its own while deliveries wait for it.
pub const MAX_WEBHOOKS: usize = 100;
/// Validity of the previous secret after a rotation, in seconds.
pub const OLD_SECRET_LIFETIME: i64 = timestamp::DAY;

/// Webhook before it is stored.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// URL.
    pub target: Target,
    /// Events to deliver; empty for all, including those of later versions.
    pub events: Vec<EventName>,
    /// Additional headers.
    pub headers: Headers,
    /// Signing secret.
    pub secret: SigningSecret,
    /// Prefix of its message ids, unique across webhooks and stores.
    pub id_prefix: MessageIdPrefix,
    /// Agent who added it.
    pub by: AgentName,
}

/// Webhook as stored.
#[derive(Debug, Clone)]
pub struct Webhook {
    pub id: WebhookId,
    /// Settings.
    pub settings: NewWebhook,
    /// Previous secret and its expiry.
    pub old_secret: Option<(SigningSecret, Timestamp)>,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time when it was disabled: the receiver responded with 410, or removal has begun.
    pub disabled_at: Option<Timestamp>,
}

closed_list!(
    /// State of a webhook.
    WebhookState {
        Active = "active",
        /// Disabled: the receiver responded with 410, or removal has begun.
        Disabled = "disabled",
    }
);

impl Webhook {
    pub const fn state(&self) -> WebhookState {
        if self.disabled_at.is_some() { WebhookState::Disabled } else { WebhookState::Active }
    }

    /// Returns the valid signing secrets, the newest first.
    pub fn secrets(&self, now: Timestamp) -> impl Iterator<Item = &SigningSecret> {
        let old = self.old_secret.as_ref().filter(|_| self.old_secret_expiry(now).is_some()).map(|(secret, _)| secret);
        std::iter::once(&self.settings.secret).chain(old)
    }

    /// Returns the expiry of the previous secret if it is still valid; another rotation invalidates it.
    pub fn old_secret_expiry(&self, now: Timestamp) -> Option<Timestamp> {
        self.old_secret.as_ref().map(|(_, until)| *until).filter(|until| now < *until)
    }

    /// Replaces the secret; the previous one stays valid for [`OLD_SECRET_LIFETIME`] seconds.
    #[must_use]
    pub fn rotated(self, secret: SigningSecret, now: Timestamp) -> Self {
        let Self { settings, .. } = self;
        let old_secret = Some((settings.secret, now.plus(OLD_SECRET_LIFETIME)));
        Self { settings: NewWebhook { secret, ..settings }, old_secret, ..self }
    }

    /// Returns the events to deliver.
    pub fn events(&self) -> &[EventName] {
        if self.settings.events.is_empty() { EventName::ALL } else { &self.settings.events }
    }

    /// Rejects operations on a disabled webhook.
    ///
    /// # Errors
    /// [`Error::WebhookDisabled`].
    pub const fn require_enabled(&self) -> Result<(), Error> {
        if self.disabled_at.is_some() { Err(Error::WebhookDisabled(self.id)) } else { Ok(()) }
    }
}

/// Message to a webhook.
#[derive(Debug, Clone)]
pub struct WebhookMessage {
    /// Webhook at the time of reading.
    pub webhook: Webhook,
    /// Message id, identical for each attempt.
    pub id: String,
    /// Body, identical for each attempt.
    pub body: String,
}
