//! Text page of a ticket: fields, customers, description and history.

use super::super::output::display_options::{DisplayOptions, FAINT, HEADING, level_style, status_style};
use super::super::output::sanitize::{sanitize, sanitize_lines};
use super::super::output::truncate::{width, wrap};
use crate::desk::inspect::TicketReport;
use crate::model::history::{HistoryEntry, HistoryLine};
use crate::model::ticket::TicketDetails;
use crate::model::{CustomerId, Message, TicketId};

/// Indent of the description and of the history.
const INDENT: usize = 2;
/// Indent of the effects of an operation.
const EFFECT_INDENT: usize = 4;

/// Renders the page, safe for a terminal, without a final line break.
pub(super) fn render(report: &TicketReport, display: &DisplayOptions) -> String {
    let TicketReport { details, history, .. } = report;
    let ticket = &details.ticket;
    let mut lines = Vec::new();
    let heading = display.locale.translate(&Message::new("cli.page.ticket").with("id", ticket.id));
    let level = display.locale.translate(&Message::new("cli.page.level").with("level", ticket.level));
    lines.push(format!(
        "{}  {}  {}",
        display.paint(HEADING, &heading),
        display.paint(status_style(ticket.status), ticket.status.as_str()),
        display.paint(level_style(ticket.level), &level),
    ));
    lines.push(String::new());
    push_fields(&mut lines, &fields(report, display), display);
    lines.push(String::new());
    lines.push(display.paint(HEADING, &display.word("cli.page.description")));
    for line in sanitize_lines(ticket.description.as_str()) {
        push_wrapped(&mut lines, INDENT, &line, display);
    }
    lines.push(String::new());
    lines.push(display.paint(HEADING, &display.word("cli.page.history")));
    for line in history {
        push_history(&mut lines, line, ticket.id, display);
    }
    lines.join("\n")
}

/// Returns the fields of the ticket as pairs of name and value.
fn fields(report: &TicketReport, display: &DisplayOptions) -> Vec<(String, String)> {
    let TicketReport { details, customers, .. } = report;
    let ticket = &details.ticket;
    let customer = |id: CustomerId| {
        let name = customers.iter().find(|customer| customer.id == id).map(|customer| sanitize(&customer.name));
        name.map_or_else(|| id.to_string(), |name| format!("{id}  {name}"))
    };
    let mut fields = vec![(display.word("cli.page.customer"), customer(ticket.owner))];
    for (index, member) in ticket.members.iter().enumerate() {
        let name = if index == 0 { display.word("cli.page.group") } else { String::new() };
        fields.push((name, customer(*member)));
    }
    fields.push((display.word("cli.page.service"), ticket.service.to_string()));
    fields.push((display.word("cli.page.issue"), ticket.issue.to_string()));
    fields.extend(reference_fields(details, display));
    fields.push((display.word("cli.page.opened"), display.exact_time(ticket.created_at)));
    fields.push((display.word("cli.page.updated"), display.exact_time(ticket.updated_at)));
    fields
}

/// Returns the fields of the ride, the order and the booking.
fn reference_fields(details: &TicketDetails, display: &DisplayOptions) -> Vec<(String, String)> {
    let ride = details.ride.as_ref().map(|ride| {
        let route = format!("{}  {} → {}", ride.id, sanitize(&ride.pickup), sanitize(&ride.dropoff));
        (display.word("cli.page.ride"), route)
    });
    let order = details.order.as_ref().map(|order| {
        let total = format!("{} {}", order.total.amount, order.total.currency);
        (display.word("cli.page.order"), format!("{}  {}, {}", order.id, sanitize(&order.merchant), sanitize(&total)))
    });
    let booking = details.booking.as_ref().map(|booking| {
        let count = usize::try_from(booking.party_size).unwrap_or(usize::MAX);
        let party = display.locale.translate(&Message::new("cli.page.party").plural(count));
        let text = format!("{}  {}, {}, {party}", booking.id, sanitize(&booking.venue), booking.starts_at);
        (display.word("cli.page.booking"), text)
    });
    [ride, order, booking].into_iter().flatten().collect()
}

fn push_fields(lines: &mut Vec<String>, fields: &[(String, String)], display: &DisplayOptions) {
    let column = fields.iter().map(|(name, _)| width(name)).max().unwrap_or(0) + 2;
    for (name, value) in fields {
        let mut name = name.as_str();
        for line in wrap(value, display.width.saturating_sub(column)) {
            let pad = " ".repeat(column - width(name));
            lines.push(format!("{}{pad}{line}", display.paint(FAINT, name)));
            name = "";
        }
    }
}

fn push_wrapped(lines: &mut Vec<String>, indent: usize, text: &str, display: &DisplayOptions) {
    for line in wrap(text, display.width.saturating_sub(indent)) {
        let line = if line.is_empty() { line } else { format!("{}{line}", " ".repeat(indent)) };
        lines.push(line);
    }
}

/// Appends an operation, or one of its effects with a deeper indent.
fn push_history(lines: &mut Vec<String>, line: &HistoryLine, ticket: TicketId, display: &DisplayOptions) {
    let translate = |message: &Message| sanitize(&display.locale.translate(message)).into_owned();
    match &line.entry {
        HistoryEntry::Audit { action, actor, request, state, reason } => {
            let done = Message::new("cli.page.done").with("action", action).with("actor", actor);
            let mut text = format!("{}  {}", display.exact_time(line.at), translate(&done));
            if let Some((status, level)) = state {
                let level = translate(&Message::new("cli.page.level").with("level", level));
                text = format!("{text} → {status}, {level}");
            }
            push_wrapped(lines, INDENT, &text, display);
            if let Some(reason) = reason {
                push_wrapped(
                    lines,
                    EFFECT_INDENT,
                    &translate(&Message::new("cli.page.reason").with("reason", reason)),
                    display,
                );
            }
            if let Some(request) = request {
                push_wrapped(
                    lines,
                    EFFECT_INDENT,
                    &translate(&Message::new("cli.page.request").with("id", request)),
                    display,
                );
            }
        }
        HistoryEntry::Award { customer, award } => {
            let message = Message::new("cli.page.award")
                .with("points", award.points)
                .with("credit", award.credit)
                .with("action", award.action)
                .with("customer", customer);
            push_wrapped(lines, EFFECT_INDENT, &translate(&message), display);
        }
        HistoryEntry::Notification { customer, notice, level, read_at } => {
            let sentence = translate(&notice.message(ticket, *level));
            let key = if read_at.is_some() { "cli.page.notification_read" } else { "cli.page.notification" };
            let message = Message::new(key).with("customer", customer).with("sentence", sentence);
            let message = match read_at {
                Some(at) => message.with("at", display.exact_time(*at)),
                None => message,
            };
            push_wrapped(lines, EFFECT_INDENT, &translate(&message), display);
        }
        HistoryEntry::Event { sequence, name } => {
            let message = Message::new("cli.page.event").with("event", name).with("id", sequence);
            push_wrapped(lines, EFFECT_INDENT, &translate(&message), display);
        }
    }
}
