//! Answers that are kept for requests that may come again.

use rusqlite::params;

use super::sql;
use super::unit::SqliteUnit;
use crate::model::once::{Answer, Kept, Once};
use crate::model::{Error, Timestamp};
use crate::store::Answers;

impl Answers for SqliteUnit<'_> {
    fn find(&mut self, once: &Once, now: Timestamp) -> Result<Option<Kept>, Error> {
        let params = params![once.principal.to_string(), once.endpoint, once.key.as_str(), now.second()];
        self.one(sql!("answer/find"), params, |row| {
            let answer = Answer { status: row.get(1)?, language: row.get(2)?, text: row.get(3)? };
            Ok(Kept { body: row.get(0)?, answer })
        })
    }

    fn keep(&mut self, once: &Once, answer: &Answer, now: Timestamp, until: Timestamp) -> Result<(), Error> {
        let Once { principal, endpoint, key, body, .. } = once;
        let Answer { status, language, text } = answer;
        let params = params![
            principal.to_string(),
            endpoint,
            key.as_str(),
            body.as_slice(),
            status,
            language,
            text,
            until.second(),
            now.second(),
        ];
        let kept = self.run(sql!("answer/keep"), params)?;
        if kept == 1 { Ok(()) } else { Err(Error::Changed("idempotency key")) }
    }

    fn forget(&mut self, now: Timestamp, most: u32) -> Result<usize, Error> {
        self.run(sql!("answer/forget"), params![now.second(), most])
    }
}
