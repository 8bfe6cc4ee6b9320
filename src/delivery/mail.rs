//! Mail as a delivery channel: one queue, several mails over one SMTP session. Also switches mail on and off:
//! notifications that occur while it is off are never mailed.

use tokio::time::sleep;

use super::channel::Channel;
use super::channel::RETRY_DELAY;
use super::lease_guard::{LeaseGuard, TAKEOVER_DELAY};
use crate::desk::delivery::mail::{mail_is_on, switch_off, switch_on};
use crate::desk::delivery::queue::next_mail;
use crate::model::delivery::{Attempt, ChannelName, DeliveryError, Queue, Queued, Settled};
use crate::model::error::chain;
use crate::model::mail::MailContent;
use crate::model::principal::Caller;
use crate::model::webhook::MessageIdPrefix;
use crate::model::{Error, Timestamp};
use crate::outbound::{Mailer, RelayConnection};
use crate::store::{Store, Unit};
use crate::system;

impl Channel for Mailer {
    const NAME: ChannelName = ChannelName::Mail;
    const HOLDS_LEASE_WHEN_IDLE: bool = true;
    type Payload = MailContent;
    type Session = RelayConnection;

    fn next(
        unit: &mut dyn Unit,
        holder: &str,
        queue: Queue,
        now: Timestamp,
    ) -> Result<Option<Queued<MailContent>>, Error> {
        match queue {
            Queue::Mail => next_mail(unit, &Caller::system(), holder, now),
            Queue::Webhook(_) => Ok(None),
        }
    }

    async fn send(&self, connection: &mut RelayConnection, mail: &MailContent) -> Attempt {
        Self::send(self, connection, mail).await
    }

    async fn close(mut connection: RelayConnection) {
        connection.quit().await;
    }

    /// Logs no address of a customer.
    fn log(delivery: &Queued<MailContent>, attempt: &Attempt, settled: Option<Settled>) {
        let (notification, answer) = (delivery.key.get(), &attempt.answer);
        let (code, error) = (attempt.outcome.status(), attempt.outcome.error().map(DeliveryError::as_str));
        match settled {
            Some(Settled::Delivered) => tracing::debug!(notification, code, "mailed"),
            Some(Settled::Retried(until)) => {
                tracing::warn!(notification, code, error, %until, answer, "not mailed yet");
            }
            Some(Settled::Dead | Settled::Gone) => {
                tracing::warn!(notification, code, error, answer, "a mail was given up");
            }
            None => tracing::debug!(notification, "a mail was settled meanwhile"),
        }
    }
}

/// Switches mail on. Must run before the server accepts requests, so that their notifications are mailed. A store
/// without a message id prefix stores this one.
///
/// # Errors
/// Errors of the store.
pub async fn switch_mail_on(store: &Store, prefix: MessageIdPrefix) -> Result<(), Error> {
    store.write(move |unit| switch_on(unit, &Caller::system(), &prefix)).await
}

/// Switches mail off for a server without a relay, unless another server sends mail: challenges the holder of the lease
/// and waits for its heartbeat.
pub async fn switch_mail_off(store: Store, now: Timestamp) {
    if let Err(error) = try_to_switch_off(&store, now).await {
        tracing::warn!(error = chain(&error), "mail could not be switched off");
    }
}

async fn try_to_switch_off(store: &Store, now: Timestamp) -> Result<(), Error> {
    if !store.scan(|unit| mail_is_on(unit, &Caller::system())).await? {
        return Ok(());
    }
    let Ok(holder) = system::random_name() else { return Ok(()) };
    let mut guard = LeaseGuard::new(ChannelName::Mail, holder.clone());
    let lease = async || store.scan(|unit| unit.leases().find(ChannelName::Mail)).await;
    if !guard.hold(store, lease().await?, now).await? {
        store.write(|unit| unit.leases().challenge(ChannelName::Mail)).await?;
        sleep(TAKEOVER_DELAY + RETRY_DELAY).await;
        if !guard.hold(store, lease().await?, now).await? {
            return Ok(());
        }
    }
    let release = move |unit: &mut dyn Unit| {
        switch_off(unit, &Caller::system())?;
        unit.leases().release(ChannelName::Mail, &holder)
    };
    store.write(release).await?;
    tracing::info!("mail is off: new notifications are not mailed");
    Ok(())
}
