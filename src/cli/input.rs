//! Standard input: ids, or a description.

use std::io::{self, Read};
use std::str::FromStr;

use super::failure::Failure;
use super::values::IdArgument;

/// Maximum size of standard input in bytes.
const MAX_SIZE: u64 = 16 * 1024 * 1024;

/// Reads standard input as text, without a byte order mark.
///
/// # Errors
/// [`Failure::CannotRead`] if the input cannot be read, is not UTF-8, or is too long.
pub(crate) fn read_text() -> Result<String, Failure> {
    let cannot_read = |source| Failure::CannotRead { name: "-".to_owned(), source };
    let mut text = String::new();
    let read = io::stdin().lock().take(MAX_SIZE + 1).read_to_string(&mut text).map_err(cannot_read)?;
    if read as u64 > MAX_SIZE {
        return Err(cannot_read(io::Error::from(io::ErrorKind::FileTooLarge)));
    }
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Returns the ids of the arguments, with those on standard input in place of `-`. A word there that is not an id is a
/// failure of its own.
///
/// # Errors
/// As [`read_text`].
pub(crate) fn read_ids<I: FromStr + Copy>(arguments: &[IdArgument<I>]) -> Result<Vec<Result<I, Failure>>, Failure> {
    let mut ids = Vec::with_capacity(arguments.len());
    for argument in arguments {
        match argument {
            IdArgument::Id(id) => ids.push(Ok(*id)),
            IdArgument::Stdin => {
                let text = read_text()?;
                let words = text.split_whitespace();
                ids.extend(words.map(|word| word.parse().map_err(|_| Failure::InvalidId(word.to_owned()))));
            }
        }
    }
    Ok(ids)
}
