//! The audit log, and the rows that are compared with it.

use rusqlite::{Error as Engine, Result, Row, params};

use super::ledger::award;
use super::row::{Columns, actor_columns, json_words};
use super::sql;
use super::tickets::one_more;
use super::unit::SqliteUnit;
use crate::model::actor::AgentName;
use crate::model::audit::{AuditAction, AuditEntry, AuditFilter, AuditId, AuditLine, Hash, Head, Subject};
use crate::model::audit_verify::{
    Decoded, DecodedEntry, DecodedRow, Extent, OutboxRow, TicketOfEntry, TicketRow, TokenRow, WebhookRow,
};
use crate::model::award::{Action, Award, Cents};
use crate::model::event::EventName;
use crate::model::key::Key;
use crate::model::ledger::LedgerEntry;
use crate::model::notification::{Notice, Notification};
use crate::model::pagination::PageRequest;
use crate::model::request_id::RequestId;
use crate::model::retention::PurgeMark;
use crate::model::ticket::Reason;
use crate::model::{CustomerId, Error, IssueType, Level, ServiceType, Status, TicketId, Timestamp, TokenId, WebhookId};
use crate::store::AuditLog;

impl AuditLog for SqliteUnit<'_> {
    fn list(&mut self, filter: &AuditFilter, ask: PageRequest) -> std::result::Result<Vec<AuditLine>, Error> {
        let actions = json_words(filter.actions.iter().map(|action| action.as_str()));
        let by = filter.by.as_ref().map(actor_columns);
        let (kind, id, name) = by.map_or((None, None, None), |(kind, id, name)| (Some(kind), id, name));
        let since = filter.since.map_or(i64::MIN, Timestamp::second);
        let until = filter.until.map_or(i64::MAX, Timestamp::second);
        let (before, limit) = (ask.after.id, one_more(ask));
        match filter.subject {
            None => {
                let params = params![before, limit, actions, kind, id, name, since, until];
                self.all(sql!("audit_log/list"), params, |row| line(&mut Columns::of(row)))
            }
            Some(subject) => {
                let (of, number) = (subject.kind(), subject.number());
                let params = params![before, limit, actions, kind, id, name, since, until, of, number];
                self.all(sql!("audit_log/of_subject"), params, |row| line(&mut Columns::of(row)))
            }
        }
    }

    fn extent(&mut self) -> std::result::Result<Extent, Error> {
        let extent = self.one(sql!("audit_log/extent"), [], |row| {
            let (entries, hash): (Option<i64>, Option<[u8; 32]>) = (row.get(0)?, row.get(1)?);
            Ok(Extent {
                head: entries.zip(hash).map(|(entries, hash)| Head { entries, hash: Hash(hash) }),
                audit: row.get(2)?,
                ledger: row.get(3)?,
                notifications: row.get(4)?,
                outbox: row.get(5)?,
                tickets: row.get(6)?,
                sums: (row.get(7)?, row.get(8)?),
                gone_events: PurgeMark { through: row.get(9)?, audit: AuditId(row.get(10)?) },
                gone_notifications: PurgeMark { through: row.get(11)?, audit: AuditId(row.get(12)?) },
            })
        })?;
        extent.ok_or_else(|| self.error(Engine::QueryReturnedNoRows))
    }

    fn lines(&mut self, after: i64, limit: u32) -> std::result::Result<Vec<AuditLine>, Error> {
        self.all(sql!("audit_log/lines"), params![after, limit], |row| line(&mut Columns::of(row)))
    }

    fn entries(&mut self, after: i64, limit: u32) -> std::result::Result<Vec<Decoded<DecodedEntry>>, Error> {
        self.all(sql!("audit_log/entries"), params![after, limit], |row| stored(row, entry))
    }

    fn ledger(&mut self, after: i64, limit: u32) -> std::result::Result<Vec<Decoded<DecodedRow<LedgerEntry>>>, Error> {
        self.all(sql!("audit_log/ledger"), params![after, limit], |row| stored(row, |columns| left(columns, ledger)))
    }

    fn notifications(
        &mut self,
        after: i64,
        limit: u32,
    ) -> std::result::Result<Vec<Decoded<DecodedRow<Notification>>>, Error> {
        let read = |row: &Row<'_>| stored(row, |columns| left(columns, notification));
        self.all(sql!("audit_log/notifications"), params![after, limit], read)
    }

    fn events(&mut self, after: i64, limit: u32) -> std::result::Result<Vec<Decoded<DecodedRow<OutboxRow>>>, Error> {
        self.all(sql!("audit_log/events"), params![after, limit], |row| stored(row, |columns| left(columns, outbox)))
    }

    fn tickets(&mut self, after: i64, limit: u32) -> std::result::Result<Vec<Decoded<TicketRow>>, Error> {
        self.all(sql!("audit_log/tickets"), params![after, limit], |row| stored(row, ticket))
    }

    fn tokens(&mut self, after: i64, limit: u32) -> std::result::Result<Vec<Decoded<TokenRow>>, Error> {
        self.all(sql!("audit_log/tokens"), params![after, limit], |row| stored(row, token))
    }

    fn webhooks(&mut self, after: i64, limit: u32) -> std::result::Result<Vec<Decoded<WebhookRow>>, Error> {
        self.all(sql!("audit_log/webhooks"), params![after, limit], |row| stored(row, webhook))
    }
}

