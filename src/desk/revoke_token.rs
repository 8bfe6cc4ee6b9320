//! Takes a token back, and lists what was issued.

use crate::model::audit::{AuditAction, Subject};
use crate::model::effects::Operation;
use crate::model::pagination::{Cursor, Page, PageRequest};
use crate::model::permission::Permission;
use crate::model::principal::{Caller, Principal};
use crate::model::token::TokenRecord;
use crate::model::{Error, Timestamp, TokenId};
use crate::store::Unit;

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ManageTokens;

/// Takes a token back at once; its record stays.
///
/// # Errors
/// [`Error::MissingPermission`], [`Error::TokenNotFound`], [`Error::TokenRevoked`].
pub fn revoke_token(unit: &mut dyn Unit, caller: &Caller, id: TokenId, now: Timestamp) -> Result<(), Error> {
    caller.require(REQUIRES)?;
    let record = unit.tokens().get(id)?.ok_or(Error::TokenNotFound(id))?;
    if record.revoked_at.is_some() {
        return Err(Error::TokenRevoked(id));
    }
    unit.tokens().revoke(id, now)?;
    unit.operations().record(&Operation::on(AuditAction::TokenRevoked, Subject::Token(id), caller, now))?;
    Ok(())
}

/// The tokens that were issued, newest first: of one principal, or of all.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn list_tokens(
    unit: &mut dyn Unit,
    caller: &Caller,
    principal: Option<&Principal>,
    ask: PageRequest,
) -> Result<Page<TokenRecord>, Error> {
    caller.require(REQUIRES)?;
    let rows = unit.tokens().list(principal, ask)?;
    Ok(Page::from_rows(rows, ask.limit, |record| Cursor::newest(record.created_at, record.id.get())))
}
