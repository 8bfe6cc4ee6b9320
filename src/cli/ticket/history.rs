//! A ticket's history as JSON: what was done, and what each operation left behind.

use serde::Serialize;

use crate::i18n::Locale;
use crate::model::audit::AuditAction;
use crate::model::award::{Action, Cents};
use crate::model::event::EventName;
use crate::model::history::{HistoryEntry, HistoryLine};
use crate::model::notification::Notice;
use crate::model::{CustomerId, Level, Status, TicketId, Timestamp};

/// One line of history; `kind` says which.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum HistoryView<'h> {
    /// Who did what.
    Audit {
        at: Timestamp,
        action: AuditAction,
        by: String,
        request_id: Option<&'h str>,
        status: Option<Status>,
        level: Option<Level>,
        reason: Option<&'h str>,
    },
    /// What the customer earned.
    Award { at: Timestamp, customer_id: CustomerId, action: Action, points: i64, credit: Cents },
    /// What a customer was told.
    Notification { at: Timestamp, customer_id: CustomerId, notice: Notice, message: String, read_at: Option<Timestamp> },
    /// What the platform was told.
    Event { at: Timestamp, id: i64, event: EventName },
}

impl<'h> HistoryView<'h> {
    /// A line of this ticket's history, with sentences in this language.
    pub(super) fn new(line: &'h HistoryLine, ticket: TicketId, locale: Locale) -> Self {
        let at = line.at;
        match &line.what {
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
                message: locale.say(&notice.message(ticket, *level)),
                read_at: *read_at,
            },
            HistoryEntry::Event { sequence, name } => Self::Event { at, id: *sequence, event: *name },
        }
    }
}
