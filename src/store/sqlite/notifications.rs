//! Notifications, by customer.

use rusqlite::{Row, params};

use super::row::Columns;
use super::sql;
use super::tickets::limit_plus_one;
use super::unit::SqliteUnit;
use crate::model::inbox::{InboxItem, ReadSelection};
use crate::model::notification::Notice;
use crate::model::pagination::PageRequest;
use crate::model::{CustomerId, Error, NotificationId, TicketId, Timestamp};
use crate::store::Notifications;

impl Notifications for SqliteUnit<'_> {
    fn inbox(&mut self, customer: CustomerId, unread: bool, page: PageRequest) -> Result<Vec<InboxItem>, Error> {
        let params = params![customer.get(), page.after.id, limit_plus_one(page)];
        if unread {
            self.query_all(sql!("notifications/inbox_unread"), params, item)
        } else {
            self.query_all(sql!("notifications/inbox"), params, item)
        }
    }

    fn count_unread(&mut self, customer: CustomerId) -> Result<i64, Error> {
        let count = self.query_optional(sql!("notifications/count_unread"), [customer.get()], |row| row.get(0))?;
        Ok(count.unwrap_or_default())
    }

    fn mark_read(&mut self, customer: CustomerId, selection: &ReadSelection, now: Timestamp) -> Result<usize, Error> {
        match selection {
            ReadSelection::All => {
                self.execute(sql!("notifications/mark_all_read"), params![customer.get(), now.second()])
            }
            ReadSelection::Ids(ids) => {
                let ids: Vec<_> = ids.iter().map(NotificationId::to_string).collect();
                let ids = format!("[{}]", ids.join(","));
                self.execute(sql!("notifications/mark_read"), params![customer.get(), ids, now.second()])
            }
        }
    }
}

fn item(row: &Row<'_>) -> rusqlite::Result<InboxItem> {
    let mut columns = Columns::new(row);
    Ok(InboxItem {
        id: columns.parse("notification id", NotificationId::new)?,
        notice: columns.parse_text("notice", Notice::parse)?,
        ticket: columns.parse("ticket id", TicketId::new)?,
        level: columns.level()?,
        at: columns.time()?,
        read_at: columns.optional_time()?,
    })
}
