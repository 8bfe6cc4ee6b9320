//! Tokens, by their digests.

use rusqlite::{Row, params};

use super::row::Columns;
use super::sql;
use super::tickets::one_more;
use super::unit::SqliteUnit;
use crate::model::page::Ask;
use crate::model::permission::Permissions;
use crate::model::person::Role;
use crate::model::token::{Digest, NewToken, TokenRecord};
use crate::model::{CustomerId, Error, StoreFault, Timestamp, TokenId};
use crate::store::Tokens;

impl Tokens for SqliteUnit<'_> {
    fn insert(&mut self, token: &NewToken, digest: Digest, now: Timestamp) -> Result<TokenRecord, Error> {
        let NewToken { customer, role, permissions, expires_at } = token;
        let id = self.write(
            sql!("token/insert"),
            params![
                customer.get(),
                role.as_str(),
                permissions.bits(),
                digest.0.as_slice(),
                now.second(),
                expires_at.second()
            ],
        )?;
        Ok(TokenRecord {
            id: TokenId::new(id).ok_or_else(|| Error::store(StoreFault::Failed, "no id was given"))?,
            customer: *customer,
            role: role.clone(),
            permissions: *permissions,
            created_at: now,
            expires_at: *expires_at,
            revoked_at: None,
        })
    }

    fn find(&mut self, digest: Digest) -> Result<Option<TokenRecord>, Error> {
        self.one(sql!("token/find"), [digest.0.as_slice()], record)
    }

    fn get(&mut self, id: TokenId) -> Result<Option<TokenRecord>, Error> {
        self.one(sql!("token/get"), [id.get()], record)
    }

    fn list(&mut self, customer: Option<CustomerId>, ask: Ask) -> Result<Vec<TokenRecord>, Error> {
        let (after, limit) = (ask.after.id, one_more(ask));
        match customer {
            None => self.all(sql!("token/list"), [after, limit], record),
            Some(customer) => self.all(sql!("token/of_customer"), [customer.get(), after, limit], record),
        }
    }

    fn revoke(&mut self, id: TokenId, now: Timestamp) -> Result<(), Error> {
        let changed = self.run(sql!("token/revoke"), [id.get(), now.second()])?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("token")) }
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<TokenRecord> {
    let mut columns = Columns::of(row);
    Ok(TokenRecord {
        id: columns.checked("token id", TokenId::new)?,
        customer: columns.customer()?,
        role: columns.word("role", Role::new)?,
        permissions: columns
            .checked("set of permissions", |bits| Permissions::from_bits(bits, Permissions::CUSTOMER))?,
        created_at: columns.time()?,
        expires_at: columns.time()?,
        revoked_at: columns.time_if_any()?,
    })
}
