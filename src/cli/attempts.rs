//! Deliveries as the lists of webhooks' deliveries and of mails show them alike.

use super::output::look::{FAINT, Look};
use super::output::table::{Cell, Column};
use crate::model::delivery::{Attempt, ChannelName, Delivery, DeliveryError, DeliveryState};

/// Progress.
pub(super) const STATE: Column = Column::whole("cli.column.state");
/// Attempts so far.
pub(super) const ATTEMPTS: Column = Column::number("cli.column.attempts");
/// The outcome of the last attempt.
pub(super) const RESULT: Column = Column::text("cli.column.result");
/// The time of the last attempt.
pub(super) const LAST: Column = Column::whole("cli.column.last").spare(3);
/// The time of the next attempt.
pub(super) const NEXT: Column = Column::whole("cli.column.next").spare(1);

/// The cells of these columns, in their order.
pub(super) fn cells<T>(delivery: &Delivery<T>, channel: ChannelName, look: &Look) -> [Cell; 5] {
    let state = Cell::new(&delivery.state);
    let last = delivery.last.as_ref();
    [
        if delivery.state == DeliveryState::Delivered { state.styled(FAINT) } else { state },
        Cell::new(&delivery.attempts),
        Cell::new(&last.map(|last| result(last, channel, look)).unwrap_or_default()),
        Cell::maybe(last.map(|last| look.when(last.at))),
        Cell::maybe(delivery.due_at.map(|at| look.when(at))),
    ]
}

/// The answer's status and beginning, or why none came.
fn result(last: &Attempt, channel: ChannelName, look: &Look) -> String {
    match (last.outcome.status(), last.outcome.error()) {
        (_, Some(error)) => look.word(words(error, channel)),
        (Some(status), None) => format!("{status} {}", last.answer.trim()).trim_end().to_owned(),
        (None, None) => String::new(),
    }
}

/// The key of what is said of an error.
pub(super) const fn words(error: DeliveryError, channel: ChannelName) -> &'static str {
    match (error, channel) {
        (DeliveryError::Unresolved, _) => "cli.trouble.unresolved",
        (DeliveryError::NotPublic, _) => "cli.trouble.not_public",
        (DeliveryError::Unreachable, ChannelName::Webhooks) => "cli.trouble.unreachable",
        (DeliveryError::Unreachable, ChannelName::Mail) => "cli.trouble.no_relay",
        (DeliveryError::Tls, _) => "cli.trouble.tls",
        (DeliveryError::TimedOut, _) => "cli.trouble.timed_out",
        (DeliveryError::Broken, ChannelName::Webhooks) => "cli.trouble.broken",
        (DeliveryError::Broken, ChannelName::Mail) => "cli.trouble.no_smtp",
    }
}
