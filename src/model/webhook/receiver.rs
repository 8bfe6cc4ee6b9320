//! A webhook as it is added and as the store knows it.

use super::message_id::MessageIdPrefix;
use super::secret::SigningSecret;
use super::target::{Headers, Target};
use crate::model::actor::AgentName;
use crate::model::closed_list::closed_list;
use crate::model::event::EventName;
use crate::model::{Error, Timestamp, WebhookId, timestamp};

/// The most webhooks of one store: each has a task of its own while something waits for it.
pub const MAX_WEBHOOKS: usize = 100;
/// How long the secret before a rotation stays good, in seconds.
pub const ROTATION: i64 = timestamp::DAY;

/// A webhook about to be added.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// Where its events go.
    pub target: Target,
    /// Which events; none means every one, those of later versions too.
    pub events: Vec<EventName>,
    /// What is sent beside the headers of the specification.
    pub headers: Headers,
    /// What its messages are signed with.
    pub secret: SigningSecret,
    /// What the ids of its messages begin with, so that no two webhooks, of whichever store, share one.
    pub tag: MessageIdPrefix,
    /// Who added it.
    pub by: AgentName,
}

/// A webhook as the store knows it.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// What was added.
    pub is: NewWebhook,
    /// The secret before the last rotation, and until when it is good.
    pub old_secret: Option<(SigningSecret, Timestamp)>,
    /// When it was added.
    pub created_at: Timestamp,
    /// Since when nothing is sent to it: it answered that it is gone, or its removal was begun.
    pub disabled_at: Option<Timestamp>,
}

closed_list!(
    /// Whether a webhook gets its events.
    WebhookState {
        /// It does.
        Active = "active",
        /// It answered that it is gone, or its removal was begun.
        Disabled = "disabled",
    }
);

impl Webhook {
    /// Whether it gets its events.
    pub const fn state(&self) -> WebhookState {
        if self.disabled_at.is_some() { WebhookState::Disabled } else { WebhookState::Active }
    }

    /// The secrets that sign a message at this instant, the newest first.
    pub fn secrets(&self, now: Timestamp) -> impl Iterator<Item = &SigningSecret> {
        let old = self.old_secret.as_ref().filter(|_| self.promised(now).is_some()).map(|(secret, _)| secret);
        std::iter::once(&self.is.secret).chain(old)
    }

    /// Until when the secret before the last rotation is good at this instant: another rotation ends it.
    pub fn promised(&self, now: Timestamp) -> Option<Timestamp> {
        self.old_secret.as_ref().map(|(_, until)| *until).filter(|until| now < *until)
    }

    /// The webhook with a new secret, beside which the one it had stays good for [`ROTATION`] seconds.
    #[must_use]
    pub fn rotated(self, secret: SigningSecret, now: Timestamp) -> Self {
        let Self { is, .. } = self;
        let old_secret = Some((is.secret, now.plus(ROTATION)));
        Self { is: NewWebhook { secret, ..is }, old_secret, ..self }
    }

    /// The events it asks for: every one where none was named.
    pub fn events(&self) -> &[EventName] {
        if self.is.events.is_empty() { EventName::ALL } else { &self.is.events }
    }

    /// Refuses what is asked of a webhook that gets nothing any more.
    ///
    /// # Errors
    /// [`Error::WebhookDisabled`].
    pub const fn gets_events(&self) -> Result<(), Error> {
        if self.disabled_at.is_some() { Err(Error::WebhookDisabled(self.id)) } else { Ok(()) }
    }
}

/// A message to a webhook.
#[derive(Debug, Clone)]
pub struct WebhookMessage {
    /// The webhook as it stood when this was read.
    pub webhook: Webhook,
    /// The message's id: the same on each try.
    pub id: String,
    /// The message's body: the same on each try.
    pub body: String,
}
