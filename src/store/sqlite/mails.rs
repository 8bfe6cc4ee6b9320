//! Mails, each of which brings a notification.

use rusqlite::{Result, Row, params};

use super::row::Columns;
use super::sql;
use super::tickets::one_more;
use super::unit::SqliteUnit;
use crate::model::backoff::WAIT_BELIEVED;
use crate::model::event::Notice;
use crate::model::mail::attempt::{Attempt, Ended, Trouble};
use crate::model::mail::posted::{MailFilter, Posted};
use crate::model::mail::{EmailAddress, Letter};
use crate::model::page::Ask;
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

    fn list(&mut self, filter: MailFilter, ask: Ask) -> Done<Vec<Posted>> {
        let (after, limit) = (ask.after.id, one_more(ask));
        match filter.customer {
            Some(customer) => {
                self.all(sql!("mail/of_customer"), params![after, limit, customer.get(), filter.failed], posted)
            }
            None if filter.failed => self.all(sql!("mail/failed"), [after, limit], posted),
            None => self.all(sql!("mail/list"), [after, limit], posted),
        }
    }

    fn get(&mut self, id: NotificationId) -> Done<Option<Posted>> {
        self.one(sql!("mail/get"), [id.get()], posted)
    }

    fn requeue(&mut self, id: NotificationId, now: Timestamp) -> Done<()> {
        let changed = self.run(sql!("mail/requeue"), [id.get(), now.second()])?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("mail")) }
    }
}

fn posted(row: &Row<'_>) -> Result<Posted> {
    let mut columns = Columns::of(row);
    let id = columns.checked("notification id", NotificationId::new)?;
    let state = columns.word("state", DeliveryState::parse)?;
    let attempts = columns.plain()?;
    let due_at = columns.time()?;
    Ok(Posted {
        id,
        state,
        attempts,
        due_at: (state == DeliveryState::Waiting).then_some(due_at),
        created_at: columns.time()?,
        customer: columns.customer()?,
        ticket: columns.checked("ticket id", TicketId::new)?,
        to: columns.checked_if_any("address", |text: String| EmailAddress::new(&text))?,
        last: attempt(&mut columns)?,
    })
}

fn attempt(columns: &mut Columns<'_>) -> Result<Option<Attempt>> {
    let Some(at) = columns.time_if_any()? else { return Ok(None) };
    let code = columns.plain()?;
    let trouble = columns.checked_if_any("trouble", |text: String| Trouble::parse(&text))?;
    let ended = match (code, trouble) {
        (Some(code), None) => Ended::Answered(code),
        (None, Some(trouble)) => Ended::Failed(trouble),
        (Some(_), Some(_)) | (None, None) => return Err(columns.impossible("end of an attempt")),
    };
    Ok(Some(Attempt { ended, at, answer: columns.plain()? }))
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
