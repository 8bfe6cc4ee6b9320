//! Hand-written serializer of tickets with the same output as [`TicketView`], for lists of up to a hundred of them.
//!
//! [`TicketView`]: super::TicketView

use crate::model::pagination::{ListName, Page};
use crate::model::ticket::TicketDetails;
use crate::model::{CustomerId, Timestamp};

/// Writes a ticket like [`TicketView`](super::TicketView).
pub fn write_ticket(text: &mut Vec<u8>, details: &TicketDetails) {
    let ticket = &details.ticket;
    number(text, "{\"ticketId\":", ticket.id.get());
    word(text, ",\"serviceType\":\"", ticket.service.as_str());
    word(text, "\",\"issueType\":\"", ticket.issue.as_str());
    word(text, "\",\"status\":\"", ticket.status.as_str());
    string(text, "\",\"description\":", ticket.description.as_str());
    time(text, ",\"updatedAt\":\"", ticket.updated_at);
    match &details.ride {
        None => add(text, "\",\"ride\":null"),
        Some(ride) => {
            number(text, "\",\"ride\":{\"id\":", ride.id.get());
            string(text, ",\"pickupLocation\":", &ride.pickup);
            string(text, ",\"dropoffLocation\":", &ride.dropoff);
            add(text, "}");
        }
    }
    match &details.order {
        None => add(text, ",\"order\":null"),
        Some(order) => {
            number(text, ",\"order\":{\"id\":", order.id.get());
            string(text, ",\"merchantName\":", &order.merchant);
            string(text, ",\"total\":{\"amount\":", &order.total.amount);
            string(text, ",\"currency\":", &order.total.currency);
            add(text, "}}");
        }
    }
    match &details.booking {
        None => add(text, ",\"booking\":null"),
        Some(booking) => {
            number(text, ",\"booking\":{\"id\":", booking.id.get());
            string(text, ",\"venueName\":", &booking.venue);
            time(text, ",\"startsAt\":\"", booking.starts_at);
            number(text, "\",\"partySize\":", booking.party_size.into());
            add(text, "}");
        }
    }
    time(text, ",\"createdAt\":\"", ticket.created_at);
    number(text, "\",\"level\":", ticket.level.get().into());
    add(text, ",\"groupCustomerIds\":[");
    for (index, member) in ticket.members.iter().copied().map(CustomerId::get).enumerate() {
        number(text, if index == 0 { "" } else { "," }, member);
    }
    add(text, "]}");
}

/// Writes a page like [`TicketPage`](super::TicketPage).
pub fn write_page(text: &mut Vec<u8>, page: &Page<TicketDetails>) {
    add(text, "{\"tickets\":[");
    for (index, details) in page.rows.iter().enumerate() {
        add(text, if index == 0 { "" } else { "," });
        write_ticket(text, details);
    }
    match &page.next {
        None => add(text, "],\"nextCursor\":null}"),
        Some(next) => {
            string(text, "],\"nextCursor\":", &next.text(ListName::OwnTickets));
            add(text, "}");
        }
    }
}

fn add(text: &mut Vec<u8>, part: &str) {
    text.extend_from_slice(part.as_bytes());
}

/// Writes a separator, then a word that needs no escaping.
fn word(text: &mut Vec<u8>, before: &str, word: &str) {
    add(text, before);
    add(text, word);
}

/// Writes a separator, then a time; the separators contain its quotes.
fn time(text: &mut Vec<u8>, before: &str, at: Timestamp) {
    word(text, before, at.to_rfc3339().as_str());
}

fn number(text: &mut Vec<u8>, before: &str, number: i64) {
    add(text, before);
    serde_json::to_writer(text, &number).expect("integers serialize");
}

/// Writes a separator, then a quoted string.
fn string(text: &mut Vec<u8>, before: &str, string: &str) {
    add(text, before);
    let escaped = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    // No early exit, so that the compiler can vectorize the loop.
    if string.bytes().fold(false, |any, byte| any | escaped(byte)) {
        return serde_json::to_writer(text, string).expect("strings serialize");
    }
    text.push(b'"');
    add(text, string);
    text.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::pagination::{Cursor, Sort};
    use crate::model::reference::{Booking, Money, Order, Participants, Reference, Ride};
    use crate::model::ticket::{Description, Ticket};
    use crate::model::{BookingId, IssueType, Level, OrderId, RideId, ServiceType, Status, TicketId};
    use crate::view::{TicketPage, TicketView};

    fn details(words: &str, second: i64, members: &[i64]) -> TicketDetails {
        let at = |second| Timestamp::from_second(second).unwrap();
        let customer = |id| CustomerId::new(id).unwrap();
        let party = || Participants { customer: customer(1), participants: Vec::new() };
        let ticket = Ticket {
            id: TicketId::new(i64::MAX - second.abs()).unwrap(),
            version: 3,
            owner: customer(1),
            service: ServiceType::EventService,
            issue: IssueType::DeliveryIssue,
            description: Description::new(words).unwrap(),
            reference: Reference::default(),
            members: members.iter().copied().map(customer).collect(),
            status: Status::Escalated,
            level: Level::TOP,
            created_at: at(second),
            updated_at: at(second + 86_399),
        };
        let ride = Ride { id: RideId::FIRST, party: party(), pickup: words.to_owned(), dropoff: "\u{7f}\u{1}".into() };
        let total = Money::new("23.50", "USD").unwrap();
        let order = Order { id: OrderId::FIRST, party: party(), merchant: words.to_owned(), total };
        let starts_at = at(second);
        let booking =
            Booking { id: BookingId::FIRST, party: party(), venue: words.to_owned(), starts_at, party_size: u32::MAX };
        let has = |bit: i64| second & bit != 0;
        TicketDetails {
            ticket,
            ride: has(1).then_some(ride),
            order: has(2).then_some(order),
            booking: has(4).then_some(booking),
        }
    }

    #[test]
    fn a_ticket_is_written_like_its_view() {
        let all_signs: String = ('\t'..'\u{80}').filter(|sign| !sign.is_control()).collect();
        let long = "\u{1f469}\u{200d}\u{1f680} ".repeat(200);
        for (second, words) in
            ["late", "a\tb\r\nc", "say \"no\" \\ / </script>", &all_signs, "\u{2028} \u{feff}é", &long]
                .iter()
                .cycle()
                .take(48)
                .enumerate()
        {
            let second = i64::try_from(second).unwrap() - 24;
            let details = details(words, second, &[2, i64::MAX, 3][..usize::try_from(second.rem_euclid(4)).unwrap()]);
            let mut text = Vec::new();
            write_ticket(&mut text, &details);
            assert_eq!(String::from_utf8(text).unwrap(), serde_json::to_string(&TicketView::from(&details)).unwrap());
        }
    }

    #[test]
    fn a_page_is_written_like_its_view() {
        let next = Cursor { sort: Sort::Created, level: 0, second: -1, id: 42 };
        for (length, next) in [(0, None), (1, Some(next)), (3, None)] {
            let page = Page { rows: (0..length).map(|second| details("late", second, &[])).collect(), next };
            let mut text = Vec::new();
            write_page(&mut text, &page);
            let view = TicketPage::<TicketView<'_>>::from(&page);
            assert_eq!(String::from_utf8(text).unwrap(), serde_json::to_string(&view).unwrap());
        }
    }
}
