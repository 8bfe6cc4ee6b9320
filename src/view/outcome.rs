//! Results of a ticket operation as JSON.

use serde::Serialize;

use crate::model::{Level, Status, TicketId};

/// What the desk answers to create, escalate and close.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeView {
    /// The ticket.
    pub ticket_id: TicketId,
    /// Where it stands now; the API leaves it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// How far up it is now; the API leaves it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Why no award was made; `null` where one was, or none is due.
    pub gamification_error: Option<CodedView>,
}

/// A code with its sentence.
#[derive(Debug, Serialize)]
pub struct CodedView {
    /// The code.
    pub code: &'static str,
    /// The sentence, in the reader's language.
    pub message: String,
}
