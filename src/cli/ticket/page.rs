//! A ticket on a page for a person: its fields, its people, the customer's words, and what happened, in order.

use super::super::output::fit::{width, wrap};
use super::super::output::look::{FAINT, HEADING, Look, level_style, status_style};
use super::super::output::visible::{visible, visible_lines};
use crate::desk::inspect::Dossier;
use crate::model::history::{HistoryEntry, HistoryLine};
use crate::model::ticket::Shown;
use crate::model::{CustomerId, Message, TicketId};

/// How far the customer's words and the history stand in.
const INDENT: usize = 2;
/// How far what an operation left behind stands in.
const DEEPER: usize = 4;

/// The page, safe for a terminal, without a line break at the end.
pub(super) fn of(dossier: &Dossier, look: &Look) -> String {
    let Dossier { shown, history, .. } = dossier;
    let ticket = &shown.ticket;
    let mut lines = Vec::new();
    let heading = look.locale.say(&Message::new("cli.page.ticket").with("id", ticket.id));
    let level = look.locale.say(&Message::new("cli.page.level").with("level", ticket.level));
    lines.push(format!(
        "{}  {}  {}",
        look.paint(HEADING, &heading),
        look.paint(status_style(ticket.status), ticket.status.as_str()),
        look.paint(level_style(ticket.level), &level),
    ));
    lines.push(String::new());
    push_fields(&mut lines, &fields(dossier, look), look);
    lines.push(String::new());
    lines.push(look.paint(HEADING, &look.word("cli.page.description")));
    for line in visible_lines(ticket.description.as_str()) {
        push_wrapped(&mut lines, INDENT, &line, look);
    }
    lines.push(String::new());
    lines.push(look.paint(HEADING, &look.word("cli.page.history")));
    for line in history {
        push_history(&mut lines, line, ticket.id, look);
    }
    lines.join("\n")
}

/// What the ticket is about and whom it concerns: a name and a value each.
fn fields(dossier: &Dossier, look: &Look) -> Vec<(String, String)> {
    let Dossier { shown, people, .. } = dossier;
    let ticket = &shown.ticket;
    let person = |id: CustomerId| {
        let name = people.iter().find(|person| person.id == id).map(|person| visible(&person.name));
        name.map_or_else(|| id.to_string(), |name| format!("{id}  {name}"))
    };
    let mut fields = vec![(look.word("cli.page.customer"), person(ticket.owner))];
    for (place, member) in ticket.members.iter().enumerate() {
        let name = if place == 0 { look.word("cli.page.group") } else { String::new() };
        fields.push((name, person(*member)));
    }
    fields.push((look.word("cli.page.service"), ticket.service.to_string()));
    fields.push((look.word("cli.page.issue"), ticket.issue.to_string()));
    fields.extend(places(shown, look));
    fields.push((look.word("cli.page.opened"), look.exact(ticket.created_at)));
    fields.push((look.word("cli.page.updated"), look.exact(ticket.updated_at)));
    fields
}

/// The ride, order and booking.
fn places(shown: &Shown, look: &Look) -> Vec<(String, String)> {
    let ride = shown.ride.as_ref().map(|ride| {
        let way = format!("{}  {} → {}", ride.id, visible(&ride.pickup), visible(&ride.dropoff));
        (look.word("cli.page.ride"), way)
    });
    let order = shown.order.as_ref().map(|order| {
        let total = format!("{} {}", order.total.amount, order.total.currency);
        (look.word("cli.page.order"), format!("{}  {}, {}", order.id, visible(&order.merchant), visible(&total)))
    });
    let booking = shown.booking.as_ref().map(|booking| {
        let people = usize::try_from(booking.party_size).unwrap_or(usize::MAX);
        let people = look.locale.say(&Message::new("cli.page.party").plural(people));
        let table = format!("{}  {}, {}, {people}", booking.id, visible(&booking.venue), booking.starts_at);
        (look.word("cli.page.booking"), table)
    });
    [ride, order, booking].into_iter().flatten().collect()
}

fn push_fields(lines: &mut Vec<String>, fields: &[(String, String)], look: &Look) {
    let column = fields.iter().map(|(name, _)| width(name)).max().unwrap_or(0) + 2;
    for (name, value) in fields {
        let mut name = name.as_str();
        for line in wrap(value, look.width.saturating_sub(column)) {
            let pad = " ".repeat(column - width(name));
            lines.push(format!("{}{pad}{line}", look.paint(FAINT, name)));
            name = "";
        }
    }
}

fn push_wrapped(lines: &mut Vec<String>, indent: usize, text: &str, look: &Look) {
    for line in wrap(text, look.width.saturating_sub(indent)) {
        let line = if line.is_empty() { line } else { format!("{}{line}", " ".repeat(indent)) };
        lines.push(line);
    }
}

/// An operation, or indented below it what it left behind.
fn push_history(lines: &mut Vec<String>, line: &HistoryLine, ticket: TicketId, look: &Look) {
    let say = |message: &Message| visible(&look.locale.say(message)).into_owned();
    match &line.what {
        HistoryEntry::Audit { action, actor, request, state, reason } => {
            let done = Message::new("cli.page.done").with("action", action).with("actor", actor);
            let mut said = format!("{}  {}", look.exact(line.at), say(&done));
            if let Some((status, level)) = state {
                let level = say(&Message::new("cli.page.level").with("level", level));
                said = format!("{said} → {status}, {level}");
            }
            push_wrapped(lines, INDENT, &said, look);
            if let Some(reason) = reason {
                push_wrapped(lines, DEEPER, &say(&Message::new("cli.page.reason").with("reason", reason)), look);
            }
            if let Some(request) = request {
                push_wrapped(lines, DEEPER, &say(&Message::new("cli.page.request").with("id", request)), look);
            }
        }
        HistoryEntry::Award { customer, award } => {
            let message = Message::new("cli.page.award")
                .with("points", award.points)
                .with("credit", award.credit)
                .with("action", award.action)
                .with("customer", customer);
            push_wrapped(lines, DEEPER, &say(&message), look);
        }
        HistoryEntry::Notification { customer, notice, level, read_at } => {
            let sentence = say(&notice.message(ticket, *level));
            let key = if read_at.is_some() { "cli.page.notification_read" } else { "cli.page.notification" };
            let message = Message::new(key).with("customer", customer).with("sentence", sentence);
            let message = match read_at {
                Some(at) => message.with("at", look.exact(*at)),
                None => message,
            };
            push_wrapped(lines, DEEPER, &say(&message), look);
        }
        HistoryEntry::Event { sequence, name } => {
            let message = Message::new("cli.page.event").with("event", name).with("id", sequence);
            push_wrapped(lines, DEEPER, &say(&message), look);
        }
    }
}
