//! Untranslated messages: a key of `locales/` with values.

use std::fmt::Display;

/// Message in no language yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Key of `locales/*.json`, such as `error.ticket_closed`.
    pub key: &'static str,
    /// Names of placeholders, as in `%{id}`, with their values.
    pub values: Vec<(&'static str, String)>,
    /// Number that selects the plural form (`key.one`, `key.other`, …), if the message has plural forms.
    pub count: Option<usize>,
}

impl Message {
    /// Builds the message with this key, without values.
    pub const fn new(key: &'static str) -> Self {
        Self { key, values: Vec::new(), count: None }
    }

    /// Adds the value of a placeholder.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// Selects the plural form for this number, and sets `%{count}`.
    #[must_use]
    pub fn plural(mut self, count: usize) -> Self {
        self.count = Some(count);
        self.with("count", count)
    }
}
