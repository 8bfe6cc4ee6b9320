//! Columns that the lists of webhook deliveries and of emails have in common.

use super::output::display_options::{DisplayOptions, FAINT};
use super::output::table::{Cell, Column};
use crate::model::delivery::{Attempt, ChannelName, Delivery, DeliveryError, DeliveryState};

/// Delivery state.
pub(super) const STATE: Column = Column::fixed("cli.column.state");
/// Number of attempts so far.
pub(super) const ATTEMPTS: Column = Column::number("cli.column.attempts");
/// Outcome of the last attempt.
pub(super) const RESULT: Column = Column::text("cli.column.result");
/// Time of the last attempt.
pub(super) const LAST: Column = Column::fixed("cli.column.last").with_rank(3);
/// Time of the next attempt.
pub(super) const NEXT: Column = Column::fixed("cli.column.next").with_rank(1);

/// Returns the cells of these columns, in their order.
pub(super) fn cells<T>(delivery: &Delivery<T>, channel: ChannelName, display: &DisplayOptions) -> [Cell; 5] {
    let state = Cell::new(&delivery.state);
    let last = delivery.last.as_ref();
    [
        if delivery.state == DeliveryState::Delivered { state.styled(FAINT) } else { state },
        Cell::new(&delivery.attempts),
        Cell::new(&last.map(|last| result_text(last, channel, display)).unwrap_or_default()),
        Cell::optional(last.map(|last| display.time(last.at))),
        Cell::optional(delivery.due_at.map(|at| display.time(at))),
    ]
}

/// Formats the result of an attempt: status and first characters of the response, or the delivery error.
fn result_text(last: &Attempt, channel: ChannelName, display: &DisplayOptions) -> String {
    match (last.outcome.status(), last.outcome.error()) {
        (_, Some(error)) => display.word(error_key(error, channel)),
        (Some(status), None) => format!("{status} {}", last.answer.trim()).trim_end().to_owned(),
        (None, None) => String::new(),
    }
}

/// Returns the locale key of a delivery error.
pub(super) const fn error_key(error: DeliveryError, channel: ChannelName) -> &'static str {
    match (error, channel) {
        (DeliveryError::Unresolved, _) => "cli.delivery_error.unresolved",
        (DeliveryError::NotPublic, _) => "cli.delivery_error.not_public",
        (DeliveryError::Unreachable, ChannelName::Webhooks) => "cli.delivery_error.unreachable",
        (DeliveryError::Unreachable, ChannelName::Mail) => "cli.delivery_error.no_relay",
        (DeliveryError::Tls, _) => "cli.delivery_error.tls",
        (DeliveryError::TimedOut, _) => "cli.delivery_error.timed_out",
        (DeliveryError::Broken, ChannelName::Webhooks) => "cli.delivery_error.broken",
        (DeliveryError::Broken, ChannelName::Mail) => "cli.delivery_error.no_smtp",
    }
}
