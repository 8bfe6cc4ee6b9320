//! A round with the mail: one letter after the other over one connection, until none is due. And the beginning and the
//! end of mail: what is left while it is off never becomes a letter.

use std::sync::Arc;

use tokio::time::sleep;

use super::lease::{SILENCE, Tenure};
use super::{BREATH, Bag, Carrier, keep};
use crate::desk::lease::{Work, find_lease, leave_lease};
use crate::desk::mail::{mail_work, next_letter, record_attempt, switch_off, switch_on};
use crate::model::mail::Letter;
use crate::model::mail::attempt::Attempt;
use crate::model::webhook::Tag;
use crate::model::webhook::delivery::DeliveryState;
use crate::model::{Error, Timestamp};
use crate::outbound::{Line, Mailer};
use crate::store::{Errand, Store, Unit};
use crate::system;

impl Carrier for Mailer {
    const ERRAND: Errand = Errand::Mail;
    type For = ();

    fn work(unit: &mut dyn Unit, now: Timestamp) -> Result<Work<()>, Error> {
        mail_work(unit, now)
    }

    async fn round(bag: Arc<Bag<Self>>, (): ()) {
        let mut line = Line::default();
        loop {
            match next(&bag).await {
                Ok(Some(letter)) if !*bag.stop.borrow() => {
                    let attempt = bag.carrier.send(&mut line, &letter).await;
                    if let Err(error) = settle(&bag, letter, attempt).await {
                        tracing::warn!(%error, "what came of a mail was not kept");
                    }
                }
                Ok(_) => return line.hang_up().await,
                Err(error) => {
                    tracing::warn!(%error, "the courier could not use the store");
                    return sleep(BREATH).await;
                }
            }
        }
    }
}

async fn next(bag: &Bag<Mailer>) -> Result<Option<Letter>, Error> {
    let (holder, now) = (bag.holder.clone(), (bag.clock)());
    bag.store.write(move |unit| next_letter(unit, &holder, now)).await
}

/// Keeps what came of an attempt, and tells the log. Addresses stay in the store.
async fn settle(bag: &Bag<Mailer>, letter: Letter, attempt: Attempt) -> Result<(), Error> {
    let notification = letter.id.get();
    let (code, trouble) = (attempt.code(), attempt.trouble().map(tracing::field::display));
    // Jitter that fails is no reason to fail: the waits are then the shortest.
    let roll = system::random().map_or(0, u32::from_be_bytes);
    let kept = attempt.clone();
    let made = keep(bag, move |unit: &mut dyn Unit| record_attempt(unit, &letter, &kept, roll)).await?;
    if let Some(counts) = &bag.counts {
        counts.attempted(outcome(made.map(|(state, _)| state)));
    }
    match made {
        Some((DeliveryState::Delivered, _)) => tracing::debug!(notification, code, "mailed"),
        Some((DeliveryState::Waiting, until)) => {
            let until = until.map(tracing::field::display);
            tracing::warn!(notification, code, trouble, until, answer = attempt.answer, "not mailed yet");
        }
        Some((DeliveryState::Dead, _)) => {
            tracing::warn!(notification, code, trouble, answer = attempt.answer, "a mail was given up");
        }
        None => tracing::debug!(notification, "a mail was settled meanwhile"),
    }
    Ok(())
}

/// What an attempt came to, in a word for whoever counts.
const fn outcome(state: Option<DeliveryState>) -> &'static str {
    match state {
        Some(DeliveryState::Delivered) => "delivered",
        Some(DeliveryState::Waiting) => "retried",
        Some(DeliveryState::Dead) => "dead",
        None => "settled",
    }
}

/// Switches mail on, before anything happens that is to be told by it. A store that has no tag gets this one.
///
/// # Errors
/// Those of the store.
pub async fn begin_mail(store: &Store, tag: Tag) -> Result<(), Error> {
    store.write(move |unit| switch_on(unit, &tag)).await
}

/// Switches mail off for a server that has no relay, unless another server is sending: its lease is watched for as long
/// as a living holder may be silent.
pub async fn end_mail(store: Store, now: Timestamp) {
    if let Err(error) = try_to_end(&store, now).await {
        tracing::warn!(%error, "mail could not be switched off");
    }
}

async fn try_to_end(store: &Store, now: Timestamp) -> Result<(), Error> {
    if !store.scan(move |unit| mail_work(unit, now)).await?.any {
        return Ok(());
    }
    let Ok(holder) = system::random_name() else { return Ok(()) };
    let mut tenure = Tenure::to_end(Errand::Mail, holder.clone());
    let seen = store.scan(|unit| find_lease(unit, Errand::Mail)).await?;
    if !tenure.hold(store, seen, now).await? {
        sleep(SILENCE + BREATH).await;
        let seen = store.scan(|unit| find_lease(unit, Errand::Mail)).await?;
        if !tenure.hold(store, seen, now).await? {
            return Ok(());
        }
    }
    let end = move |unit: &mut dyn Unit| {
        switch_off(unit)?;
        leave_lease(unit, Errand::Mail, &holder)
    };
    store.write(end).await?;
    tracing::info!("mail is off: what happens from now on is not mailed");
    Ok(())
}
