//! Who holds a token.

use crate::model::person::Caller;
use crate::model::token::TokenText;
use crate::model::{CustomerId, Error, Timestamp};
use crate::store::Unit;

/// The customer whom a good token names, as a caller with its permissions.
///
/// # Errors
/// [`Error::BadToken`] for one that is malformed, unknown, revoked or expired; [`Error::WrongRole`] for one that is
/// good in another role.
pub fn authenticate(unit: &mut dyn Unit, token: &str, now: Timestamp) -> Result<(CustomerId, Caller), Error> {
    let token = TokenText::parse(token).ok_or(Error::BadToken)?;
    let record = unit.tokens().find(token.digest())?.ok_or(Error::BadToken)?;
    if !record.is_good(now) {
        return Err(Error::BadToken);
    }
    if !record.role.is_customer() {
        return Err(Error::WrongRole);
    }
    Ok((record.customer, Caller::customer(record.customer, record.permissions)))
}
