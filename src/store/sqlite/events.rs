//! Events of the outbox.

use rusqlite::{Row, params};

use super::row::Columns;
use super::sql;
use super::unit::SqliteUnit;
use crate::model::event::{Audience, EventName, PublishedEvent};
use crate::model::{CustomerId, Error};
use crate::store::Events;

impl Events for SqliteUnit<'_> {
    fn newest(&mut self) -> Result<i64, Error> {
        let newest = self.query_optional(sql!("events/newest"), [], |row| row.get(0))?;
        Ok(newest.unwrap_or_default())
    }

    fn audiences(&mut self, after: i64, limit: u32) -> Result<Vec<Audience>, Error> {
        self.query_all(sql!("events/audiences"), params![after, limit], audience)
    }

    fn of_customer(&mut self, customer: CustomerId, after: i64, limit: u32) -> Result<Vec<PublishedEvent>, Error> {
        self.query_all(sql!("events/of_customer"), params![customer.get(), after, limit], published)
    }
}

fn audience(row: &Row<'_>) -> rusqlite::Result<Audience> {
    let mut columns = Columns::new(row);
    Ok(Audience { sequence: columns.value()?, owner: columns.customer()?, members: columns.customers()? })
}

fn published(row: &Row<'_>) -> rusqlite::Result<PublishedEvent> {
    let mut columns = Columns::new(row);
    Ok(PublishedEvent {
        sequence: columns.value()?,
        name: columns.parse_text("event", EventName::parse)?,
        at: columns.time()?,
        data: columns.value()?,
    })
}
