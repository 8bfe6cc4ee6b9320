//! Audit, notifications and events.

use rusqlite::{Row, params};

use super::points::award;
use super::row::{Columns, actor_columns};
use super::sql;
use super::unit::SqliteUnit;
use crate::model::event::{
    AuditAction, AuditEntry, AuditId, Event, EventName, HistoryEntry, HistoryLine, Notice, Notification,
};
use crate::model::person::RequestId;
use crate::model::view::EventData;
use crate::model::{Error, Level, Status, StoreFault, TicketId};
use crate::store::Trail;

impl Trail for SqliteUnit<'_> {
    fn audit(&mut self, entry: &AuditEntry) -> Result<AuditId, Error> {
        let (actor_kind, actor_id, actor_name) = actor_columns(&entry.actor);
        let id = self.write(
            sql!("trail/insert_audit"),
            params![
                entry.action.as_str(),
                entry.subject.kind(),
                entry.subject.number(),
                actor_kind,
                actor_id,
                actor_name,
                entry.at.second(),
                entry.request.as_ref().map(RequestId::as_str),
                entry.state.map(|(status, _)| status.as_str()),
                entry.state.map(|(_, level)| level.get()),
                entry.reason,
            ],
        )?;
        Ok(AuditId(id))
    }

    fn notify(&mut self, notification: &Notification, audit: AuditId) -> Result<(), Error> {
        let Notification { customer, notice, ticket, level, at } = notification;
        let params = params![audit.0, customer.get(), notice.as_str(), ticket.get(), level.get(), at.second()];
        self.run(sql!("trail/insert_notification"), params)?;
        Ok(())
    }

    fn publish(&mut self, event: &Event, audit: AuditId) -> Result<i64, Error> {
        let data =
            serde_json::to_string(&EventData::from(event)).map_err(|error| Error::store(StoreFault::Failed, error))?;
        let params = params![audit.0, event.name.as_str(), event.ticket.get(), event.at.second(), data];
        self.write(sql!("trail/insert_event"), params)
    }

    fn history(&mut self, ticket: TicketId) -> Result<Vec<HistoryLine>, Error> {
        let id = [ticket.get()];
        let mut lines = self.all(sql!("trail/audit_of_ticket"), id, audit_line)?;
        lines.extend(self.all(sql!("trail/awards_of_ticket"), id, award_line)?);
        lines.extend(self.all(sql!("trail/notifications_of_ticket"), id, notification_line)?);
        lines.extend(self.all(sql!("trail/events_of_ticket"), id, event_line)?);
        // Stable: what is alike in both stays in the order of its table.
        lines.sort_by_key(|line| (line.audit, line.what.rank()));
        Ok(lines)
    }
}

/// Every line begins with its operation and its time.
fn line(
    row: &Row<'_>,
    what: impl FnOnce(&mut Columns<'_>) -> rusqlite::Result<HistoryEntry>,
) -> rusqlite::Result<HistoryLine> {
    let mut columns = Columns::of(row);
    Ok(HistoryLine { audit: AuditId(columns.plain()?), at: columns.time()?, what: what(&mut columns)? })
}

fn audit_line(row: &Row<'_>) -> rusqlite::Result<HistoryLine> {
    line(row, |columns| {
        let action = columns.word("audit action", AuditAction::parse)?;
        let actor = columns.actor()?;
        let request = columns.plain()?;
        let status = columns.checked_if_any("status", |text: String| Status::parse(&text))?;
        let level = columns.checked_if_any("level", Level::new)?;
        let reason = columns.plain()?;
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
            notice: columns.word("notice", Notice::parse)?,
            level: columns.level()?,
            read_at: columns.time_if_any()?,
        })
    })
}

fn event_line(row: &Row<'_>) -> rusqlite::Result<HistoryLine> {
    line(row, |columns| {
        Ok(HistoryEntry::Event { sequence: columns.plain()?, name: columns.word("event", EventName::parse)? })
    })
}
