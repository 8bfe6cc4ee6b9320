//! JSON that is safe to look at: the value is the same, but what a terminal would act on is written as `\u001b`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use super::visible::is_unsafe;

/// Writes a value over several lines, indented by two spaces, with a line break at the end.
///
/// # Errors
/// Those of the writer, and of a value that cannot be serialized.
pub(crate) fn write_document(to: &mut impl Write, value: &(impl Serialize + ?Sized)) -> serde_json::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *to, Safe(PrettyFormatter::new())))?;
    to.write_all(b"\n").map_err(serde_json::Error::io)
}

/// Writes a value on one line, with a line break at the end.
///
/// # Errors
/// As [`write_document`].
pub(crate) fn write_line(to: &mut impl Write, value: &(impl Serialize + ?Sized)) -> serde_json::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *to, Safe(CompactFormatter)))?;
    to.write_all(b"\n").map_err(serde_json::Error::io)
}

/// A value on one line, without a line break.
pub(crate) fn line(value: &(impl Serialize + ?Sized)) -> String {
    let mut bytes = Vec::new();
    value
        .serialize(&mut Serializer::with_formatter(&mut bytes, Safe(CompactFormatter)))
        .expect("our views have texts for keys, and memory takes them");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// Another formatter, with the unsafe characters escaped that JSON itself lets stand.
struct Safe<F>(F);

impl<F: Formatter> Formatter for Safe<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, to: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, sign)) = rest.char_indices().find(|(_, sign)| is_unsafe(*sign)) {
            self.0.write_string_fragment(to, &rest[..at])?;
            for unit in sign.encode_utf16(&mut [0; 2]) {
                write!(to, "\\u{unit:04x}")?;
            }
            rest = &rest[at + sign.len_utf8()..];
        }
        self.0.write_string_fragment(to, rest)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_array(to)
    }

    fn end_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_array(to)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(to, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_array_value(to)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_object(to)
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_object(to)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(to, first)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_object_key(to)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_object_value(to)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_object_value(to)
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
