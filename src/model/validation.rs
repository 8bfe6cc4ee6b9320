//! Validation errors: all errors of an input, each with its path.

use super::{Code, Message};

/// Validation error of one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationError {
    pub code: Code,
    /// Path of the member: `description`, `groupCustomerIds[2]`, `tickets[3].rideId`; empty for the whole input.
    pub field: String,
    /// Message for users.
    pub message: Message,
}

impl ValidationError {
    /// Returns true if the message is understandable without the path, unlike "this must be a text".
    pub fn is_self_contained(&self) -> bool {
        const NEEDS_PATH: &[&str] = &[
            "validation.not_text",
            "validation.not_truth",
            "validation.not_number",
            "validation.not_id",
            "validation.not_list",
            "validation.not_time",
            "validation.missing",
        ];
        self.field.is_empty() || !NEEDS_PATH.contains(&self.message.key)
    }
}

/// Errors found so far, at most one for each path.
#[derive(Debug, Default)]
pub struct ValidationErrors(Vec<ValidationError>);

impl ValidationErrors {
    /// Adds an error unless the path already has one: the first error is closest to the cause.
    pub fn add(&mut self, code: Code, field: impl Into<String>, message: Message) {
        let field = field.into();
        if !self.names(&field) {
            self.0.push(ValidationError { code, field, message });
        }
    }

    /// Returns true if this path, or one below it, has an error.
    pub fn names(&self, field: &str) -> bool {
        self.0.iter().any(|error| {
            error.field.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']))
        })
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the errors sorted by the precedence of their codes.
    pub fn into_sorted(mut self) -> Vec<ValidationError> {
        self.0.sort_by_key(|error| error.code);
        self.0
    }

    /// Returns the errors in the order in which they were found.
    pub fn into_unsorted(self) -> Vec<ValidationError> {
        self.0
    }
}
