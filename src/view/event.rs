//! Events as JSON, for the event stream and for webhooks.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::model::actor::Actor;
use crate::model::event::{Event, EventName, PublishedEvent};
use crate::model::{CustomerId, IssueType, Level, ServiceType, Status, TicketId, Timestamp};

/// Data of an event.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventData<'e> {
    ticket_id: TicketId,
    customer_id: CustomerId,
    group_customer_ids: &'e [CustomerId],
    service_type: ServiceType,
    issue_type: IssueType,
    status: Status,
    level: Level,
    actor: ActorView<'e>,
}

impl<'e> From<&'e Event> for EventData<'e> {
    fn from(event: &'e Event) -> Self {
        Self {
            ticket_id: event.ticket,
            customer_id: event.owner,
            group_customer_ids: &event.members,
            service_type: event.service,
            issue_type: event.issue,
            status: event.status,
            level: event.level,
            actor: ActorView::from(&event.actor),
        }
    }
}

/// Actor: `{"kind":"customer","id":11}`, `{"kind":"agent","id":"maria"}`.
#[derive(Debug, Serialize)]
struct ActorView<'a> {
    kind: &'static str,
    id: ActorId<'a>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum ActorId<'a> {
    Customer(CustomerId),
    Name(&'a str),
}

impl<'a> From<&'a Actor> for ActorView<'a> {
    fn from(actor: &'a Actor) -> Self {
        let id = match actor {
            Actor::Customer(id) => ActorId::Customer(*id),
            Actor::Agent(name) => ActorId::Name(name.as_str()),
            Actor::Service(name) => ActorId::Name(name.as_str()),
            Actor::System | Actor::Fixtures => ActorId::Name(actor.kind()),
        };
        Self { kind: actor.kind(), id }
    }
}

/// Event with its envelope.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventView<D> {
    pub id: i64,
    pub event: EventName,
    /// Time of the operation.
    pub occurred_at: Timestamp,
    /// [`EventData`], or its stored form.
    pub data: D,
}

/// Returns an event as one line of JSON.
///
/// # Errors
/// If its data is not valid JSON.
pub fn event_payload(event: &PublishedEvent) -> Result<String, serde_json::Error> {
    let data: &RawValue = serde_json::from_str(&event.data)?;
    let view = EventView { id: event.sequence, event: event.name, occurred_at: event.at, data };
    // JSON escapes line breaks inside strings; any other line break is insignificant white space.
    Ok(serde_json::to_string(&view)?.replace(['\r', '\n'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_always_one_line() {
        let data = "{\r\n\"a\":\r\"x\\r\\ny\"}".to_owned();
        let at = Timestamp::from_second(0).unwrap();
        let published = PublishedEvent { sequence: 7, name: EventName::TicketClosed, at, data };
        let payload = event_payload(&published).unwrap();
        assert!(!payload.contains(['\r', '\n']), "{payload}");
        let read: serde_json::Value = serde_json::from_str(&payload).unwrap();
        let event = serde_json::json!({"id": 7, "event": "support:ticket_closed",
            "occurredAt": "1970-01-01T00:00:00Z", "data": {"a": "x\r\ny"}});
        assert_eq!(read, event);
    }
}
