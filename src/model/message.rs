//! A sentence not yet said: a key into `locales/` and the values that go into it.

use std::fmt::Display;

/// What to say, without the language it will be said in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// A key of `locales/*.json`, such as `error.ticket_closed`.
    pub key: &'static str,
    /// Placeholder and value, as in `%{id}`.
    pub values: Vec<(&'static str, String)>,
    /// Where the sentence counts something: how many, to choose the plural form (`key.one`, `key.other`, …).
    pub count: Option<usize>,
}

impl Message {
    /// The sentence under this key, with nothing to fill in yet.
    pub const fn new(key: &'static str) -> Self {
        Self { key, values: Vec::new(), count: None }
    }

    /// Fills the placeholder of this name.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// Says that the sentence speaks of so many, so that the right plural form is chosen, and fills `%{count}`.
    #[must_use]
    pub fn plural(mut self, count: usize) -> Self {
        self.count = Some(count);
        self.with("count", count)
    }
}
