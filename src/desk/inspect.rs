//! Everything about one ticket.

use super::track::track;
use crate::model::history::HistoryLine;
use crate::model::person::{Caller, Customer};
use crate::model::ticket::Shown;
use crate::model::{Error, TicketId};
use crate::store::Unit;

/// A ticket with its people and its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossier {
    /// The ticket, with what it refers to.
    pub shown: Shown,
    /// The customer who opened it, then its group, as far as the store knows them.
    pub people: Vec<Customer>,
    /// Everything that was written about it, in the order of its operations.
    pub history: Vec<HistoryLine>,
}

/// Reads everything about a ticket on one snapshot.
///
/// # Errors
/// [`Error::TicketNotFound`].
pub fn inspect(unit: &mut dyn Unit, caller: &Caller, id: TicketId) -> Result<Dossier, Error> {
    let shown = track(unit, caller, id)?;
    let mut people = Vec::with_capacity(1 + shown.ticket.members.len());
    for customer in std::iter::once(shown.ticket.owner).chain(shown.ticket.members.iter().copied()) {
        people.extend(unit.people().customer(customer)?);
    }
    let mut history = unit.trail().history(id)?;
    history.sort_by_key(|line| (line.audit, line.what.rank()));
    Ok(Dossier { shown, people, history })
}
