//! Webhooks.

use rusqlite::{Result, Row, params};

use super::row::Columns;
use super::sql;
use super::tickets::one_more;
use super::unit::SqliteUnit;
use crate::model::actor::AgentName;
use crate::model::event::EventName;
use crate::model::pagination::PageRequest;
use crate::model::webhook::secret::SigningSecret;
use crate::model::webhook::target::{Headers, Target};
use crate::model::webhook::{MessageIdPrefix, NewWebhook, Webhook};
use crate::model::{Error, StoreError, Timestamp, WebhookId};
use crate::store::Webhooks;

type Done<T> = std::result::Result<T, Error>;

impl Webhooks for SqliteUnit<'_> {
    fn insert(&mut self, webhook: &NewWebhook, now: Timestamp) -> Done<Webhook> {
        let events: Vec<_> = webhook.events.iter().map(|event| format!("\"{event}\"")).collect();
        let id = self.write(
            sql!("webhooks/insert"),
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
        let id = WebhookId::new(id).ok_or_else(|| Error::store(StoreError::Failed, "no id was given"))?;
        Ok(Webhook { id, is: webhook.clone(), old_secret: None, created_at: now, disabled_at: None })
    }

    fn count(&mut self) -> Done<usize> {
        let count = self.one(sql!("webhooks/count"), [], |row| row.get::<_, i64>(0))?;
        Ok(count.and_then(|count| usize::try_from(count).ok()).unwrap_or_default())
    }

    fn get(&mut self, id: WebhookId) -> Done<Option<Webhook>> {
        self.one(sql!("webhooks/get"), [id.get()], webhook)
    }

    fn list(&mut self, ask: PageRequest) -> Done<Vec<Webhook>> {
        self.all(sql!("webhooks/list"), [ask.after.id, one_more(ask)], webhook)
    }

    fn rotate(&mut self, id: WebhookId, secret: &SigningSecret, old_until: Timestamp) -> Done<()> {
        let changed = self.run(sql!("webhooks/rotate"), params![id.get(), secret.bytes(), old_until.second()])?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("webhook")) }
    }

    fn disable(&mut self, id: WebhookId, now: Timestamp) -> Done<()> {
        let changed = self.run(sql!("webhooks/disable"), [id.get(), now.second()])?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("webhook")) }
    }

    fn enable(&mut self, id: WebhookId) -> Done<()> {
        let changed = self.run(sql!("webhooks/enable"), [id.get()])?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("webhook")) }
    }

    fn remove_deliveries(&mut self, id: WebhookId, most: u32) -> Done<usize> {
        self.run(sql!("webhooks/remove_deliveries"), [id.get(), i64::from(most)])
    }

    fn remove(&mut self, id: WebhookId) -> Done<()> {
        let changed = self.run(sql!("webhooks/remove"), [id.get()])?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("webhook")) }
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
    let tag = columns.word("tag", MessageIdPrefix::new)?;
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
