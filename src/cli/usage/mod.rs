//! Arguments that are wrong: told in the reader's language, and as JSON to whoever asked for JSON.

mod message;
mod parse;

pub use parse::parse;
