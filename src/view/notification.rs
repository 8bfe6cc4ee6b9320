//! Notifications as JSON.

use serde::Serialize;

use crate::model::inbox::InboxItem;
use crate::model::notification::Notice;
use crate::model::{NotificationId, TicketId, Timestamp};

/// Notification with its translated message.
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
    /// Builds the view with a translated message.
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
