//! Keys that clients choose for idempotent operations.

/// Key: 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// Parses a key.
    pub fn new(text: &str) -> Option<Self> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        ((1..=255).contains(&text.len()) && visible).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_visible_ascii_of_bounded_length() {
        for valid in ["a", "!~", &"k".repeat(255)] {
            assert!(Key::new(valid).is_some(), "{valid:?}");
        }
        for invalid in ["", " ", "a b", "a\t", "clé", "\u{7f}", &"k".repeat(256)] {
            assert!(Key::new(invalid).is_none(), "{invalid:?}");
        }
    }
}
