//! JSON that is safe to print: the value is the same, but what a terminal would act on is written as `\u001b`.

use std::io::{self, Write};

use serde::Serialize;

use super::sanitize::is_unsafe;

/// Writes a value over several lines, indented by two spaces, with a line break at the end.
///
/// # Errors
/// Those of the writer, and of a value that cannot be serialized.
pub(crate) fn write_document(to: &mut impl Write, value: &(impl Serialize + ?Sized)) -> serde_json::Result<()> {
    serde_json::to_writer_pretty(Safe(&mut *to), value)?;
    to.write_all(b"\n").map_err(serde_json::Error::io)
}

/// Writes a value on one line, with a line break at the end.
///
/// # Errors
/// As [`write_document`].
pub(crate) fn write_line(to: &mut impl Write, value: &(impl Serialize + ?Sized)) -> serde_json::Result<()> {
    serde_json::to_writer(Safe(&mut *to), value)?;
    to.write_all(b"\n").map_err(serde_json::Error::io)
}

/// A value on one line, without a line break.
pub(crate) fn line(value: &(impl Serialize + ?Sized)) -> String {
    let mut bytes = Vec::new();
    serde_json::to_writer(Safe(&mut bytes), value).expect("our views have texts for keys, and memory takes them");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// A writer of JSON that escapes the unsafe characters which JSON itself lets stand, all of them within its strings.
struct Safe<W>(W);

impl<W: Write> Write for Safe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // serde_json writes whole characters, and a line break between two values alone.
        let mut rest = str::from_utf8(bytes).map_err(io::Error::other)?;
        let unsafe_one = |(_, sign): &(usize, char)| *sign != '\n' && is_unsafe(*sign);
        while let Some((at, sign)) = rest.char_indices().find(unsafe_one) {
            self.0.write_all(&rest.as_bytes()[..at])?;
            for unit in sign.encode_utf16(&mut [0; 2]) {
                write!(self.0, "\\u{unit:04x}")?;
            }
            rest = &rest[at + sign.len_utf8()..];
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
    fn the_value_is_the_same_and_no_byte_acts_on_a_terminal() {
        let every: String = (0..=0x10_ffff).filter_map(char::from_u32).filter(|sign| is_unsafe(*sign)).collect();
        let value = json!({ format!("k{every}"): format!("林{every}\"\\") });
        let text = line(&value);
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
