//! Prefixes of message ids.

/// Prefix of a webhook's message ids: 16 hexadecimal digits from random bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageIdPrefix(String);

impl MessageIdPrefix {
    /// Builds a prefix from random bytes.
    pub fn from_random(random: [u8; 8]) -> Self {
        Self(format!("{:016x}", u64::from_be_bytes(random)))
    }

    /// Parses a prefix.
    pub fn new(text: &str) -> Option<Self> {
        (text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the message id of an event: identical for each attempt.
    pub fn message(&self, event: i64) -> String {
        format!("msg_{}_{event}", self.0)
    }

    /// Returns the message id of a test message.
    pub fn test_message(&self, random: &Self) -> String {
        format!("msg_{}_test_{}", self.0, random.0)
    }
}
