//! Inbox of a customer: notifications, and selections to mark as read.

use serde_json::Value;

use super::draft::object;
use super::json::Fields;
use super::notification::Notice;
use super::{Code, Error, Level, Message, NotificationId, TicketId, Timestamp, ValidationErrors};

/// Maximum number of notifications in one request.
pub const MAX_MARKED: usize = 1_000;

/// Notification in a customer's inbox, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxItem {
    pub id: NotificationId,
    pub notice: Notice,
    pub ticket: TicketId,
    /// Level of the ticket at that time.
    pub level: Level,
    /// Time of the notification.
    pub at: Timestamp,
    /// Time when it was read, if it was.
    pub read_at: Option<Timestamp>,
}

impl InboxItem {
    /// Returns the message, untranslated.
    pub fn message(&self) -> Message {
        self.notice.message(self.ticket, self.level)
    }
}

/// Selection of notifications to mark as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadSelection {
    /// All unread notifications.
    All,
    /// Notifications with these ids that belong to the customer.
    Ids(Vec<NotificationId>),
}

impl ReadSelection {
    /// Parses `{"ids":[…]}` or `{"all":true}`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every error of the body: neither or both members, an invalid id, too many ids.
    pub fn parse(body: &Value) -> Result<Self, Error> {
        let mut errors = ValidationErrors::default();
        let mut fields = Fields::new(object(body)?, "", Code::InvalidTicket, &mut errors);
        let all = fields.boolean("all").unwrap_or_default();
        let ids = fields.ids("ids", NotificationId::new);
        match (all, fields.has("ids")) {
            (true, true) => fields.add_invalid("all", Message::new("validation.all_and_ids")),
            (false, false) => fields.add_invalid("ids", Message::new("validation.missing")),
            (true, false) | (false, true) => {}
        }
        if ids.len() > MAX_MARKED {
            fields.add_invalid("ids", Message::new("validation.ids_many").with("most", MAX_MARKED));
        }
        match (errors.is_empty(), all) {
            (false, _) => Err(Error::Invalid(errors.into_sorted())),
            (true, true) => Ok(Self::All),
            (true, false) => Ok(Self::Ids(ids)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn errors(body: &Value) -> Vec<(String, &'static str)> {
        let error = ReadSelection::parse(body).unwrap_err();
        error.validation_errors().iter().map(|error| (error.field.clone(), error.message.key)).collect()
    }

    #[test]
    fn ids_or_all_are_required() {
        let id = |id| NotificationId::new(id).unwrap();
        assert_eq!(ReadSelection::parse(&json!({"all": true})).unwrap(), ReadSelection::All);
        assert_eq!(ReadSelection::parse(&json!({"all": true, "ids": null})).unwrap(), ReadSelection::All);
        assert_eq!(ReadSelection::parse(&json!({"ids": [2, 2]})).unwrap(), ReadSelection::Ids(vec![id(2), id(2)]));
        assert_eq!(ReadSelection::parse(&json!({"ids": [1], "all": false})).unwrap(), ReadSelection::Ids(vec![id(1)]));
    }

    #[test]
    fn every_error_of_a_selection_is_listed() {
        let one = |field: &str, key| vec![(field.to_owned(), key)];
        assert_eq!(errors(&json!({})), one("ids", "validation.missing"));
        assert_eq!(errors(&json!({"all": false})), one("ids", "validation.missing"));
        assert_eq!(errors(&json!({"all": true, "ids": [1]})), one("all", "validation.all_and_ids"));
        assert_eq!(errors(&json!({"ids": 7})), one("ids", "validation.not_list"));
        assert_eq!(errors(&json!({"ids": [1, "2"]})), one("ids[1]", "validation.not_id"));
        assert_eq!(errors(&json!({"ids": vec![1; MAX_MARKED + 1]})), one("ids", "validation.ids_many"));
        assert_eq!(errors(&json!([])), one("", "validation.not_object"));
        assert_eq!(errors(&json!({"ids": [1], "all": "yes"})), one("all", "validation.not_truth"));
    }
}
