//! Tokens, of which the store has only the digests.

use rusqlite::{Row, params};

use super::row::Columns;
use super::sql;
use super::tickets::limit_plus_one;
use super::unit::SqliteUnit;
use crate::model::actor::{AgentName, ServiceName};
use crate::model::pagination::PageRequest;
use crate::model::permission::Permissions;
use crate::model::principal::Principal;
use crate::model::role::Role;
use crate::model::token::{Digest, NewToken, TokenRecord};
use crate::model::{CustomerId, Error, StoreError, Timestamp, TokenId};
use crate::store::Tokens;

impl Tokens for SqliteUnit<'_> {
    fn insert(&mut self, token: &NewToken, digest: Digest, now: Timestamp) -> Result<TokenRecord, Error> {
        let NewToken { principal, role, permissions, expires_at } = token;
        let (kind, customer, name) = columns_of(principal);
        let id = self.insert_returning_id(
            sql!("tokens/insert"),
            params![
                kind,
                customer,
                name,
                role.as_str(),
                permissions.bits(),
                digest.0.as_slice(),
                now.second(),
                expires_at.second()
            ],
        )?;
        Ok(TokenRecord {
            id: TokenId::new(id).ok_or_else(|| Error::store(StoreError::Failed, "no id was given"))?,
            principal: principal.clone(),
            role: role.clone(),
            permissions: *permissions,
            created_at: now,
            expires_at: *expires_at,
            revoked_at: None,
        })
    }

    fn find(&mut self, digest: Digest) -> Result<Option<TokenRecord>, Error> {
        self.query_optional(sql!("tokens/find"), [digest.0.as_slice()], record)
    }

    fn get(&mut self, id: TokenId) -> Result<Option<TokenRecord>, Error> {
        self.query_optional(sql!("tokens/get"), [id.get()], record)
    }

    fn list(&mut self, principal: Option<&Principal>, page: PageRequest) -> Result<Vec<TokenRecord>, Error> {
        let (after, limit) = (page.after.id, limit_plus_one(page));
        match principal {
            None => self.query_all(sql!("tokens/list"), [after, limit], record),
            Some(principal) => {
                let (kind, customer, name) = columns_of(principal);
                self.query_all(sql!("tokens/of_principal"), params![kind, customer, name, after, limit], record)
            }
        }
    }

    fn revoke(&mut self, id: TokenId, now: Timestamp) -> Result<(), Error> {
        let changed = self.execute(sql!("tokens/revoke"), [id.get(), now.second()])?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("token")) }
    }
}

/// Returns a principal's kind, customer id and name, as stored.
fn columns_of(principal: &Principal) -> (&'static str, Option<i64>, Option<&str>) {
    let (number, name) = match principal {
        Principal::Customer(id) => (Some(id.get()), None),
        Principal::Agent(name) | Principal::Operator(name) => (None, Some(name.as_str())),
        Principal::Service(name) => (None, Some(name.as_str())),
        Principal::System => (None, None),
    };
    (principal.kind(), number, name)
}

/// Reads three columns: kind, customer id and name of a principal that may have a token.
fn principal(columns: &mut Columns<'_>) -> rusqlite::Result<Principal> {
    let kind: String = columns.value()?;
    let customer: Option<i64> = columns.value()?;
    let name: Option<String> = columns.value()?;
    let principal = match (kind.as_str(), customer, name) {
        ("customer", Some(id), None) => CustomerId::new(id).map(Principal::Customer),
        ("agent", None, Some(name)) => AgentName::new(&name).map(Principal::Agent),
        ("service", None, Some(name)) => ServiceName::new(&name).map(Principal::Service),
        _ => None,
    };
    principal.ok_or_else(|| columns.invalid("principal"))
}

fn record(row: &Row<'_>) -> rusqlite::Result<TokenRecord> {
    let mut columns = Columns::new(row);
    let id = columns.parse("token id", TokenId::new)?;
    let principal = principal(&mut columns)?;
    let most = principal.allowed();
    Ok(TokenRecord {
        id,
        principal,
        role: columns.parse_text("role", Role::new)?,
        permissions: columns.parse("set of permissions", |bits| Permissions::from_bits(bits, most))?,
        created_at: columns.time()?,
        expires_at: columns.time()?,
        revoked_at: columns.optional_time()?,
    })
}
