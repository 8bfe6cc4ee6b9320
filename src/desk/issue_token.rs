//! Issues a token.

use super::find::known_customer;
use crate::model::audit::{AuditAction, Subject};
use crate::model::effects::Operation;
use crate::model::permission::Permission;
use crate::model::principal::{Caller, Principal};
use crate::model::token::{Digest, NewToken, TokenRecord};
use crate::model::{Error, Timestamp};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ManageTokens;

/// Stores the record of a token by its digest. The store never receives the token itself.
///
/// # Errors
/// [`Error::MissingPermission`]; `CUSTOMER_NOT_FOUND`.
pub fn issue_token(
    unit: &mut dyn Unit,
    caller: &Caller,
    token: &NewToken,
    digest: Digest,
    now: Timestamp,
) -> Result<TokenRecord, Error> {
    caller.require(REQUIRES)?;
    if let Principal::Customer(customer) = token.principal {
        known_customer(unit, customer)?;
    }
    let record = unit.tokens().insert(token, digest, now)?;
    unit.operations().record(&Operation::new(AuditAction::TokenIssued, Subject::Token(record.id), caller, now))?;
    Ok(record)
}
