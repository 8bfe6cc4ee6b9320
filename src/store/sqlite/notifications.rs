//! Notifications, by customer.

use rusqlite::{Row, params};

use super::row::Columns;
use super::sql;
use super::tickets::one_more;
use super::unit::SqliteUnit;
use crate::model::inbox::{InboxItem, ReadSelection};
use crate::model::notification::Notice;
use crate::model::pagination::PageRequest;
use crate::model::{CustomerId, Error, NotificationId, TicketId, Timestamp};
use crate::store::Notifications;

impl Notifications for SqliteUnit<'_> {
    fn inbox(&mut self, customer: CustomerId, unread: bool, ask: PageRequest) -> Result<Vec<InboxItem>, Error> {
        let params = params![customer.get(), ask.after.id, one_more(ask)];
        if unread {
            self.all(sql!("notifications/inbox_unread"), params, item)
        } else {
            self.all(sql!("notifications/inbox"), params, item)
        }
    }

    fn count_unread(&mut self, customer: CustomerId) -> Result<i64, Error> {
        let count = self.one(sql!("notifications/count_unread"), [customer.get()], |row| row.get(0))?;
        Ok(count.unwrap_or_default())
    }

    fn mark_read(&mut self, customer: CustomerId, marking: &ReadSelection, now: Timestamp) -> Result<usize, Error> {
        match marking {
            ReadSelection::All => self.run(sql!("notifications/mark_all_read"), params![customer.get(), now.second()]),
            ReadSelection::These(ids) => {
                let ids: Vec<_> = ids.iter().map(NotificationId::to_string).collect();
                let ids = format!("[{}]", ids.join(","));
                self.run(sql!("notifications/mark_read"), params![customer.get(), ids, now.second()])
            }
        }
    }
}

fn item(row: &Row<'_>) -> rusqlite::Result<InboxItem> {
    let mut columns = Columns::of(row);
    Ok(InboxItem {
        id: columns.checked("notification id", NotificationId::new)?,
        notice: columns.word("notice", Notice::parse)?,
        ticket: columns.checked("ticket id", TicketId::new)?,
        level: columns.level()?,
        at: columns.time()?,
        read_at: columns.time_if_any()?,
    })
}
