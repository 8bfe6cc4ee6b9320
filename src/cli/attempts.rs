//! How far something is that is tried until it arrives: what the lists of deliveries and of mails show alike.

use super::output::look::{FAINT, Look};
use super::output::table::{Cell, Column};
use crate::model::Timestamp;
use crate::model::webhook::delivery::DeliveryState;

/// Where it stands.
pub(super) const STATE: Column = Column::word("cli.column.state");
/// How often it was tried.
pub(super) const ATTEMPTS: Column = Column::number("cli.column.attempts");
/// What came of the last attempt.
pub(super) const RESULT: Column = Column::text("cli.column.result");
/// When that was.
pub(super) const LAST: Column = Column::whole("cli.column.last").spare(3);
/// When it is tried next.
pub(super) const NEXT: Column = Column::whole("cli.column.next").spare(1);

/// The cells of these columns, in their order.
pub(super) fn cells(
    state: DeliveryState,
    attempts: u32,
    last: Option<(String, Timestamp)>,
    due_at: Option<Timestamp>,
    look: &Look,
) -> [Cell; 5] {
    let stands = Cell::new(&state);
    let (result, at) = last.unzip();
    [
        if state == DeliveryState::Delivered { stands.styled(FAINT) } else { stands },
        Cell::new(&attempts),
        Cell::new(&result.unwrap_or_default()),
        Cell::maybe(at.map(|at| look.when(at))),
        Cell::maybe(due_at.map(|at| look.when(at))),
    ]
}

/// What the other side said: its number and the beginning of its words.
pub(super) fn answered(number: u16, words: &str) -> String {
    format!("{number} {}", words.trim()).trim_end().to_owned()
}