/// A row, or the number of one that holds what no row of ours can.
fn stored<T>(row: &Row<'_>, read: impl FnOnce(&mut Columns<'_>) -> Result<T>) -> Result<Decoded<T>> {
    match read(&mut Columns::of(row)) {
        Ok(read) => Ok(Ok(read)),
        Err(
            Engine::FromSqlConversionFailure(..)
            | Engine::IntegralValueOutOfRange(..)
            | Engine::InvalidColumnType(..)
            | Engine::Utf8Error(..),
        ) => row.get(0).map(Err),
        Err(error) => Err(error),
    }
}

/// The columns of `audit/lines`.
fn line(columns: &mut Columns<'_>) -> Result<AuditLine> {
    let id = AuditId(columns.plain()?);
    let action = columns.word("audit action", AuditAction::parse)?;
    let kind: String = columns.plain()?;
    let subject = columns.checked("subject", |number| Subject::new(&kind, number))?;
    let actor = columns.actor()?;
    let at = columns.time()?;
    let request = columns.checked_if_any("request id", |text: String| RequestId::new(&text))?;
    let state = state(columns)?;
    let (points, cents): (Option<i64>, Option<i64>) = (columns.plain()?, columns.plain()?);
    if points.is_some() != cents.is_some() {
        return Err(columns.impossible("grant"));
    }
    let granted = |(points, cents)| Award { action: Action::ManualGrant, points, credit: Cents(cents) };
    let reason = columns.plain()?;
    let entry =
        AuditEntry { action, subject, actor, at, request, state, granted: points.zip(cents).map(granted), reason };
    let previous = columns.plain::<Option<[u8; 32]>>()?.map(Hash);
    Ok(AuditLine { id, entry, previous, hash: Hash(columns.plain()?) })
}

/// Two columns: a status and a level, both or neither.
fn state(columns: &mut Columns<'_>) -> Result<Option<(Status, Level)>> {
    let status = columns.checked_if_any("status", |text: String| Status::parse(&text))?;
    let level = columns.checked_if_any("level", Level::new)?;
    if status.is_some() != level.is_some() {
        return Err(columns.impossible("state"));
    }
    Ok(status.zip(level))
}

