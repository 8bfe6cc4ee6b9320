//! Revokes a token and lists issued tokens.

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

/// Revokes a token with immediate effect; its record remains.
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
    unit.operations().record(&Operation::new(AuditAction::TokenRevoked, Subject::Token(id), caller, now))?;
    Ok(())
}

/// Returns issued tokens, newest first: those of one principal, or all.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn list_tokens(
    unit: &mut dyn Unit,
    caller: &Caller,
    principal: Option<&Principal>,
    page: PageRequest,
) -> Result<Page<TokenRecord>, Error> {
    caller.require(REQUIRES)?;
    let rows = unit.tokens().list(principal, page)?;
    Ok(Page::from_rows(rows, page.limit, |record| Cursor::at_row(record.created_at, record.id.get())))
}
