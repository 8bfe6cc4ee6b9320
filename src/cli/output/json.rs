//! JSON that is safe to print: control characters in strings are escaped (`\u001b`), the value is unchanged.

use std::io::{self, Write};

use serde::Serialize;

use super::sanitize::is_unsafe;

/// Writes a value as indented JSON with a final line break.
///
/// # Errors
/// I/O errors of the writer, and serialization errors of the value.
pub(crate) fn write_document(to: &mut impl Write, value: &(impl Serialize + ?Sized)) -> serde_json::Result<()> {
    serde_json::to_writer_pretty(EscapingWriter(&mut *to), value)?;
    to.write_all(b"\n").map_err(serde_json::Error::io)
}

/// Writes a value as JSON on one line, with a final line break.
///
/// # Errors
/// As [`write_document`].
pub(crate) fn write_line(to: &mut impl Write, value: &(impl Serialize + ?Sized)) -> serde_json::Result<()> {
    serde_json::to_writer(EscapingWriter(&mut *to), value)?;
    to.write_all(b"\n").map_err(serde_json::Error::io)
}

/// Returns a value as JSON on one line, without a line break.
pub(crate) fn to_line(value: &(impl Serialize + ?Sized)) -> String {
    let mut bytes = Vec::new();
    serde_json::to_writer(EscapingWriter(&mut bytes), value)
        .expect("views have text keys, and writing to memory does not fail");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// Writer that escapes the unsafe characters in JSON strings that JSON does not require to be escaped.
struct EscapingWriter<W>(W);

impl<W: Write> Write for EscapingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // serde_json writes complete characters, and line breaks only between values.
        let mut rest = str::from_utf8(bytes).map_err(io::Error::other)?;
        let is_escaped = |(_, c): &(usize, char)| *c != '\n' && is_unsafe(*c);
        while let Some((at, c)) = rest.char_indices().find(is_escaped) {
            self.0.write_all(&rest.as_bytes()[..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(self.0, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        self.0.write_all(rest.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn the_value_is_unchanged_and_contains_no_unsafe_character() {
        let every: String = (0..=0x10_ffff).filter_map(char::from_u32).filter(|c| is_unsafe(*c)).collect();
        let value = json!({ format!("k{every}"): format!("林{every}\"\\") });
        let text = to_line(&value);
        assert!(!text.chars().any(is_unsafe));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn a_document_is_indented() {
        let mut text = Vec::new();
        write_document(&mut text, &json!({"tickets": [], "a": [1]})).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), "{\n  \"a\": [\n    1\n  ],\n  \"tickets\": []\n}\n");
    }
}
