//! Runs an operation once for an idempotency key; the response is stored in the same transaction.

use crate::model::idempotency::{EXPIRED_PER_INSERT, IdempotencyKey, StoredResponse};
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

/// Runs `work` and stores the response that `respond` builds from its outcome. If the key already has a stored
/// response, returns that one without running `work`. A rejection by the rules of the desk is stored like a success.
///
/// # Errors
/// [`Error::KeyReused`] if the key was used with another request; failures of the server, which are not stored.
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
    unit.idempotency_keys().purge(now, EXPIRED_PER_INSERT)?;
    unit.idempotency_keys().insert(key, &response, now, now.plus(key.retention))?;
    Ok(IdempotentResponse::First(response))
}
