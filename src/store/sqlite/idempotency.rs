//! Responses stored under idempotency keys.

use rusqlite::params;

use super::sql;
use super::unit::SqliteUnit;
use crate::model::idempotency::{IdempotencyKey, IdempotencyRecord, StoredResponse};
use crate::model::{Error, Timestamp};
use crate::store::IdempotencyKeys;

impl IdempotencyKeys for SqliteUnit<'_> {
    fn find(&mut self, key: &IdempotencyKey, now: Timestamp) -> Result<Option<IdempotencyRecord>, Error> {
        let params = params![key.principal.to_string(), key.endpoint, key.key.as_str(), now.second()];
        self.query_optional(sql!("idempotency_keys/find"), params, |row| {
            let response = StoredResponse { status: row.get(1)?, language: row.get(2)?, body: row.get(3)? };
            Ok(IdempotencyRecord { digest: row.get(0)?, response })
        })
    }

    fn insert(
        &mut self,
        key: &IdempotencyKey,
        response: &StoredResponse,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<(), Error> {
        let IdempotencyKey { principal, endpoint, key, digest, .. } = key;
        let StoredResponse { status, language, body } = response;
        let params = params![
            principal.to_string(),
            endpoint,
            key.as_str(),
            digest.as_slice(),
            status,
            language,
            body,
            until.second(),
            now.second(),
        ];
        let written = self.execute(sql!("idempotency_keys/insert"), params)?;
        if written == 1 { Ok(()) } else { Err(Error::Changed("idempotency key")) }
    }

    fn purge(&mut self, now: Timestamp, limit: u32) -> Result<usize, Error> {
        self.execute(sql!("idempotency_keys/purge"), params![now.second(), limit])
    }
}
