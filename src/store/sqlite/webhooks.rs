//! Webhooks and their deliveries.

use rusqlite::{Result, Row, params};

use super::row::Columns;
use super::sql;
use super::tickets::one_more;
use super::unit::SqliteUnit;
use crate::model::backoff::WAIT_BELIEVED;
use crate::model::event::EventName;
use crate::model::page::Ask;
use crate::model::person::AgentName;
use crate::model::webhook::attempt::{Ended, Trouble};
use crate::model::webhook::delivery::{Attempt, Delivery, DeliveryFilter, DeliveryState, Waiting};
use crate::model::webhook::secret::SigningSecret;
use crate::model::webhook::target::{Headers, Target};
use crate::model::webhook::{NewWebhook, Tag, Webhook};
use crate::model::{DeliveryId, Error, StoreFault, Timestamp, WebhookId};
use crate::store::Webhooks;

type Done<T> = std::result::Result<T, Error>;

impl Webhooks for SqliteUnit<'_> {
    fn insert(&mut self, webhook: &NewWebhook, now: Timestamp) -> Done<Webhook> {
        let events: Vec<_> = webhook.events.iter().map(|event| format!("\"{event}\"")).collect();
        let id = self.write(
            sql!("webhook/insert"),
            params![
                webhook.target.as_str(),
                webhook.target.is_private(),
                format!("[{}]", events.join(",")),
                webhook.headers.to_json(),
                webhook.tag.as_str(),
                webhook.secret.bytes(),
                now.second(),
                webhook.by.as_str(),
            ],
        )?;
        let id = WebhookId::new(id).ok_or_else(|| Error::store(StoreFault::Failed, "no id was given"))?;
        Ok(Webhook { id, is: webhook.clone(), old_secret: None, created_at: now, disabled_at: None })
    }

    fn count(&mut self) -> Done<usize> {
        let count = self.one(sql!("webhook/count"), [], |row| row.get::<_, i64>(0))?;
        Ok(count.and_then(|count| usize::try_from(count).ok()).unwrap_or_default())
    }

    fn get(&mut self, id: WebhookId) -> Done<Option<Webhook>> {
        self.one(sql!("webhook/get"), [id.get()], webhook)
    }

    fn list(&mut self, ask: Ask) -> Done<Vec<Webhook>> {
        self.all(sql!("webhook/list"), [ask.after.id, one_more(ask)], webhook)
    }

    fn rotate(&mut self, id: WebhookId, secret: &SigningSecret, old_until: Timestamp) -> Done<()> {
        let changed = self.run(sql!("webhook/rotate"), params![id.get(), secret.bytes(), old_until.second()])?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("webhook")) }
    }

    fn disable(&mut self, id: WebhookId, now: Timestamp) -> Done<()> {
        let changed = self.run(sql!("webhook/disable"), [id.get(), now.second()])?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("webhook")) }
    }

    fn remove_deliveries(&mut self, id: WebhookId, most: u32) -> Done<usize> {
        self.run(sql!("webhook/remove_deliveries"), [id.get(), i64::from(most)])
    }

    fn remove(&mut self, id: WebhookId) -> Done<()> {
        let changed = self.run(sql!("webhook/remove"), [id.get()])?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("webhook")) }
    }

    fn work(&mut self, now: Timestamp) -> Done<Vec<(WebhookId, bool)>> {
        let believed = now.plus(WAIT_BELIEVED);
        self.all(sql!("webhook/work"), [now.second(), believed.second()], |row| {
            let mut columns = Columns::of(row);
            Ok((columns.checked("webhook id", WebhookId::new)?, columns.plain()?))
        })
    }

    fn enlist(&mut self, id: WebhookId, most: u32, now: Timestamp) -> Done<bool> {
        let last = self.one(sql!("webhook/ahead"), [id.get(), i64::from(most)], |row| row.get::<_, Option<i64>>(0))?;
        let Some(last) = last.flatten() else { return Ok(false) };
        self.run(sql!("webhook/enlist"), [id.get(), last, now.second()])?;
        self.run(sql!("webhook/advance"), [id.get(), last])?;
        Ok(true)
    }

    fn head(&mut self, id: WebhookId) -> Done<Option<Waiting>> {
        self.one(sql!("webhook/head"), [id.get()], waiting)
    }

    fn record(
        &mut self,
        id: DeliveryId,
        attempts: u32,
        attempt: &Attempt,
        state: DeliveryState,
        due_at: Timestamp,
    ) -> Done<bool> {
        let changed = self.run(
            sql!("webhook/record"),
            params![
                id.get(),
                attempts,
                state.as_str(),
                due_at.second(),
                attempt.at.second(),
                attempt.took,
                attempt.status(),
                attempt.trouble().map(Trouble::as_str),
                attempt.answer,
            ],
        )?;
        Ok(changed == 1)
    }

    fn requeue(&mut self, id: DeliveryId, now: Timestamp) -> Done<()> {
        let changed = self.run(sql!("webhook/requeue"), [id.get(), now.second()])?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("delivery")) }
    }

    fn delivery(&mut self, id: DeliveryId) -> Done<Option<Delivery>> {
        self.one(sql!("webhook/delivery"), [id.get()], delivery)
    }

    fn deliveries(&mut self, filter: DeliveryFilter, ask: Ask) -> Done<Vec<Delivery>> {
        let (after, limit) = (ask.after.id, one_more(ask));
        match filter.webhook {
            Some(webhook) => {
                self.all(sql!("webhook/deliveries_of"), params![after, limit, webhook.get(), filter.failed], delivery)
            }
            None if filter.failed => self.all(sql!("webhook/deliveries_failed"), [after, limit], delivery),
            None => self.all(sql!("webhook/deliveries"), [after, limit], delivery),
        }
    }
}

