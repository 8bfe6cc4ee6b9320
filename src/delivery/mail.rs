//! Mail as a channel: one queue, several mails over one session. And the beginning and the end of mail: what is left while
//! it is off never becomes a mail.

use tokio::time::sleep;

use super::channel::BREATH;
use super::channel::Channel;
use super::lease_guard::{LeaseGuard, SILENCE};
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
    const HELD_IDLE: bool = true;
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

    async fn send(&self, line: &mut RelayConnection, letter: &MailContent) -> Attempt {
        Self::send(self, line, letter).await
    }

    async fn end(mut line: RelayConnection) {
        line.hang_up().await;
    }

    /// Addresses stay in the store.
    fn log(delivery: &Queued<MailContent>, attempt: &Attempt, settled: Option<Settled>) {
        let (notification, answer) = (delivery.key.get(), &attempt.answer);
        let (code, trouble) = (attempt.outcome.status(), attempt.outcome.error().map(DeliveryError::as_str));
        match settled {
            Some(Settled::Delivered) => tracing::debug!(notification, code, "mailed"),
            Some(Settled::Retried(until)) => {
                tracing::warn!(notification, code, trouble, %until, answer, "not mailed yet");
            }
            Some(Settled::Dead | Settled::Gone) => {
                tracing::warn!(notification, code, trouble, answer, "a mail was given up");
            }
            None => tracing::debug!(notification, "a mail was settled meanwhile"),
        }
    }
}

/// Switches mail on, before anything happens that is to be told by it. A store that has no tag gets this one.
///
/// # Errors
/// Those of the store.
pub async fn begin_mail(store: &Store, tag: MessageIdPrefix) -> Result<(), Error> {
    store.write(move |unit| switch_on(unit, &Caller::system(), &tag)).await
}

/// Switches mail off for a server that has no relay, unless another server sends: its holder is asked for a heartbeat, and
/// has as long to give it as a living one may be silent.
pub async fn end_mail(store: Store, now: Timestamp) {
    if let Err(error) = try_to_end(&store, now).await {
        tracing::warn!(error = chain(&error), "mail could not be switched off");
    }
}

async fn try_to_end(store: &Store, now: Timestamp) -> Result<(), Error> {
    if !store.scan(|unit| mail_is_on(unit, &Caller::system())).await? {
        return Ok(());
    }
    let Ok(holder) = system::random_name() else { return Ok(()) };
    let mut guard = LeaseGuard::new(ChannelName::Mail, holder.clone());
    let lease = async || store.scan(|unit| unit.leases().find(ChannelName::Mail)).await;
    if !guard.hold(store, lease().await?, now).await? {
        store.write(|unit| unit.leases().challenge(ChannelName::Mail)).await?;
        sleep(SILENCE + BREATH).await;
        if !guard.hold(store, lease().await?, now).await? {
            return Ok(());
        }
    }
    let end = move |unit: &mut dyn Unit| {
        switch_off(unit, &Caller::system())?;
        unit.leases().release(ChannelName::Mail, &holder)
    };
    store.write(end).await?;
    tracing::info!("mail is off: what happens from now on is not mailed");
    Ok(())
}
