//! Audit log, and the rows that `audit verify` compares with it.

use rusqlite::{Error as Engine, Result, Row, params};

use super::ledger::award;
use super::row::{Columns, actor_columns, json_words};
use super::sql;
use super::tickets::limit_plus_one;
use super::unit::SqliteUnit;
use crate::model::actor::AgentName;
use crate::model::audit::{AuditAction, AuditEntry, AuditFilter, AuditId, AuditLine, Hash, Head, Subject};
use crate::model::audit_verify::{
    Decoded, DecodedEntry, DecodedRow, OutboxRow, TableTotals, TicketOfEntry, TicketRow, TokenRow, WebhookRow,
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
    fn list(&mut self, filter: &AuditFilter, page: PageRequest) -> std::result::Result<Vec<AuditLine>, Error> {
        let actions = json_words(filter.actions.iter().map(|action| action.as_str()));
        let by = filter.by.as_ref().map(actor_columns);
        let (kind, id, name) = by.map_or((None, None, None), |(kind, id, name)| (Some(kind), id, name));
        let since = filter.since.map_or(i64::MIN, Timestamp::second);
        let until = filter.until.map_or(i64::MAX, Timestamp::second);
        let (before, limit) = (page.after.id, limit_plus_one(page));
        match filter.subject {
            None => {
                let params = params![before, limit, actions, kind, id, name, since, until];
                self.query_all(sql!("audit_log/list"), params, |row| line(&mut Columns::new(row)))
            }
            Some(subject) => {
                let (of, number) = (subject.kind(), subject.number());
                let params = params![before, limit, actions, kind, id, name, since, until, of, number];
                self.query_all(sql!("audit_log/of_subject"), params, |row| line(&mut Columns::new(row)))
            }
        }
    }

    fn extent(&mut self) -> std::result::Result<TableTotals, Error> {
        let extent = self.query_optional(sql!("audit_log/extent"), [], |row| {
            let (entries, hash): (Option<i64>, Option<[u8; 32]>) = (row.get(0)?, row.get(1)?);
            Ok(TableTotals {
                head: entries.zip(hash).map(|(entries, hash)| Head { entries, hash: Hash(hash) }),
                audit: row.get(2)?,
                ledger: row.get(3)?,
                notifications: row.get(4)?,
                outbox: row.get(5)?,
                tickets: row.get(6)?,
                sums: (row.get(7)?, row.get(8)?),
                purged_events: PurgeMark { through: row.get(9)?, audit: AuditId(row.get(10)?) },
                purged_notifications: PurgeMark { through: row.get(11)?, audit: AuditId(row.get(12)?) },
            })
        })?;
        extent.ok_or_else(|| self.error(Engine::QueryReturnedNoRows))
    }

    fn lines(&mut self, after: i64, limit: u32) -> std::result::Result<Vec<AuditLine>, Error> {
        self.query_all(sql!("audit_log/lines"), params![after, limit], |row| line(&mut Columns::new(row)))
    }

    fn entries(&mut self, after: i64, limit: u32) -> std::result::Result<Vec<Decoded<DecodedEntry>>, Error> {
        self.query_all(sql!("audit_log/entries"), params![after, limit], |row| decode(row, entry))
    }

    fn ledger(&mut self, after: i64, limit: u32) -> std::result::Result<Vec<Decoded<DecodedRow<LedgerEntry>>>, Error> {
        self.query_all(sql!("audit_log/ledger"), params![after, limit], |row| {
            decode(row, |columns| operation_row(columns, ledger))
        })
    }

    fn notifications(
        &mut self,
        after: i64,
        limit: u32,
    ) -> std::result::Result<Vec<Decoded<DecodedRow<Notification>>>, Error> {
        let read = |row: &Row<'_>| decode(row, |columns| operation_row(columns, notification));
        self.query_all(sql!("audit_log/notifications"), params![after, limit], read)
    }

    fn events(&mut self, after: i64, limit: u32) -> std::result::Result<Vec<Decoded<DecodedRow<OutboxRow>>>, Error> {
        self.query_all(sql!("audit_log/events"), params![after, limit], |row| {
            decode(row, |columns| operation_row(columns, outbox))
        })
    }

    fn tickets(&mut self, after: i64, limit: u32) -> std::result::Result<Vec<Decoded<TicketRow>>, Error> {
        self.query_all(sql!("audit_log/tickets"), params![after, limit], |row| decode(row, ticket))
    }

    fn tokens(&mut self, after: i64, limit: u32) -> std::result::Result<Vec<Decoded<TokenRow>>, Error> {
        self.query_all(sql!("audit_log/tokens"), params![after, limit], |row| decode(row, token))
    }

    fn webhooks(&mut self, after: i64, limit: u32) -> std::result::Result<Vec<Decoded<WebhookRow>>, Error> {
        self.query_all(sql!("audit_log/webhooks"), params![after, limit], |row| decode(row, webhook))
    }
}

