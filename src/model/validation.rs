//! What is wrong with an input, place by place, so that a caller can mend everything at once.

use super::{Code, Message};

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationError {
    /// What kind of wrong it is.
    pub code: Code,
    /// The member at error: `description`, `groupCustomerIds[2]`, `tickets[3].rideId`; empty where it is the whole.
    pub field: String,
    /// What to tell a person.
    pub message: Message,
}

impl ValidationError {
    /// Whether its sentence says what it is about; "this must be a text" does so only beside its place.
    pub fn speaks_for_itself(&self) -> bool {
        const OF_ITS_PLACE: &[&str] = &[
            "validation.not_text",
            "validation.not_truth",
            "validation.not_number",
            "validation.not_id",
            "validation.not_list",
            "validation.not_time",
            "validation.missing",
        ];
        self.field.is_empty() || !OF_ITS_PLACE.contains(&self.message.key)
    }
}

/// The errors found so far, at most one for each place.
#[derive(Debug, Default)]
pub struct ValidationErrors(Vec<ValidationError>);

impl ValidationErrors {
    /// Notes a error, unless this place has one already: the first reason is the nearest to the cause.
    pub fn add(&mut self, code: Code, field: impl Into<String>, message: Message) {
        let field = field.into();
        if !self.names(&field) {
            self.0.push(ValidationError { code, field, message });
        }
    }

    /// Whether this place, or something inside it, has a error.
    pub fn names(&self, field: &str) -> bool {
        self.0.iter().any(|error| {
            error.field.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']))
        })
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The errors, those whose code comes first in the contract's order before the others.
    pub fn into_sorted(mut self) -> Vec<ValidationError> {
        self.0.sort_by_key(|error| error.code);
        self.0
    }

    /// The errors in the order in which they were found.
    pub fn into_found(self) -> Vec<ValidationError> {
        self.0
    }
}
