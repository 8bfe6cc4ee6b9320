//! JSON view of the history of a ticket: operations and their effects.

use serde::Serialize;

use crate::i18n::Locale;
use crate::model::audit::AuditAction;
use crate::model::award::{Action, Cents};
use crate::model::event::EventName;
use crate::model::history::{HistoryEntry, HistoryLine};
use crate::model::notification::Notice;
use crate::model::{CustomerId, Level, Status, TicketId, Timestamp};

/// History line, tagged with `kind`.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum HistoryView<'h> {
    /// Operation from the audit log.
    Audit {
        at: Timestamp,
        action: AuditAction,
        by: String,
        request_id: Option<&'h str>,
        status: Option<Status>,
        level: Option<Level>,
        reason: Option<&'h str>,
    },
    /// Points and credit awarded to the customer.
    Award { at: Timestamp, customer_id: CustomerId, action: Action, points: i64, credit: Cents },
    /// Notification of a customer.
    Notification { at: Timestamp, customer_id: CustomerId, notice: Notice, message: String, read_at: Option<Timestamp> },
    /// Event published to the platform.
    Event { at: Timestamp, id: i64, event: EventName },
}

impl<'h> HistoryView<'h> {
    /// Creates the view of a history line, with messages in this language.
    pub(super) fn new(line: &'h HistoryLine, ticket: TicketId, locale: Locale) -> Self {
        let at = line.at;
        match &line.entry {
            HistoryEntry::Audit { action, actor, request, state, reason } => Self::Audit {
                at,
                action: *action,
                by: actor.to_string(),
                request_id: request.as_deref(),
                status: state.map(|(status, _)| status),
                level: state.map(|(_, level)| level),
                reason: reason.as_deref(),
            },
            HistoryEntry::Award { customer, award } => Self::Award {
                at,
                customer_id: *customer,
                action: award.action,
                points: award.points,
                credit: award.credit,
            },
            HistoryEntry::Notification { customer, notice, level, read_at } => Self::Notification {
                at,
                customer_id: *customer,
                notice: *notice,
                message: locale.translate(&notice.message(ticket, *level)),
                read_at: *read_at,
            },
            HistoryEntry::Event { sequence, name } => Self::Event { at, id: *sequence, event: *name },
        }
    }
}
