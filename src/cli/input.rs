//! Standard input: ids, or a description.

use std::io::{self, Read};
use std::str::FromStr;

use super::failure::Failure;
use super::values::Named;

/// Maximum size of standard input in bytes.
const MOST: u64 = 16 * 1024 * 1024;

/// Reads standard input as text, without a byte order mark.
///
/// # Errors
/// [`Failure::Unread`] if the input cannot be read, is not UTF-8, or is too long.
pub(crate) fn text() -> Result<String, Failure> {
    let unread = |source| Failure::Unread { name: "-".to_owned(), source };
    let mut text = String::new();
    let read = io::stdin().lock().take(MOST + 1).read_to_string(&mut text).map_err(unread)?;
    if read as u64 > MOST {
        return Err(unread(io::Error::from(io::ErrorKind::FileTooLarge)));
    }
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Returns the ids of the arguments, with those on standard input in place of `-`. A word there that is not an id is a
/// failure of its own.
///
/// # Errors
/// As [`text`].
pub(crate) fn ids<I: FromStr + Copy>(named: &[Named<I>]) -> Result<Vec<Result<I, Failure>>, Failure> {
    let mut ids = Vec::with_capacity(named.len());
    for named in named {
        match named {
            Named::Id(id) => ids.push(Ok(*id)),
            Named::Stdin => {
                let text = text()?;
                let words = text.split_whitespace();
                ids.extend(words.map(|word| word.parse().map_err(|_| Failure::IdParseError(word.to_owned()))));
            }
        }
    }
    Ok(ids)
}
