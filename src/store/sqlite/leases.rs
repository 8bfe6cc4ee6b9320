//! Leases of the delivery workers.

use rusqlite::params;

use super::sql;
use super::unit::SqliteUnit;
use crate::model::delivery::ChannelName;
use crate::model::{Error, Timestamp};
use crate::store::{Lease, Leases};

impl Leases for SqliteUnit<'_> {
    fn find(&mut self, channel: ChannelName) -> Result<Option<Lease>, Error> {
        self.query_optional(sql!("leases/find"), [channel.as_str()], |row| {
            Ok(Lease { holder: row.get(0)?, heartbeat: row.get(1)?, challenged: row.get(2)? })
        })
    }

    fn acquire(
        &mut self,
        channel: ChannelName,
        holder: &str,
        seen: Option<&Lease>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let (had, heartbeat) = (seen.map(|lease| lease.holder.as_str()), seen.map(|lease| lease.heartbeat));
        Ok(self.execute(sql!("leases/acquire"), params![channel.as_str(), holder, had, heartbeat, now.second()])? == 1)
    }

    fn renew(&mut self, channel: ChannelName, holder: &str, now: Timestamp) -> Result<bool, Error> {
        Ok(self.execute(sql!("leases/renew"), params![channel.as_str(), holder, now.second()])? == 1)
    }

    fn challenge(&mut self, channel: ChannelName) -> Result<(), Error> {
        self.execute(sql!("leases/challenge"), [channel.as_str()]).map(drop)
    }

    fn release(&mut self, channel: ChannelName, holder: &str) -> Result<(), Error> {
        self.execute(sql!("leases/release"), [channel.as_str(), holder]).map(drop)
    }
}
