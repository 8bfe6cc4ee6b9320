//! Words in a description, in any case of letters: the SQL function `mentions`.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

/// Lets the connection's statements call `mentions(text, folded words)`.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("mentions", 2, flags, |context| {
        let text = context.get_raw(0).as_str()?;
        let words = context.get_raw(1).as_str()?;
        Ok(fold(text).contains(words))
    })
}

/// The text without its case, sign by sign, so that a part of a word folds as it does inside the whole: `ß` as `SS`
/// does, and `ς` as `Σ`.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}
