//! Roles of tokens.

/// A role's name: 1 to 32 of `[a-z0-9_-]`. A token opens something in the role of its principal's own kind alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role(String);

impl Role {
    /// The role of this name, where it may be one.
    pub fn new(name: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
        ((1..=32).contains(&name.len()) && name.bytes().all(plain)).then(|| Self(name.to_owned()))
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
