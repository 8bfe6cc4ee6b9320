//! Beginnings of message ids.

/// What the ids of a webhook's messages begin with: 16 hexadecimal digits, of random bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageIdPrefix(String);

impl MessageIdPrefix {
    /// The tag of these random bytes.
    pub fn from_random(random: [u8; 8]) -> Self {
        Self(format!("{:016x}", u64::from_be_bytes(random)))
    }

    /// The tag of this text, where it is one.
    pub fn new(text: &str) -> Option<Self> {
        (text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| Self(text.to_owned()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the message that brings the event of this sequence number: the same on every try.
    pub fn message(&self, event: i64) -> String {
        format!("msg_{}_{event}", self.0)
    }

    /// The id of a message that only tries the webhook out.
    pub fn test_message(&self, random: &Self) -> String {
        format!("msg_{}_test_{}", self.0, random.0)
    }
}
