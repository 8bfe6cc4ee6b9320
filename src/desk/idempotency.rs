//! Runs an operation once for an idempotency key; the response is stored in the same transaction.

use crate::model::idempotency::{IdempotencyKey, PURGE_BATCH, StoredResponse};
use crate::model::{Error, Timestamp};
use crate::store::Unit;

/// Response of an operation under an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdempotentResponse {
    /// The operation ran, or was refused, in this unit.
    First(StoredResponse),
    /// The operation ran before; its stored response is returned.
    Replayed(StoredResponse),
}

/// Runs `work` and stores what `respond` makes of its outcome; or returns the response stored for the key, without
/// running `work`. A refusal by the desk's rules is stored as a success is.
///
/// # Errors
/// [`Error::KeyReused`] if the key came with another body; failures of the server, which are not stored.
pub fn idempotent<T>(
    unit: &mut dyn Unit,
    key: &IdempotencyKey,
    now: Timestamp,
    work: impl FnOnce(&mut dyn Unit) -> Result<T, Error>,
    respond: impl FnOnce(Result<&T, &Error>) -> StoredResponse,
) -> Result<IdempotentResponse, Error> {
    if let Some(record) = unit.idempotency_keys().find(key, now)? {
        return key.replay(record).map(IdempotentResponse::Replayed);
    }
    let writes_before = unit.writes();
    let response = match work(unit) {
        Ok(done) => respond(Ok(&done)),
        // A refusal after a write rolls back the whole unit, and with it the stored response.
        Err(error) if error.is_settled() && unit.writes() == writes_before => respond(Err(&error)),
        Err(error) => return Err(error),
    };
    unit.idempotency_keys().purge(now, PURGE_BATCH)?;
    unit.idempotency_keys().insert(key, &response, now, now.plus(key.retention))?;
    Ok(IdempotentResponse::First(response))
}