fn entry(columns: &mut Columns<'_>) -> Result<DecodedEntry> {
    let line = line(columns)?;
    let before = columns.plain::<Option<[u8; 32]>>()?.map(Hash);
    let known: Option<bool> = columns.plain()?;
    let owner = columns.checked_if_any("customer id", CustomerId::new)?;
    let service = columns.checked_if_any("service", |text: String| ServiceType::parse(&text))?;
    let issue = columns.checked_if_any("issue", |text: String| IssueType::parse(&text))?;
    let members = columns.customers()?;
    let ticket = match (owner, service, issue) {
        (Some(owner), Some(service), Some(issue)) => Some(TicketOfEntry { owner, members, service, issue }),
        _ => None,
    };
    Ok(DecodedEntry { line, before, known: known.unwrap_or(ticket.is_some()), ticket })
}

/// Every row that an operation left begins with its number and its entry's.
fn left<T>(columns: &mut Columns<'_>, read: fn(&mut Columns<'_>) -> Result<T>) -> Result<DecodedRow<T>> {
    Ok(DecodedRow { id: columns.plain()?, audit: AuditId(columns.plain()?), row: read(columns)? })
}

fn ledger(columns: &mut Columns<'_>) -> Result<LedgerEntry> {
    let customer = columns.customer()?;
    let award = award(columns)?;
    let ticket = columns.checked_if_any("ticket id", TicketId::new)?;
    let action = columns.checked_if_any("operation", |verb: String| AuditAction::on_ticket(&verb))?;
    Ok(LedgerEntry {
        customer,
        award,
        occasion: ticket.zip(action),
        reason: columns
            .checked_if_any("reason", |text: String| Reason::new(&text).filter(|reason| reason.as_str() == text))?,
        by: columns.actor()?,
        key: columns.checked_if_any("key", |text: String| Key::new(&text))?,
        at: columns.time()?,
    })
}

fn notification(columns: &mut Columns<'_>) -> Result<Notification> {
    Ok(Notification {
        customer: columns.customer()?,
        notice: columns.word("notice", Notice::parse)?,
        ticket: columns.checked("ticket id", TicketId::new)?,
        level: columns.level()?,
        at: columns.time()?,
    })
}

fn outbox(columns: &mut Columns<'_>) -> Result<OutboxRow> {
    Ok(OutboxRow {
        name: columns.word("event", EventName::parse)?,
        at: columns.time()?,
        ticket: columns.checked("ticket id", TicketId::new)?,
        payload_ticket: columns.checked("ticket id", TicketId::new)?,
        owner: columns.customer()?,
        service: columns.service()?,
        issue: columns.issue()?,
        status: columns.status()?,
        level: columns.level()?,
        members: columns.customers()?,
        actor: columns.plain()?,
    })
}

fn ticket(columns: &mut Columns<'_>) -> Result<TicketRow> {
    let id = columns.checked("ticket id", TicketId::new)?;
    let stands = (columns.status()?, columns.level()?);
    let entry: Option<i64> = columns.plain()?;
    let said = state(columns)?;
    Ok(TicketRow { id, state: stands, last: entry.map(|entry| (AuditId(entry), said)) })
}

fn token(columns: &mut Columns<'_>) -> Result<TokenRow> {
    Ok(TokenRow {
        id: columns.checked("token id", TokenId::new)?,
        revoked: columns.plain()?,
        issued_by_log: columns.plain()?,
        revoked_by_log: columns.plain()?,
    })
}

fn webhook(columns: &mut Columns<'_>) -> Result<WebhookRow> {
    let id = columns.checked("webhook id", WebhookId::new)?;
    let added = (columns.time()?, columns.word("name", AgentName::new)?);
    let (at, by) = (columns.time_if_any()?, columns.checked_if_any("name", |text: String| AgentName::new(&text))?);
    Ok(WebhookRow {
        id,
        added,
        added_by_log: at.zip(by),
        old_until: columns.time_if_any()?,
        rotated_by_log: columns.time_if_any()?,
        removed_by_log: columns.plain()?,
    })
}
