//! What is let go when it is old.

use rusqlite::params;

use super::row::Columns;
use super::sql;
use super::unit::SqliteUnit;
use crate::model::audit::AuditId;
use crate::model::retain::{Growing, Mark, Oldest};
use crate::model::{Error, Timestamp};
use crate::store::Past;

impl Past for SqliteUnit<'_> {
    fn mark(&mut self, what: Growing) -> Result<Mark, Error> {
        let mark = self.one(sql!("retire/mark"), [what.as_str()], |row| {
            Ok(Mark { through: row.get(0)?, audit: AuditId(row.get(1)?) })
        })?;
        Ok(mark.unwrap_or(Mark::START))
    }

    fn oldest(&mut self, what: Growing, after: i64, limit: u32) -> Result<Vec<Oldest>, Error> {
        let text = match what {
            Growing::Events => sql!("retire/oldest_events"),
            Growing::Notifications => sql!("retire/oldest_notifications"),
            Growing::Deliveries | Growing::Keys | Growing::Audit | Growing::Ledger => return Ok(Vec::new()),
        };
        self.all(text, params![after, limit], |row| {
            let mut columns = Columns::of(row);
            Ok(Oldest { id: columns.plain()?, audit: AuditId(columns.plain()?), at: columns.time()? })
        })
    }

    fn needed_event(&mut self) -> Result<Option<i64>, Error> {
        let needed = self.one(sql!("retire/needed_event"), [], |row| row.get(0))?;
        Ok(needed.flatten())
    }

    fn let_deliveries_go(&mut self, before: Timestamp, most: u32) -> Result<usize, Error> {
        let ended = self.run(sql!("retire/deliveries"), params![before.second(), most])?;
        if ended > 0 {
            return Ok(ended);
        }
        self.run(sql!("retire/abandoned"), params![before.second(), most])
    }

    fn let_go(&mut self, what: Growing, after: i64, mark: Mark) -> Result<usize, Error> {
        let moved = self.run(sql!("retire/move_mark"), params![what.as_str(), mark.through, mark.audit.0, after])?;
        if moved != 1 {
            return Err(Error::Changed("retention mark"));
        }
        match what {
            Growing::Events => {
                self.run(sql!("retire/audience"), [after, mark.through])?;
                self.run(sql!("retire/events"), [after, mark.through])
            }
            Growing::Notifications => self.run(sql!("retire/notifications"), [after, mark.through]),
            Growing::Deliveries | Growing::Keys | Growing::Audit | Growing::Ledger => Ok(0),
        }
    }
}
