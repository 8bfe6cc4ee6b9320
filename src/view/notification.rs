//! Notifications as JSON.

use serde::Serialize;

use crate::model::inbox::InboxItem;
use crate::model::notification::Notice;
use crate::model::{NotificationId, TicketId, Timestamp};

/// A notification in its reader's language.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InboxItemView {
    id: NotificationId,
    ticket_id: TicketId,
    notice: Notice,
    message: String,
    created_at: Timestamp,
    read_at: Option<Timestamp>,
}

impl InboxItemView {
    /// The notification, with its message as it was said.
    pub fn new(received: &InboxItem, message: String) -> Self {
        Self {
            id: received.id,
            ticket_id: received.ticket,
            notice: received.notice,
            message,
            created_at: received.at,
            read_at: received.read_at,
        }
    }
}
