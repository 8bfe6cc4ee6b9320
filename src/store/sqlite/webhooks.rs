//! Webhooks.

use rusqlite::{Result, Row, params};

use super::row::Columns;
use super::sql;
use super::tickets::limit_plus_one;
use super::unit::SqliteUnit;
use crate::model::actor::AgentName;
use crate::model::event::EventName;
use crate::model::pagination::PageRequest;
use crate::model::webhook::secret::SigningSecret;
use crate::model::webhook::target::{Headers, Target};
use crate::model::webhook::{MessageIdPrefix, NewWebhook, Webhook};
use crate::model::{Error, StoreError, Timestamp, WebhookId};
use crate::store::Webhooks;

type StoreResult<T> = std::result::Result<T, Error>;

impl Webhooks for SqliteUnit<'_> {
    fn insert(&mut self, webhook: &NewWebhook, now: Timestamp) -> StoreResult<Webhook> {
        let events: Vec<_> = webhook.events.iter().map(|event| format!("\"{event}\"")).collect();
        let id = self.insert_returning_id(
            sql!("webhooks/insert"),
            params![
                webhook.target.as_str(),
                webhook.target.is_private(),
                format!("[{}]", events.join(",")),
                webhook.headers.to_json(),
                webhook.id_prefix.as_str(),
                webhook.secret.bytes(),
                now.second(),
                webhook.by.as_str(),
            ],
        )?;
        let id = WebhookId::new(id).ok_or_else(|| Error::store(StoreError::Failed, "no id was given"))?;
        Ok(Webhook { id, settings: webhook.clone(), old_secret: None, created_at: now, disabled_at: None })
    }

    fn count(&mut self) -> StoreResult<usize> {
        let count = self.query_optional(sql!("webhooks/count"), [], |row| row.get::<_, i64>(0))?;
        Ok(count.and_then(|count| usize::try_from(count).ok()).unwrap_or_default())
    }

    fn get(&mut self, id: WebhookId) -> StoreResult<Option<Webhook>> {
        self.query_optional(sql!("webhooks/get"), [id.get()], webhook)
    }

    fn list(&mut self, page: PageRequest) -> StoreResult<Vec<Webhook>> {
        self.query_all(sql!("webhooks/list"), [page.after.id, limit_plus_one(page)], webhook)
    }

    fn rotate(&mut self, id: WebhookId, secret: &SigningSecret, old_until: Timestamp) -> StoreResult<()> {
        let changed = self.execute(sql!("webhooks/rotate"), params![id.get(), secret.bytes(), old_until.second()])?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("webhook")) }
    }

    fn disable(&mut self, id: WebhookId, now: Timestamp) -> StoreResult<()> {
        let changed = self.execute(sql!("webhooks/disable"), [id.get(), now.second()])?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("webhook")) }
    }

    fn enable(&mut self, id: WebhookId) -> StoreResult<()> {
        let changed = self.execute(sql!("webhooks/enable"), [id.get()])?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("webhook")) }
    }

    fn remove_deliveries(&mut self, id: WebhookId, limit: u32) -> StoreResult<usize> {
        self.execute(sql!("webhooks/remove_deliveries"), [id.get(), i64::from(limit)])
    }

    fn remove(&mut self, id: WebhookId) -> StoreResult<()> {
        let changed = self.execute(sql!("webhooks/remove"), [id.get()])?;
        if changed == 1 { Ok(()) } else { Err(Error::Changed("webhook")) }
    }
}

fn webhook(row: &Row<'_>) -> Result<Webhook> {
    let mut columns = Columns::new(row);
    let id = columns.parse("webhook id", WebhookId::new)?;
    let url: String = columns.value()?;
    let private: bool = columns.value()?;
    let target = Target::from_stored(&url, private).ok_or_else(|| columns.invalid("URL"))?;
    let events = columns.parse_text("list of events", events)?;
    let headers = columns.parse_text("list of headers", Headers::from_stored)?;
    let id_prefix = columns.parse_text("tag", MessageIdPrefix::new)?;
    let secret = columns.parse("secret", SigningSecret::new)?;
    let old = columns.parse_optional("secret", SigningSecret::new)?;
    let until = columns.optional_time()?;
    let created_at = columns.time()?;
    let by = columns.parse_text("name", AgentName::new)?;
    let settings = NewWebhook { target, events, headers, secret, id_prefix, by };
    Ok(Webhook { id, settings, old_secret: old.zip(until), created_at, disabled_at: columns.optional_time()? })
}

fn events(json: &str) -> Option<Vec<EventName>> {
    let names: Vec<String> = serde_json::from_str(json).ok()?;
    names.iter().map(|name| EventName::parse(name)).collect()
}
