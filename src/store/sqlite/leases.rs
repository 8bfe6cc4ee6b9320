//! Leases, one for each errand.

use rusqlite::params;

use super::sql;
use super::unit::SqliteUnit;
use crate::model::{Error, Timestamp};
use crate::store::{Errand, Lease, Leases};

impl Leases for SqliteUnit<'_> {
    fn find(&mut self, errand: Errand) -> Result<Option<Lease>, Error> {
        let lease = |row: &rusqlite::Row<'_>| Ok(Lease { holder: row.get(0)?, beat: row.get(1)? });
        self.one(sql!("lease/find"), [errand.as_str()], lease)
    }

    fn take(&mut self, errand: Errand, holder: &str, seen: Option<&Lease>, now: Timestamp) -> Result<bool, Error> {
        let (had, beat) = (seen.map(|lease| lease.holder.as_str()), seen.map(|lease| lease.beat));
        Ok(self.run(sql!("lease/take"), params![errand.as_str(), holder, had, beat, now.second()])? == 1)
    }

    fn renew(&mut self, errand: Errand, holder: &str, now: Timestamp) -> Result<bool, Error> {
        Ok(self.run(sql!("lease/renew"), params![errand.as_str(), holder, now.second()])? == 1)
    }

    fn leave(&mut self, errand: Errand, holder: &str) -> Result<(), Error> {
        self.run(sql!("lease/leave"), [errand.as_str(), holder])?;
        Ok(())
    }
}
