//! Parsing of the arguments. Usage errors are translated, and are JSON if the requested format is.

mod message;
mod parse;

pub use parse::parse;
