//! CSV: a header of JSON member names, one row per object, and no cell that a spreadsheet evaluates as a formula.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::sanitize::sanitize;

/// CSV writer. The header contains paths of JSON members, such as `ride.id`.
pub(crate) struct Csv {
    header: &'static [&'static str],
    for_terminal: bool,
}

impl Csv {
    /// Creates a writer of these members. Control characters are sanitized for a terminal only.
    pub(crate) const fn new(header: &'static [&'static str], for_terminal: bool) -> Self {
        Self { header, for_terminal }
    }

    /// Writes the header row.
    ///
    /// # Errors
    /// I/O errors of the writer.
    pub(crate) fn write_header(&self, to: &mut impl Write) -> io::Result<()> {
        write_record(to, self.header.iter().map(|name| (*name).to_owned()))
    }

    /// Writes an object as a row.
    ///
    /// # Errors
    /// As [`Self::write_header`].
    pub(crate) fn write_row(&self, to: &mut impl Write, row: &impl Serialize) -> io::Result<()> {
        let object = serde_json::to_value(row)?;
        write_record(
            to,
            self.header.iter().map(|path| {
                let cell = escape_formula(cell(member(&object, path)));
                if self.for_terminal { sanitize(&cell).into_owned() } else { cell }
            }),
        )
    }
}

fn write_record(to: &mut impl Write, cells: impl Iterator<Item = String>) -> io::Result<()> {
    // `to` is buffered.
    let mut writer = csv::WriterBuilder::new().buffer_capacity(256).from_writer(to);
    writer.write_record(cells.map(String::into_bytes))?;
    writer.flush()
}

/// Returns the member at a path, or `null`.
fn member<'v>(object: &'v Value, path: &str) -> &'v Value {
    path.split('.').fold(object, |value, name| value.get(name).unwrap_or(&Value::Null))
}

/// Formats a value as a cell: empty for `null`, elements of an array separated by spaces.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(" "),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// Prefixes a cell that begins like a formula with an apostrophe (OWASP, CSV injection).
fn escape_formula(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(header: &'static [&'static str], for_terminal: bool, object: &Value) -> String {
        let mut text = Vec::new();
        Csv::new(header, for_terminal).write_row(&mut text, object).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_row_is_flat() {
        let object = json!({"ride": {"id": 7}, "order": null, "members": [2, 3], "text": "a \"b\",\nc"});
        let header = &["ride.id", "order.total.amount", "members", "text"];
        assert_eq!(row(header, false, &object), "7,,2 3,\"a \"\"b\"\",\nc\"\n");
    }

    #[test]
    fn no_cell_begins_like_a_formula() {
        for text in ["=1+1", "+1", "-1", "@A1", "\tx", "\rx"] {
            let row = row(&["a", "b"], false, &json!({"a": "safe", "b": text}));
            assert!(row.contains(",'") || row.contains(",\"'"), "{row:?}");
        }
    }

    #[test]
    fn cells_are_sanitized_for_a_terminal_only() {
        let object = json!({"a": "x\u{1b}[2J\ny"});
        assert_eq!(row(&["a"], true, &object), "x␛[2J↵y\n");
        assert_eq!(row(&["a"], false, &object), "\"x\u{1b}[2J\ny\"\n");
    }
}
