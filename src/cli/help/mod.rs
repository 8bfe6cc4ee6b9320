//! Help, the manual and completions in the reader's language.
//!
//! Doc comments describe commands and arguments, and the parser uses these. A request for help builds the same command
//! tree with every sentence and heading from `locales/`; clap lays it out.

mod manual;
mod notes;
mod screen;
mod translate;

pub(super) use manual::manual;
pub(super) use screen::for_screen;
pub use translate::Sentence;
pub(super) use translate::{in_language, sentences};
