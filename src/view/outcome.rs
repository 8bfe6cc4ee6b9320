//! Results of a ticket operation as JSON.

use serde::Serialize;

use crate::model::{Level, Status, TicketId};

/// Result of create, escalate and close.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeView {
    pub ticket_id: TicketId,
    /// Status after the operation; absent in the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Level after the operation; absent in the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Reason for which no award was made; `null` if one was made, or none was due.
    pub gamification_error: Option<CodedView>,
}

/// Error code with its message.
#[derive(Debug, Serialize)]
pub struct CodedView {
    pub code: &'static str,
    /// Translated message.
    pub message: String,
}
