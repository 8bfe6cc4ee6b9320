//! Takes a token back, and lists what was issued.

use crate::model::audit::{AuditAction, Subject};
use crate::model::effects::Operation;
use crate::model::page::{Ask, Cursor, Page};
use crate::model::person::Caller;
use crate::model::token::TokenRecord;
use crate::model::{CustomerId, Error, Timestamp, TokenId};
use crate::store::Unit;

/// Takes a token back at once; its record stays.
///
/// # Errors
/// [`Error::TokenNotFound`], [`Error::TokenRevoked`].
pub fn revoke_token(unit: &mut dyn Unit, caller: &Caller, id: TokenId, now: Timestamp) -> Result<(), Error> {
    let record = unit.tokens().get(id)?.ok_or(Error::TokenNotFound(id))?;
    if record.revoked_at.is_some() {
        return Err(Error::TokenRevoked(id));
    }
    unit.tokens().revoke(id, now)?;
    unit.trail().record(&Operation::on(AuditAction::TokenRevoked, Subject::Token(id), caller, now))?;
    Ok(())
}

/// The tokens that were issued, newest first: of one customer, or of all.
///
/// # Errors
/// Those of the store.
pub fn list_tokens(unit: &mut dyn Unit, customer: Option<CustomerId>, ask: Ask) -> Result<Page<TokenRecord>, Error> {
    let rows = unit.tokens().list(customer, ask)?;
    Ok(Page::cut(rows, ask.limit, |record| Cursor::newest(record.created_at, record.id.get())))
}
