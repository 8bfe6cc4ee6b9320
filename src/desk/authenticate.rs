//! Who holds a token.

use crate::model::person::{Caller, Holder};
use crate::model::token::TokenText;
use crate::model::{Error, Timestamp};
use crate::store::Unit;

/// The customer whom a good token names.
///
/// # Errors
/// [`Error::BadToken`] for one that is malformed, unknown, revoked or expired; [`Error::WrongRole`] for one that is
/// good in another role.
pub fn authenticate(unit: &mut dyn Unit, token: &str, now: Timestamp) -> Result<Holder, Error> {
    let token = TokenText::parse(token).ok_or(Error::BadToken)?;
    let record = unit.tokens().find(token.digest())?.ok_or(Error::BadToken)?;
    if !record.is_good(now) {
        return Err(Error::BadToken);
    }
    if !record.role.is_customer() {
        return Err(Error::WrongRole);
    }
    let caller = Caller::customer(record.customer, record.permissions);
    Ok(Holder { customer: record.customer, caller, until: record.expires_at })
}
