//! Tokens as JSON.

use serde::Serialize;

use crate::model::permission::Permission;
use crate::model::token::{TokenRecord, TokenState, TokenText};
use crate::model::{CustomerId, Timestamp, TokenId};

/// Record of a token, without the token itself.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenView<'t> {
    token_id: TokenId,
    customer_id: Option<CustomerId>,
    role: &'t str,
    permissions: Vec<Permission>,
    state: TokenState,
    created_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

impl<'t> TokenView<'t> {
    /// Builds the view; the state depends on the time.
    pub fn new(record: &'t TokenRecord, now: Timestamp) -> Self {
        Self {
            token_id: record.id,
            customer_id: record.principal.customer().ok(),
            role: record.role.as_str(),
            permissions: record.permissions.iter().collect(),
            state: record.state(now),
            created_at: record.created_at,
            expires_at: record.expires_at,
            revoked_at: record.revoked_at,
        }
    }
}

/// Token in plain text with its record, shown once.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IssuedView<'t> {
    token: &'t str,
    token_id: TokenId,
    customer_id: Option<CustomerId>,
    role: &'t str,
    permissions: Vec<Permission>,
    expires_at: Timestamp,
}

impl<'t> IssuedView<'t> {
    pub fn new(token: &'t TokenText, record: &'t TokenRecord) -> Self {
        Self {
            token: token.reveal(),
            token_id: record.id,
            customer_id: record.principal.customer().ok(),
            role: record.role.as_str(),
            permissions: record.permissions.iter().collect(),
            expires_at: record.expires_at,
        }
    }
}
