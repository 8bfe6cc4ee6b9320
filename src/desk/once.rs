//! Does something once for a key, however often it is asked for: the answer is kept in the same transaction.

use crate::model::once::{Answer, Once, SWEPT};
use crate::model::{Error, Timestamp};
use crate::store::Unit;

/// What a request under a key is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// It was done, or refused, now.
    First(Answer),
    /// The first answer, given again.
    Again(Answer),
}

/// Does the work and keeps how `say` answers it; or gives the answer that was kept before, and does nothing. A refusal
/// by the desk's rules is kept as a success is.
///
/// # Errors
/// [`Error::KeyReused`] where the key came with another body; whatever failed on our side, which is not kept.
pub fn once<T>(
    unit: &mut dyn Unit,
    once: &Once,
    now: Timestamp,
    work: impl FnOnce(&mut dyn Unit) -> Result<T, Error>,
    say: impl FnOnce(Result<&T, &Error>) -> Answer,
) -> Result<Answered, Error> {
    if let Some(kept) = unit.answers().find(once, now)? {
        return once.again(kept).map(Answered::Again);
    }
    let before = unit.writes();
    let answer = match work(unit) {
        Ok(done) => say(Ok(&done)),
        // A refusal that has written is undone with its whole unit, and so cannot be kept in it.
        Err(error) if error.is_settled() && unit.writes() == before => say(Err(&error)),
        Err(error) => return Err(error),
    };
    unit.answers().forget(now, SWEPT)?;
    unit.answers().keep(once, &answer, now, now.plus(once.kept))?;
    Ok(Answered::First(answer))
}
