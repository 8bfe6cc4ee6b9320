//! Works mails off: whether mail is on, what is next, and what came of an attempt.

use super::lease::{Work, holds};
use crate::model::mail::Letter;
use crate::model::mail::attempt::Attempt;
use crate::model::webhook::Tag;
use crate::model::webhook::delivery::DeliveryState;
use crate::model::{Error, Timestamp};
use crate::store::{Errand, Unit};

/// Notifications that are looked at together.
const STRIDE: u32 = 64;
/// How often that is done at most in one unit of work: the others wait no longer for it than for a list.
const STRIDES: u32 = 16;

/// Switches mail on for the notifications from now on, unless it is on already. A store without a tag gets this one.
///
/// # Errors
/// Those of the store.
pub fn switch_on(unit: &mut dyn Unit, tag: &Tag) -> Result<(), Error> {
    unit.mails().switch_on(tag)
}

/// Switches mail off, so that no notification from now on becomes a mail.
///
/// # Errors
/// Those of the store.
pub fn switch_off(unit: &mut dyn Unit) -> Result<(), Error> {
    unit.mails().switch_off()
}

/// What there is to do at this instant; nothing while mail is off.
///
/// # Errors
/// Those of the store.
pub fn mail_work(unit: &mut dyn Unit, now: Timestamp) -> Result<Work<()>, Error> {
    let due = unit.mails().work(now)?;
    let lease = if due.is_some() { unit.leases().find(Errand::Mail)? } else { None };
    Ok(Work { lease, any: due.is_some(), due: if due == Some(true) { vec![()] } else { Vec::new() } })
}

/// What to send now, for the holder of the lease: mails have no order among them, and one that waits for its next attempt
/// holds up no other.
///
/// # Errors
/// Those of the store.
pub fn next_letter(unit: &mut dyn Unit, holder: &str, now: Timestamp) -> Result<Option<Letter>, Error> {
    if !holds(unit, Errand::Mail, holder)? || unit.mails().work(now)?.is_none() {
        return Ok(None);
    }
    for _ in 0..STRIDES {
        if let Some(letter) = unit.mails().next(now)? {
            return Ok(Some(letter));
        }
        if !unit.mails().enlist(STRIDE, now)? {
            return Ok(None);
        }
    }
    unit.mails().next(now)
}

/// Keeps an attempt and what follows from it; `roll` is any number, for jitter. Says where the mail stands, and when it
/// is tried again; nothing where it was settled meanwhile.
///
/// # Errors
/// Those of the store.
pub fn record_attempt(
    unit: &mut dyn Unit,
    letter: &Letter,
    attempt: &Attempt,
    roll: u32,
) -> Result<Option<(DeliveryState, Option<Timestamp>)>, Error> {
    let (state, again) = attempt.ended.settles(letter.attempts.saturating_add(1), roll, attempt.at);
    let due_at = again.unwrap_or(attempt.at);
    let kept = unit.mails().record(letter.id, letter.attempts, attempt, state, due_at)?;
    Ok(kept.then_some((state, again)))
}
