//! Mails, each of which brings a notification.

use rusqlite::{Result, Row, params};

use super::row::Columns;
use super::sql;
use super::unit::SqliteUnit;
use crate::model::backoff::WAIT_BELIEVED;
use crate::model::event::Notice;
use crate::model::mail::attempt::{Attempt, Trouble};
use crate::model::mail::{EmailAddress, Letter};
use crate::model::webhook::Tag;
use crate::model::webhook::delivery::DeliveryState;
use crate::model::{Error, NotificationId, TicketId, Timestamp};
use crate::store::Mails;

type Done<T> = std::result::Result<T, Error>;

impl Mails for SqliteUnit<'_> {
    fn switch_on(&mut self, tag: &Tag) -> Done<()> {
        self.run(sql!("mail/switch_on"), [tag.as_str()])?;
        Ok(())
    }

    fn switch_off(&mut self) -> Done<()> {
        self.run(sql!("mail/switch_off"), [])?;
        Ok(())
    }

    fn work(&mut self, now: Timestamp) -> Done<Option<bool>> {
        let believed = now.plus(WAIT_BELIEVED);
        self.one(sql!("mail/work"), [now.second(), believed.second()], |row| row.get(0))
    }

    fn enlist(&mut self, most: u32, now: Timestamp) -> Done<bool> {
        let last = self.one(sql!("mail/ahead"), [most], |row| row.get::<_, Option<i64>>(0))?;
        let Some(last) = last.flatten() else { return Ok(false) };
        self.run(sql!("mail/enlist"), [last, now.second()])?;
        self.run(sql!("mail/advance"), [last])?;
        Ok(true)
    }

    fn next(&mut self, now: Timestamp) -> Done<Option<Letter>> {
        let believed = now.plus(WAIT_BELIEVED);
        self.run(sql!("mail/hasten"), [now.second(), believed.second()])?;
        self.one(sql!("mail/next"), [now.second()], letter)
    }

    fn record(
        &mut self,
        id: NotificationId,
        attempts: u32,
        attempt: &Attempt,
        state: DeliveryState,
        due_at: Timestamp,
    ) -> Done<bool> {
        let changed = self.run(
            sql!("mail/record"),
            params![
                id.get(),
                attempts,
                state.as_str(),
                due_at.second(),
                attempt.at.second(),
                attempt.code(),
                attempt.trouble().map(Trouble::as_str),
                attempt.answer,
            ],
        )?;
        Ok(changed == 1)
    }
}

fn letter(row: &Row<'_>) -> Result<Letter> {
    let mut columns = Columns::of(row);
    Ok(Letter {
        id: columns.checked("notification id", NotificationId::new)?,
        tag: columns.word("tag", Tag::new)?,
        attempts: columns.plain()?,
        to: columns.word("address", EmailAddress::new)?,
        locale: columns.plain()?,
        notice: columns.word("notice", Notice::parse)?,
        ticket: columns.checked("ticket id", TicketId::new)?,
        level: columns.level()?,
        at: columns.time()?,
        service: columns.service()?,
    })
}
