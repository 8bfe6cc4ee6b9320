//! Operations with the rows that each writes, and the history of a ticket.

use rusqlite::{Row, params};

use super::ledger::award;
use super::row::{Columns, actor_columns};
use super::sql;
use super::unit::{AuditHead, SqliteUnit};
use crate::model::audit::{AuditAction, AuditEntry, AuditId, Hash};
use crate::model::effects::Operation;
use crate::model::event::{Event, EventName};
use crate::model::history::{HistoryEntry, HistoryLine};
use crate::model::notification::{Notice, Notification};
use crate::model::request_id::RequestId;
use crate::model::{Error, Level, Status, StoreError, TicketId};
use crate::store::{Operations, Recorded};
use crate::view::EventData;

impl Operations for SqliteUnit<'_> {
    fn record(&mut self, Operation { entry, effects }: &Operation) -> Result<Recorded, Error> {
        let audit = self.append_entry(entry)?;
        for notification in &effects.notifications {
            self.notify(notification, audit)?;
        }
        if let Some(event) = &effects.event {
            self.publish(event, audit)?;
        }
        let refusal = match &effects.ledger {
            Some(row) => self.append_to_ledger(row, audit)?,
            None => None,
        };
        Ok(Recorded { audit, refusal })
    }

    fn history(&mut self, ticket: TicketId) -> Result<Vec<HistoryLine>, Error> {
        let id = [ticket.get()];
        let mut lines = self.query_all(sql!("operations/audit_of_ticket"), id, audit_line)?;
        lines.extend(self.query_all(sql!("operations/awards_of_ticket"), id, award_line)?);
        lines.extend(self.query_all(sql!("operations/notifications_of_ticket"), id, notification_line)?);
        lines.extend(self.query_all(sql!("operations/events_of_ticket"), id, event_line)?);
        // Stable, so that equal keys keep the order of their table.
        lines.sort_by_key(|line| (line.audit, line.entry.rank()));
        Ok(lines)
    }
}

impl SqliteUnit<'_> {
    /// Inserts an audit entry with the next id and the hash of the subject's previous entry.
    fn append_entry(&mut self, entry: &AuditEntry) -> Result<AuditId, Error> {
        let end = self.read_audit_head()?;
        let id = AuditId(end.next);
        let (subject_kind, subject) = (entry.subject.kind(), entry.subject.number());
        let previous = if entry.action.is_first_of_subject() {
            None
        } else {
            self.query_optional(sql!("operations/previous_audit_entry"), params![subject_kind, subject], |row| {
                row.get(0).map(Hash)
            })?
        };
        let hash = entry.seal(id, previous);
        let (actor_kind, actor_id, actor_name) = actor_columns(&entry.actor);
        self.execute(
            sql!("operations/insert_audit_entry"),
            params![
                id.0,
                entry.action.as_str(),
                subject_kind,
                subject,
                actor_kind,
                actor_id,
                actor_name,
                entry.at.second(),
                entry.request.as_ref().map(RequestId::as_str),
                entry.state.map(|(status, _)| status.as_str()),
                entry.state.map(|(_, level)| level.get()),
                entry.granted.map(|award| award.points),
                entry.granted.map(|award| award.credit.0),
                entry.reason,
                previous.map(|hash| hash.0),
                hash.0,
            ],
        )?;
        self.set_audit_head(AuditHead { head: end.head.then(hash), next: end.next + 1 });
        Ok(id)
    }

    fn notify(&self, notification: &Notification, audit: AuditId) -> Result<(), Error> {
        let Notification { customer, notice, ticket, level, at } = notification;
        let params = params![audit.0, customer.get(), notice.as_str(), ticket.get(), level.get(), at.second()];
        self.execute(sql!("operations/insert_notification"), params)?;
        Ok(())
    }

    /// Inserts an event into the outbox, with its audience.
    fn publish(&self, event: &Event, audit: AuditId) -> Result<(), Error> {
        let data =
            serde_json::to_string(&EventData::from(event)).map_err(|error| Error::store(StoreError::Failed, error))?;
        let params = params![audit.0, event.name.as_str(), event.ticket.get(), event.at.second(), data];
        let sequence = self.insert_returning_id(sql!("operations/insert_event"), params)?;
        for customer in std::iter::once(event.owner).chain(event.members.iter().copied()) {
            self.execute(sql!("operations/insert_audience"), params![sequence, customer.get()])?;
        }
        Ok(())
    }
}

/// Reads the audit entry and the time of a row, and then the rest.
fn line(
    row: &Row<'_>,
    entry: impl FnOnce(&mut Columns<'_>) -> rusqlite::Result<HistoryEntry>,
) -> rusqlite::Result<HistoryLine> {
    let mut columns = Columns::new(row);
    Ok(HistoryLine { audit: AuditId(columns.value()?), at: columns.time()?, entry: entry(&mut columns)? })
}

fn audit_line(row: &Row<'_>) -> rusqlite::Result<HistoryLine> {
    line(row, |columns| {
        let action = columns.parse_text("audit action", AuditAction::parse)?;
        let actor = columns.actor()?;
        let request = columns.value()?;
        let status = columns.parse_optional("status", |text: String| Status::parse(&text))?;
        let level = columns.parse_optional("level", Level::new)?;
        let reason = columns.value()?;
        Ok(HistoryEntry::Audit { action, actor, request, state: status.zip(level), reason })
    })
}

fn award_line(row: &Row<'_>) -> rusqlite::Result<HistoryLine> {
    line(row, |columns| Ok(HistoryEntry::Award { customer: columns.customer()?, award: award(columns)? }))
}

fn notification_line(row: &Row<'_>) -> rusqlite::Result<HistoryLine> {
    line(row, |columns| {
        Ok(HistoryEntry::Notification {
            customer: columns.customer()?,
            notice: columns.parse_text("notice", Notice::parse)?,
            level: columns.level()?,
            read_at: columns.optional_time()?,
        })
    })
}

fn event_line(row: &Row<'_>) -> rusqlite::Result<HistoryLine> {
    line(row, |columns| {
        Ok(HistoryEntry::Event { sequence: columns.value()?, name: columns.parse_text("event", EventName::parse)? })
    })
}
