//! Purging of rows whose retention period is over.

use rusqlite::params;

use super::row::Columns;
use super::sql;
use super::unit::SqliteUnit;
use crate::model::audit::AuditId;
use crate::model::retention::{PurgeCandidate, PurgeMark, RetentionClass};
use crate::model::{Error, Timestamp};
use crate::store::Retention;

impl Retention for SqliteUnit<'_> {
    fn mark(&mut self, class: RetentionClass) -> Result<PurgeMark, Error> {
        let mark = self.query_optional(sql!("retention/mark"), [class.as_str()], |row| {
            Ok(PurgeMark { through: row.get(0)?, audit: AuditId(row.get(1)?) })
        })?;
        Ok(mark.unwrap_or(PurgeMark::START))
    }

    fn oldest(&mut self, class: RetentionClass, after: i64, limit: u32) -> Result<Vec<PurgeCandidate>, Error> {
        let text = match class {
            RetentionClass::Events => sql!("retention/oldest_events"),
            RetentionClass::Notifications => sql!("retention/oldest_notifications"),
            RetentionClass::Deliveries | RetentionClass::Keys | RetentionClass::Audit | RetentionClass::Ledger => {
                return Ok(Vec::new());
            }
        };
        self.query_all(text, params![after, limit], |row| {
            let mut columns = Columns::new(row);
            Ok(PurgeCandidate { id: columns.value()?, audit: AuditId(columns.value()?), at: columns.time()? })
        })
    }

    fn needed_event(&mut self) -> Result<Option<i64>, Error> {
        let needed = self.query_optional(sql!("retention/needed_event"), [], |row| row.get(0))?;
        Ok(needed.flatten())
    }

    fn purge_deliveries(&mut self, before: Timestamp, limit: u32) -> Result<usize, Error> {
        let ended = self.execute(sql!("retention/purge_deliveries"), params![before.second(), limit])?;
        if ended > 0 {
            return Ok(ended);
        }
        self.execute(sql!("retention/purge_abandoned_deliveries"), params![before.second(), limit])
    }

    fn purge(&mut self, class: RetentionClass, after: i64, mark: PurgeMark) -> Result<usize, Error> {
        let moved =
            self.execute(sql!("retention/move_mark"), params![class.as_str(), mark.through, mark.audit.0, after])?;
        if moved != 1 {
            return Err(Error::Changed("retention mark"));
        }
        match class {
            RetentionClass::Events => {
                self.execute(sql!("retention/purge_audience"), [after, mark.through])?;
                self.execute(sql!("retention/purge_events"), [after, mark.through])
            }
            RetentionClass::Notifications => self.execute(sql!("retention/purge_notifications"), [after, mark.through]),
            RetentionClass::Deliveries | RetentionClass::Keys | RetentionClass::Audit | RetentionClass::Ledger => Ok(0),
        }
    }
}
