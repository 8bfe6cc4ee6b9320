//! Deliveries of every channel.

use rusqlite::{Result, Row, params};

use super::row::Columns;
use super::sql;
use super::tickets::limit_plus_one;
use super::unit::SqliteUnit;
use crate::model::EmailAddress;
use crate::model::delivery::{
    Attempt, AttemptOutcome, ChannelName, Delivery, DeliveryError, DeliveryFilter, DeliveryKey, DeliveryState,
    MAX_DUE_DELAY, Mail, Queue, Queued, QueuedEvent, Settled, WebhookEvent, due,
};
use crate::model::event::EventName;
use crate::model::mail::MailContent;
use crate::model::notification::Notice;
use crate::model::pagination::PageRequest;
use crate::model::webhook::MessageIdPrefix;
use crate::model::{CustomerId, DeliveryId, Error, NotificationId, TicketId, Timestamp, WebhookId};
use crate::store::Deliveries;

type StoreResult<T> = std::result::Result<T, Error>;

impl Deliveries for SqliteUnit<'_> {
    fn pending(&mut self, channel: ChannelName, now: Timestamp) -> StoreResult<Vec<(Queue, Timestamp)>> {
        let rows = match channel {
            ChannelName::Webhooks => self.query_all(sql!("deliveries/event_pending"), [now.second()], |row| {
                let mut columns = Columns::new(row);
                let queue = Queue::Webhook(columns.parse("webhook id", WebhookId::new)?);
                Ok((queue, columns.optional_time()?))
            })?,
            ChannelName::Mail => {
                let believable = now.plus(MAX_DUE_DELAY).second();
                self.query_all(sql!("deliveries/mail_pending"), [now.second(), believable], |row| {
                    Ok((Queue::Mail, Columns::new(row).optional_time()?))
                })?
            }
        };
        Ok(rows.into_iter().filter_map(|(queue, due_at)| Some((queue, due(due_at?, now)))).collect())
    }

    fn enqueue(&mut self, queue: Queue, limit: u32, now: Timestamp) -> StoreResult<bool> {
        let range = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let range: Option<(i64, Option<i64>)> = match queue {
            Queue::Webhook(id) => {
                self.query_optional(sql!("deliveries/event_ahead"), [id.get(), i64::from(limit)], range)?
            }
            Queue::Mail => self.query_optional(sql!("deliveries/mail_ahead"), [limit], range)?,
        };
        let Some((from, Some(last))) = range else { return Ok(false) };
        let moved = match queue {
            Queue::Webhook(id) => {
                self.execute(sql!("deliveries/event_enqueue"), [id.get(), from, last, now.second()])?;
                self.execute(sql!("deliveries/event_advance"), [id.get(), from, last])?
            }
            Queue::Mail => {
                self.execute(sql!("deliveries/mail_enqueue"), [from, last, now.second()])?;
                self.execute(sql!("deliveries/mail_advance"), [from, last])?
            }
        };
        if moved == 1 { Ok(true) } else { Err(Error::Changed("queue")) }
    }

    fn next_event(&mut self, webhook: WebhookId) -> StoreResult<Option<QueuedEvent>> {
        self.query_optional(sql!("deliveries/event_next"), [webhook.get()], queued_event)
    }

    fn next_mail(&mut self, now: Timestamp) -> StoreResult<Option<Queued<MailContent>>> {
        self.query_optional(sql!("deliveries/mail_next"), [now.second()], queued_mail)
    }

    fn expedite_mails(&mut self, now: Timestamp) -> StoreResult<usize> {
        self.execute(sql!("deliveries/mail_expedite"), [now.second(), now.plus(MAX_DUE_DELAY).second()])
    }

    fn record(&mut self, key: DeliveryKey, attempts: u32, attempt: &Attempt, settled: Settled) -> StoreResult<bool> {
        let due_at = if let Settled::Retried(at) = settled { at } else { attempt.at };
        let params = params![
            key.get(),
            attempts,
            settled.state().as_str(),
            due_at.second(),
            attempt.at.second(),
            attempt.took,
            attempt.outcome.status(),
            attempt.outcome.error().map(DeliveryError::as_str),
            attempt.answer,
        ];
        let sql = match key {
            DeliveryKey::Webhook(_) => sql!("deliveries/event_record"),
            DeliveryKey::Mail(_) => sql!("deliveries/mail_record"),
        };
        Ok(self.execute(sql, params)? == 1)
    }

    fn requeue(&mut self, key: DeliveryKey, attempts_before: u32, attempts: u32, now: Timestamp) -> StoreResult<()> {
        let sql = match key {
            DeliveryKey::Webhook(_) => sql!("deliveries/event_requeue"),
            DeliveryKey::Mail(_) => sql!("deliveries/mail_requeue"),
        };
        let changed = self.execute(sql, [key.get(), attempts_before.into(), attempts.into(), now.second()])?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("delivery")) }
    }

    fn event(&mut self, id: DeliveryId) -> StoreResult<Option<Delivery<WebhookEvent>>> {
        self.query_optional(sql!("deliveries/event"), [id.get()], event)
    }

    fn mail(&mut self, id: NotificationId) -> StoreResult<Option<Delivery<Mail>>> {
        self.query_optional(sql!("deliveries/mail"), [id.get()], mail)
    }

    fn events(
        &mut self,
        filter: DeliveryFilter<WebhookId>,
        page: PageRequest,
    ) -> StoreResult<Vec<Delivery<WebhookEvent>>> {
        let (after, limit) = (page.after.id, limit_plus_one(page));
        match (filter.to, filter.failed) {
            (Some(webhook), failed) => self.query_all(
                sql!("deliveries/events_of_webhook"),
                params![after, limit, webhook.get(), failed],
                event,
            ),
            (None, true) => self.query_all(sql!("deliveries/events_failed"), [after, limit], event),
            (None, false) => self.query_all(sql!("deliveries/events"), [after, limit], event),
        }
    }

    fn mails(&mut self, filter: DeliveryFilter<CustomerId>, page: PageRequest) -> StoreResult<Vec<Delivery<Mail>>> {
        let (after, limit) = (page.after.id, limit_plus_one(page));
        match (filter.to, filter.failed) {
            (Some(customer), failed) => self.query_all(
                sql!("deliveries/mails_of_customer"),
                params![after, limit, customer.get(), failed],
                mail,
            ),
            (None, true) => self.query_all(sql!("deliveries/mails_failed"), [after, limit], mail),
            (None, false) => self.query_all(sql!("deliveries/mails"), [after, limit], mail),
        }
    }

    fn mail_is_on(&mut self) -> StoreResult<bool> {
        Ok(self.query_optional(sql!("deliveries/mail_is_on"), [], |row| row.get(0))?.unwrap_or_default())
    }

    fn switch_mail_on(&mut self, tag: &MessageIdPrefix) -> StoreResult<()> {
        self.execute(sql!("deliveries/mail_on"), [tag.as_str()]).map(drop)
    }

    fn switch_mail_off(&mut self) -> StoreResult<()> {
        self.execute(sql!("deliveries/mail_off"), []).map(drop)
    }
}

