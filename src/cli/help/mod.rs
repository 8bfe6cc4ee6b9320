//! Help, the manual and completions in the reader's language.
//!
//! The sources say what a command and its arguments are for in doc comments, and the parser works with those. Whoever
//! asks for help gets the same tree with every sentence and heading from `locales/`; clap lays it out.

mod manual;
mod notes;
mod screen;
mod translate;

pub(super) use manual::manual;
pub(super) use screen::for_screen;
pub use translate::Sentence;
pub(super) use translate::{in_language, sentences};
