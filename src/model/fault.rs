//! What is wrong with an input, place by place, so that a caller can mend everything at once.

use super::{Code, Message};

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What kind of wrong it is.
    pub code: Code,
    /// The member at fault: `description`, `groupCustomerIds[2]`, `tickets[3].rideId`; empty where it is the whole.
    pub field: String,
    /// What to tell a person.
    pub message: Message,
}

impl Fault {
    /// Whether its sentence says what it is about; "this must be a text" does so only beside its place.
    pub fn speaks_for_itself(&self) -> bool {
        const OF_ITS_PLACE: &[&str] = &[
            "fault.not_text",
            "fault.not_truth",
            "fault.not_number",
            "fault.not_id",
            "fault.not_list",
            "fault.not_time",
            "fault.missing",
        ];
        self.field.is_empty() || !OF_ITS_PLACE.contains(&self.message.key)
    }
}

/// The faults found so far, at most one for each place.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Notes a fault, unless this place has one already: the first reason is the nearest to the cause.
    pub fn add(&mut self, code: Code, field: impl Into<String>, message: Message) {
        let field = field.into();
        if !self.names(&field) {
            self.0.push(Fault { code, field, message });
        }
    }

    /// Whether this place, or something inside it, has a fault.
    pub fn names(&self, field: &str) -> bool {
        self.0.iter().any(|fault| {
            fault.field.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']))
        })
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The faults, those whose code comes first in the contract's order before the others.
    pub fn into_sorted(mut self) -> Vec<Fault> {
        self.0.sort_by_key(|fault| fault.code);
        self.0
    }

    /// The faults in the order in which they were found.
    pub fn into_found(self) -> Vec<Fault> {
        self.0
    }
}
