//! Authenticates a token that this service issued.

use crate::model::principal::{Caller, Holder};
use crate::model::token::{TokenState, TokenText};
use crate::model::{Error, Timestamp, TokenError};
use crate::store::Unit;

/// Returns the caller that a valid token authenticates, and the time at which the token expires.
///
/// # Errors
/// [`Error::BadToken`] with the reason; [`Error::WrongRole`] if the token's role is not the role of its principal.
pub fn authenticate(unit: &mut dyn Unit, token: &str, now: Timestamp) -> Result<Holder, Error> {
    let token = TokenText::parse(token).ok_or(TokenError::Malformed)?;
    let record = unit.tokens().find(token.digest())?.ok_or(TokenError::Unknown)?;
    match record.state(now) {
        TokenState::Valid => {}
        TokenState::Expired => return Err(TokenError::Expired.into()),
        TokenState::Revoked => return Err(TokenError::Revoked.into()),
    }
    if !record.is_in_role() {
        return Err(TokenError::Role.into());
    }
    let caller = Caller::new(record.principal, record.permissions);
    Ok(Holder { caller, until: record.expires_at })
}
