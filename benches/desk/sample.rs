//! Sample values for the benchmarks.

use support::model::actor::Actor;
use support::model::audit::{AuditAction, AuditEntry, Subject};
use support::model::notification::Notice;
use support::model::reference::{Participants, Reference, Ride};
use support::model::request_id::RequestId;
use support::model::ticket::{Description, NewTicket, TicketDetails};
use support::model::{CustomerId, IssueType, Level, Message, RideId, ServiceType, Status, TicketId, Timestamp};

/// Languages of the sample descriptions.
pub(crate) const LANGUAGES: [&str; 4] = ["en", "fr", "hi", "zh"];

/// Sample descriptions in these languages.
pub(crate) const TEXTS: [&str; 4] = [
    "My card was charged twice, and nobody answers the phone. I would like my money back.",
    "Ma carte a été débitée deux fois, et personne ne répond au téléphone. Je voudrais être remboursé.",
    "मेरे कार्ड से दो बार पैसे कटे और कोई फ़ोन नहीं उठाता। कृपया मेरे पैसे लौटाएँ।",
    "我的卡被扣了两次款，没有人接电话。我要求退款。",
];

fn now() -> Timestamp {
    Timestamp::from_second(1_748_736_000).expect("a time")
}

/// Returns the body of a create request with a description of this length in characters.
pub(crate) fn body(length: usize) -> String {
    let description: String = TEXTS[0].chars().cycle().take(length).collect();
    format!(
        r#"{{"serviceType":"ride","issueType":"PAYMENT_ISSUE","description":"{description}","rideId":7,"groupCustomerIds":[2,3]}}"#
    )
}

/// Returns this number of tickets about rides.
pub(crate) fn tickets(count: usize) -> Vec<TicketDetails> {
    let owner = CustomerId::FIRST;
    (1..)
        .zip(TEXTS.iter().cycle())
        .take(count)
        .map(|(number, text)| {
            let ticket = NewTicket {
                owner,
                service: ServiceType::Ride,
                issue: IssueType::PaymentIssue,
                description: Description::new(text).expect("a description"),
                reference: Reference { ride: Some(RideId::FIRST), ..Reference::default() },
                members: Vec::new(),
            };
            let ride = Ride {
                id: RideId::FIRST,
                party: Participants { customer: owner, participants: Vec::new() },
                pickup: "123 Main St".to_owned(),
                dropoff: "456 Elm St".to_owned(),
            };
            let ticket = ticket.into_ticket(TicketId::new(number).expect("from 1"), now());
            TicketDetails { ticket, ride: Some(ride), order: None, booking: None }
        })
        .collect()
}

/// Returns the notification text of an escalated ticket.
pub(crate) fn notice() -> Message {
    Notice::TicketEscalated.message(TicketId::FIRST, Level::SECOND)
}

/// Returns the audit entry of a created ticket.
pub(crate) fn entry() -> AuditEntry {
    AuditEntry {
        action: AuditAction::TicketCreated,
        subject: Subject::Ticket(TicketId::FIRST),
        actor: Actor::Customer(CustomerId::FIRST),
        at: now(),
        request: RequestId::new("0123456789abcdef"),
        state: Some((Status::Open, Level::FIRST)),
        granted: None,
        reason: None,
    }
}

/// Returns the description in this language.
pub(crate) fn text(language: &str) -> &'static str {
    let place = LANGUAGES.iter().position(|known| *known == language);
    place.map_or("", |place| TEXTS[place])
}