/// Decodes a row; `Err` with its id if a column has a value that this program never writes.
fn decode<T>(row: &Row<'_>, read: impl FnOnce(&mut Columns<'_>) -> Result<T>) -> Result<Decoded<T>> {
    match read(&mut Columns::new(row)) {
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

/// Reads the columns of `audit_log/lines`.
fn line(columns: &mut Columns<'_>) -> Result<AuditLine> {
    let id = AuditId(columns.value()?);
    let action = columns.parse_text("audit action", AuditAction::parse)?;
    let kind: String = columns.value()?;
    let subject = columns.parse("subject", |number| Subject::new(&kind, number))?;
    let actor = columns.actor()?;
    let at = columns.time()?;
    let request = columns.parse_optional("request id", |text: String| RequestId::new(&text))?;
    let state = state(columns)?;
    let (points, cents): (Option<i64>, Option<i64>) = (columns.value()?, columns.value()?);
    if points.is_some() != cents.is_some() {
        return Err(columns.invalid("grant"));
    }
    let granted = |(points, cents)| Award { action: Action::ManualGrant, points, credit: Cents(cents) };
    let reason = columns.value()?;
    let entry =
        AuditEntry { action, subject, actor, at, request, state, granted: points.zip(cents).map(granted), reason };
    let previous = columns.value::<Option<[u8; 32]>>()?.map(Hash);
    Ok(AuditLine { id, entry, previous, hash: Hash(columns.value()?) })
}

/// Reads two columns, a status and a level, both null or neither.
fn state(columns: &mut Columns<'_>) -> Result<Option<(Status, Level)>> {
    let status = columns.parse_optional("status", |text: String| Status::parse(&text))?;
    let level = columns.parse_optional("level", Level::new)?;
    if status.is_some() != level.is_some() {
        return Err(columns.invalid("state"));
    }
    Ok(status.zip(level))
}

fn entry(columns: &mut Columns<'_>) -> Result<DecodedEntry> {
    let line = line(columns)?;
    let before = columns.value::<Option<[u8; 32]>>()?.map(Hash);
    let known: Option<bool> = columns.value()?;
    let owner = columns.parse_optional("customer id", CustomerId::new)?;
    let service = columns.parse_optional("service", |text: String| ServiceType::parse(&text))?;
    let issue = columns.parse_optional("issue", |text: String| IssueType::parse(&text))?;
    let members = columns.customers()?;
    let ticket = match (owner, service, issue) {
        (Some(owner), Some(service), Some(issue)) => Some(TicketOfEntry { owner, members, service, issue }),
        _ => None,
    };
    Ok(DecodedEntry { line, before, known: known.unwrap_or(ticket.is_some()), ticket })
}

/// Reads the id and the audit entry of a row that an operation wrote, and then the rest.
fn operation_row<T>(columns: &mut Columns<'_>, read: fn(&mut Columns<'_>) -> Result<T>) -> Result<DecodedRow<T>> {
    Ok(DecodedRow { id: columns.value()?, audit: AuditId(columns.value()?), row: read(columns)? })
}

fn ledger(columns: &mut Columns<'_>) -> Result<LedgerEntry> {
    let customer = columns.customer()?;
    let award = award(columns)?;
    let ticket = columns.parse_optional("ticket id", TicketId::new)?;
    let action = columns.parse_optional("operation", |verb: String| AuditAction::on_ticket(&verb))?;
    Ok(LedgerEntry {
        customer,
        award,
        occasion: ticket.zip(action),
        reason: columns
            .parse_optional("reason", |text: String| Reason::new(&text).filter(|reason| reason.as_str() == text))?,
        by: columns.actor()?,
        key: columns.parse_optional("key", |text: String| Key::new(&text))?,
        at: columns.time()?,
    })
}

fn notification(columns: &mut Columns<'_>) -> Result<Notification> {
    Ok(Notification {
        customer: columns.customer()?,
        notice: columns.parse_text("notice", Notice::parse)?,
        ticket: columns.parse("ticket id", TicketId::new)?,
        level: columns.level()?,
        at: columns.time()?,
    })
}

fn outbox(columns: &mut Columns<'_>) -> Result<OutboxRow> {
    Ok(OutboxRow {
        name: columns.parse_text("event", EventName::parse)?,
        at: columns.time()?,
        ticket: columns.parse("ticket id", TicketId::new)?,
        payload_ticket: columns.parse("ticket id", TicketId::new)?,
        owner: columns.customer()?,
        service: columns.service()?,
        issue: columns.issue()?,
        status: columns.status()?,
        level: columns.level()?,
        members: columns.customers()?,
        actor: columns.value()?,
    })
}

fn ticket(columns: &mut Columns<'_>) -> Result<TicketRow> {
    let id = columns.parse("ticket id", TicketId::new)?;
    let state_of_ticket = (columns.status()?, columns.level()?);
    let entry: Option<i64> = columns.value()?;
    let state_of_entry = state(columns)?;
    Ok(TicketRow { id, state: state_of_ticket, last: entry.map(|entry| (AuditId(entry), state_of_entry)) })
}

fn token(columns: &mut Columns<'_>) -> Result<TokenRow> {
    Ok(TokenRow {
        id: columns.parse("token id", TokenId::new)?,
        revoked: columns.value()?,
        issued_by_log: columns.value()?,
        revoked_by_log: columns.value()?,
    })
}

fn webhook(columns: &mut Columns<'_>) -> Result<WebhookRow> {
    let id = columns.parse("webhook id", WebhookId::new)?;
    let added = (columns.time()?, columns.parse_text("name", AgentName::new)?);
    let (at, by) = (columns.optional_time()?, columns.parse_optional("name", |text: String| AgentName::new(&text))?);
    Ok(WebhookRow {
        id,
        added,
        added_by_log: at.zip(by),
        old_until: columns.optional_time()?,
        rotated_by_log: columns.optional_time()?,
        removed_by_log: columns.value()?,
    })
}
