//! Help: what `--help`, the manual and the completions say, in the reader's language.
//!
//! The sources say what a command and its arguments are for in doc comments, and the parser works with those. Whoever
//! asks for help gets the same tree with every sentence from `locales/`, set into pages of our own: the parser's pages
//! have headings and notes that are English alone, and break no Chinese lines.

mod manual;
mod page;
mod screen;
mod words;

use clap::Command;

use super::output::look::Look;
use crate::text::Locale;
use page::Page;
pub use words::{Sentence, sentences};

/// The widest page: longer lines are hard to read.
const WIDTH_MAX: usize = 100;

/// The tree of commands with every sentence in this language.
pub(super) fn in_language(locale: Locale) -> Command {
    words::in_language(locale)
}

/// The manual in this language: each page with the name of its file, the main page first.
pub(super) fn manual(locale: Locale) -> Vec<(String, String)> {
    manual::pages(&mut in_language(locale), locale)
}

/// The same tree, where the help of each command that these words name is our page: the parser shows the page of the one
/// that it finds, the short one or the long one, and nothing around it.
pub(super) fn showing_pages(locale: Locale, words: &[String]) -> Command {
    let mut look = Look::of_stdout(locale);
    look.width = look.width.min(WIDTH_MAX);
    with_pages(in_language(locale), words, &look)
}

fn with_pages(mut command: Command, words: &[String], look: &Look) -> Command {
    let page = Page::of(&mut command, look.locale);
    let is_named = |below: &Command| words.iter().any(|word| word == below.get_name());
    command
        .mut_subcommands(|below| if is_named(&below) { with_pages(below, words, look) } else { below })
        .about(screen::short(&page, look))
        .long_about(screen::long(&page, look))
        .help_template("{about}")
        .term_width(0)
}
