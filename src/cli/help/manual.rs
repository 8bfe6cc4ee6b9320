//! The manual, as roff: a page for each command.

use clap::Command;
use roff::{Inline, Roff, bold, italic, roman};

use super::page::{Entry, Page};
use crate::text::Locale;

/// The section of the manual for programs that anyone may run.
const SECTION: &str = "1";

/// The pages on a command and those below it, each with the name of its file; the command's own is the first.
pub(crate) fn pages(command: &mut Command, locale: Locale) -> Vec<(String, String)> {
    let page = Page::of(command, locale);
    let mut pages = vec![(format!("{}.{SECTION}", title(&page)), set(&page, locale))];
    // What is said of help is said on each page.
    for below in command.get_subcommands_mut().filter(|below| below.get_name() != "help") {
        pages.extend(self::pages(below, locale));
    }
    pages
}

/// What the page is called: `support-ticket-list`.
fn title(page: &Page) -> String {
    page.name.replace(' ', "-")
}

fn set(page: &Page, locale: Locale) -> String {
    let mut roff = Roff::new();
    let version = concat!("support ", env!("CARGO_PKG_VERSION"));
    roff.control("TH", [&title(page), SECTION, "", version]);
    head(&mut roff, &locale.word("cli.man.name"));
    roff.text([roman(format!("{} - {}", title(page), page.about))]);
    head(&mut roff, &locale.word("cli.man.synopsis"));
    let rest = page.usage.strip_prefix(page.name.as_str()).unwrap_or_default();
    roff.text([bold(page.name.as_str()), roman(rest)]);
    head(&mut roff, &locale.word("cli.man.description"));
    roff.text([roman(page.about.as_str())]);
    for paragraph in page.more.iter().flat_map(|more| more.split("\n\n")) {
        roff.control("PP", []);
        roff.text([roman(paragraph)]);
    }
    let commands: Vec<_> = page.commands.iter().filter(|(name, _)| name != "help").collect();
    if !commands.is_empty() {
        head(&mut roff, &locale.word("cli.help.commands"));
    }
    for (name, about) in commands {
        term(&mut roff, vec![bold(format!("{}-{name}", title(page))), roman(format!("({SECTION})"))], about);
    }
    for group in &page.groups {
        head(&mut roff, &group.heading);
        group.entries.iter().for_each(|entry| argument(&mut roff, entry, locale));
    }
    end(&mut roff, page, locale);
    roff.render()
}

fn head(roff: &mut Roff, heading: &str) {
    let heading = heading.trim_end_matches([':', '：', ' ', '\u{a0}', '\u{202f}']).to_uppercase();
    roff.control("SH", [heading.as_str()]);
}

/// A term, and what is said of it.
fn term(roff: &mut Roff, term: Vec<Inline>, said: &str) {
    roff.control("TP", []);
    roff.text(term);
    roff.text([roman(said)]);
}

fn argument(roff: &mut Roff, entry: &Entry, locale: Locale) {
    let short = entry.short.as_deref().and_then(|short| short.strip_suffix(", "));
    let mut named: Vec<Inline> = short.map(|short| [bold(short), roman(", ")]).into_iter().flatten().collect();
    named.extend([bold(entry.name.as_str()), italic(entry.value.as_str())]);
    term(roff, named, &entry.help);
    let mut notes = entry.lasting_notes(locale);
    if entry.explains_values() {
        roff.control("RS", []);
        for (value, means) in &entry.values {
            term(roff, vec![bold(value.as_str())], means.as_deref().unwrap_or_default());
        }
        roff.control("RE", []);
    } else {
        notes.extend(entry.possible(locale));
    }
    if notes.is_empty() {
        return;
    }
    roff.control("RS", []);
    for note in notes {
        roff.control("PP", []);
        roff.text([roman(note)]);
    }
    roff.control("RE", []);
}

/// Examples as they are typed, and what the exit codes mean.
fn end(roff: &mut Roff, page: &Page, locale: Locale) {
    if !page.examples.is_empty() {
        head(roff, &locale.word("cli.help.examples"));
    }
    for (example, comment) in &page.examples {
        if let Some(comment) = comment {
            term(roff, vec![bold(example.as_str())], comment);
        } else {
            roff.control("PP", []);
            roff.text([bold(example.as_str())]);
        }
    }
    if !page.exits.is_empty() {
        head(roff, &locale.word("cli.help.exits"));
    }
    for (code, means) in &page.exits {
        term(roff, vec![bold(code.as_str())], means);
    }
}