fn webhook(row: &Row<'_>) -> Result<Webhook> {
    let mut columns = Columns::of(row);
    let id = columns.checked("webhook id", WebhookId::new)?;
    let url: String = columns.plain()?;
    let private: bool = columns.plain()?;
    let target = Target::kept(&url, private).ok_or_else(|| columns.impossible("URL"))?;
    let events = columns.word("list of events", events)?;
    let headers = columns.word("list of headers", Headers::kept)?;
    let tag = columns.word("tag", Tag::new)?;
    let secret = columns.checked("secret", SigningSecret::new)?;
    let old = columns.checked_if_any("secret", SigningSecret::new)?;
    let until = columns.time_if_any()?;
    let created_at = columns.time()?;
    let by = columns.word("name", AgentName::new)?;
    let is = NewWebhook { target, events, headers, secret, tag, by };
    Ok(Webhook { id, is, old_secret: old.zip(until), created_at, disabled_at: columns.time_if_any()? })
}

fn events(json: &str) -> Option<Vec<EventName>> {
    let names: Vec<String> = serde_json::from_str(json).ok()?;
    names.iter().map(|name| EventName::parse(name)).collect()
}

fn waiting(row: &Row<'_>) -> Result<Waiting> {
    let mut columns = Columns::of(row);
    Ok(Waiting {
        id: columns.checked("delivery id", DeliveryId::new)?,
        attempts: columns.plain()?,
        due_at: columns.time()?,
        event: columns.plain()?,
        name: columns.word("event", EventName::parse)?,
        occurred_at: columns.time()?,
        data: columns.plain()?,
    })
}

fn delivery(row: &Row<'_>) -> Result<Delivery> {
    let mut columns = Columns::of(row);
    let id = columns.checked("delivery id", DeliveryId::new)?;
    let webhook = columns.checked("webhook id", WebhookId::new)?;
    let event = columns.plain()?;
    let name = columns.word("event", EventName::parse)?;
    let tag = columns.word("tag", Tag::new)?;
    let state = columns.word("state", DeliveryState::parse)?;
    let attempts = columns.plain()?;
    let due_at = columns.time()?;
    let created_at = columns.time()?;
    let last = attempt(&mut columns)?;
    Ok(Delivery {
        id,
        webhook,
        event,
        name,
        message: tag.message(event),
        state,
        attempts,
        due_at: (state == DeliveryState::Waiting).then_some(due_at),
        created_at,
        last,
    })
}

/// The last attempt, of which the store does not keep how long the receiver asked to wait.
fn attempt(columns: &mut Columns<'_>) -> Result<Option<Attempt>> {
    let Some(at) = columns.time_if_any()? else { return Ok(None) };
    let took = columns.plain()?;
    let status: Option<u16> = columns.plain()?;
    let trouble = columns.checked_if_any("trouble", |text: String| Trouble::parse(&text))?;
    let ended = match (status, trouble) {
        (Some(status), None) => Ended::Answered { status, retry_after: None },
        (None, Some(trouble)) => Ended::Failed(trouble),
        (Some(_), Some(_)) | (None, None) => return Err(columns.impossible("end of an attempt")),
    };
    Ok(Some(Attempt { ended, at, took, answer: columns.plain()? }))
}
