//! What a customer was told: notifications as they are listed, and which of them are to be marked as read.

use serde::Serialize;
use serde_json::Value;

use super::draft::object;
use super::json::Fields;
use super::notification::Notice;
use super::{Code, Error, Faults, Level, Message, NotificationId, TicketId, Timestamp};

/// The most notifications that one request may name.
pub const MARKED_MAX: usize = 1_000;

/// A notification as the store keeps it for its customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Its id.
    pub id: NotificationId,
    /// What it says.
    pub notice: Notice,
    /// About which ticket.
    pub ticket: TicketId,
    /// Where the ticket stood then.
    pub level: Level,
    /// When it was left.
    pub at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

impl Received {
    /// What it says, in no language yet.
    pub fn message(&self) -> Message {
        self.notice.message(self.ticket, self.level)
    }
}

/// Which notifications to mark as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marking {
    /// Every one that was not read.
    All,
    /// Those among these that are the customer's own.
    These(Vec<NotificationId>),
}

impl Marking {
    /// Reads `{"ids":[…]}` or `{"all":true}`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every fault of the body: neither or both, an id that is none, too many of them.
    pub fn read(body: &Value) -> Result<Self, Error> {
        let mut faults = Faults::default();
        let mut fields = Fields::new(object(body)?, "", Code::InvalidTicket, &mut faults);
        let all = fields.truth("all").unwrap_or_default();
        let ids = fields.ids("ids", NotificationId::new);
        match (all, fields.has("ids")) {
            (true, true) => fields.wrong("all", Message::new("fault.all_and_ids")),
            (false, false) => fields.wrong("ids", Message::new("fault.missing")),
            (true, false) | (false, true) => {}
        }
        if ids.len() > MARKED_MAX {
            fields.wrong("ids", Message::new("fault.ids_many").with("most", MARKED_MAX));
        }
        match (faults.is_empty(), all) {
            (false, _) => Err(Error::Invalid(faults.into_sorted())),
            (true, true) => Ok(Self::All),
            (true, false) => Ok(Self::These(ids)),
        }
    }
}

/// A notification in its reader's language.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceivedView {
    id: NotificationId,
    ticket_id: TicketId,
    notice: Notice,
    message: String,
    created_at: Timestamp,
    read_at: Option<Timestamp>,
}

impl ReceivedView {
    /// The notification, with its message as it was said.
    pub fn new(received: &Received, message: String) -> Self {
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn faults(body: &Value) -> Vec<(String, &'static str)> {
        let error = Marking::read(body).unwrap_err();
        error.faults().iter().map(|fault| (fault.field.clone(), fault.message.key)).collect()
    }

    #[test]
    fn ids_or_all_are_asked_for() {
        let id = |id| NotificationId::new(id).unwrap();
        assert_eq!(Marking::read(&json!({"all": true})).unwrap(), Marking::All);
        assert_eq!(Marking::read(&json!({"all": true, "ids": null})).unwrap(), Marking::All);
        assert_eq!(Marking::read(&json!({"ids": [2, 2]})).unwrap(), Marking::These(vec![id(2), id(2)]));
        assert_eq!(Marking::read(&json!({"ids": [1], "all": false})).unwrap(), Marking::These(vec![id(1)]));
    }

    #[test]
    fn every_fault_of_a_marking_is_named() {
        let one = |field: &str, key| vec![(field.to_owned(), key)];
        assert_eq!(faults(&json!({})), one("ids", "fault.missing"));
        assert_eq!(faults(&json!({"all": false})), one("ids", "fault.missing"));
        assert_eq!(faults(&json!({"all": true, "ids": [1]})), one("all", "fault.all_and_ids"));
        assert_eq!(faults(&json!({"ids": 7})), one("ids", "fault.not_list"));
        assert_eq!(faults(&json!({"ids": [1, "2"]})), one("ids[1]", "fault.not_id"));
        assert_eq!(faults(&json!({"ids": vec![1; MARKED_MAX + 1]})), one("ids", "fault.ids_many"));
        assert_eq!(faults(&json!([])), one("", "fault.not_object"));
        assert_eq!(faults(&json!({"ids": [1], "all": "yes"})), one("all", "fault.not_truth"));
    }
}