fn event(row: &Row<'_>) -> Result<Delivery<WebhookEvent>> {
    let mut columns = Columns::new(row);
    let id = columns.parse("delivery id", DeliveryId::new)?;
    let webhook = columns.parse("webhook id", WebhookId::new)?;
    let event = columns.value()?;
    let name = columns.parse_text("event", EventName::parse)?;
    let message = columns.parse_text("tag", MessageIdPrefix::new)?.message(event);
    delivery(&mut columns, WebhookEvent { id, webhook, event, name, message })
}

fn mail(row: &Row<'_>) -> Result<Delivery<Mail>> {
    let mut columns = Columns::new(row);
    let mail = Mail {
        id: columns.parse("notification id", NotificationId::new)?,
        customer: columns.customer()?,
        ticket: columns.parse("ticket id", TicketId::new)?,
        to: columns.parse_optional("address", |text: String| EmailAddress::new(&text))?,
    };
    delivery(&mut columns, mail)
}

fn delivery<T>(columns: &mut Columns<'_>, of: T) -> Result<Delivery<T>> {
    let state = columns.parse_text("state", DeliveryState::parse)?;
    let attempts = columns.value()?;
    let due_at = columns.time()?;
    Ok(Delivery {
        of,
        state,
        attempts,
        due_at: (state == DeliveryState::Waiting).then_some(due_at),
        created_at: columns.time()?,
        last: attempt(columns)?,
    })
}

/// Reads the last attempt. The receiver's `Retry-After` is not stored.
fn attempt(columns: &mut Columns<'_>) -> Result<Option<Attempt>> {
    let Some(at) = columns.optional_time()? else { return Ok(None) };
    let took = columns.value()?;
    let status = columns.value()?;
    let error = columns.parse_optional("error", |text: String| DeliveryError::parse(&text))?;
    let outcome = match (status, error) {
        (Some(status), None) => AttemptOutcome::answered(status),
        (None, Some(error)) => AttemptOutcome::Failed(error),
        (Some(_), Some(_)) | (None, None) => return Err(columns.invalid("end of an attempt")),
    };
    Ok(Some(Attempt { outcome, at, took, answer: columns.value()? }))
}

fn queued_event(row: &Row<'_>) -> Result<QueuedEvent> {
    let mut columns = Columns::new(row);
    Ok(QueuedEvent {
        id: columns.parse("delivery id", DeliveryId::new)?,
        attempts: columns.value()?,
        due_at: columns.time()?,
        event: columns.value()?,
        name: columns.parse_text("event", EventName::parse)?,
        occurred_at: columns.time()?,
        data: columns.value()?,
    })
}

fn queued_mail(row: &Row<'_>) -> Result<Queued<MailContent>> {
    let mut columns = Columns::new(row);
    let id = columns.parse("notification id", NotificationId::new)?;
    let id_prefix = columns.parse_text("tag", MessageIdPrefix::new)?;
    let attempts = columns.value()?;
    let payload = MailContent {
        id,
        id_prefix,
        to: columns.parse_text("address", EmailAddress::new)?,
        locale: columns.value()?,
        notice: columns.parse_text("notice", Notice::parse)?,
        ticket: columns.parse("ticket id", TicketId::new)?,
        level: columns.level()?,
        at: columns.time()?,
        service: columns.service()?,
    };
    Ok(Queued { key: DeliveryKey::Mail(id), attempts, payload })
}
