//! A page of help on a screen: short with a line or two for each argument, long with all there is to say.

use anstyle::Style;

use super::super::output::fit::{width, wrap};
use super::super::output::look::Look;
use super::page::{Entry, Page};

/// The style of headings.
const HEADING: Style = Style::new().bold().underline();
/// The style of what is typed as it stands.
const LITERAL: Style = Style::new().bold();
/// How far everything under a heading stands in.
const INDENT: usize = 2;
/// How far a sentence stands in that has a line of its own.
const DEEP: usize = 10;
/// The columns of `-h, `, for those without a short name too.
const SHORT: usize = 4;
/// The longest example that its comment stands beside.
const BESIDE: usize = 46;

/// What stands in the left column: as it looks, and how wide that is.
struct Term {
    shown: String,
    width: usize,
}

impl Term {
    fn of(literal: &str, rest: &str) -> Self {
        Self { shown: format!("{LITERAL}{literal}{LITERAL:#}{rest}"), width: width(literal) + width(rest) }
    }

    /// An argument, in line with those that have a short name.
    fn of_entry(entry: &Entry, named: bool) -> Self {
        let short = entry.short.clone().unwrap_or_else(|| if named { " ".repeat(SHORT) } else { String::new() });
        let named = Self::of(&entry.name, &entry.value);
        let shown = match short.strip_suffix(", ") {
            Some(sign) => format!("{LITERAL}{sign}{LITERAL:#}, {}", named.shown),
            None => format!("{short}{}", named.shown),
        };
        Self { shown, width: width(&short) + named.width }
    }
}

/// The page that `-h` shows.
pub(super) fn short(page: &Page, look: &Look) -> String {
    let mut lines = wrap(&page.about, look.width);
    push_usage(&mut lines, page, look);
    push_commands(&mut lines, page, look);
    for group in &page.groups {
        push_heading(&mut lines, &group.heading);
        let rows = group.entries.iter().map(|entry| {
            let notes = entry.notes(look.locale).into_iter().chain(entry.possible(look.locale));
            let said = std::iter::once(entry.help.clone()).chain(notes).collect::<Vec<_>>().join(" ");
            (Term::of_entry(entry, !entry.name.is_empty()), said)
        });
        push_rows(&mut lines, &rows.collect::<Vec<_>>(), look);
    }
    push_end(&mut lines, page, look);
    lines.join("\n")
}

/// The page that `--help` shows.
pub(super) fn long(page: &Page, look: &Look) -> String {
    let mut lines = wrap(&page.about, look.width);
    for paragraph in page.more.iter().flat_map(|more| more.split("\n\n")) {
        lines.push(String::new());
        lines.extend(wrap(paragraph, look.width));
    }
    push_usage(&mut lines, page, look);
    push_commands(&mut lines, page, look);
    for group in &page.groups {
        push_heading(&mut lines, &group.heading);
        for (place, entry) in group.entries.iter().enumerate() {
            if place > 0 {
                lines.push(String::new());
            }
            push_entry(&mut lines, entry, look);
        }
    }
    push_end(&mut lines, page, look);
    lines.join("\n")
}

fn push_heading(lines: &mut Vec<String>, heading: &str) {
    lines.push(String::new());
    lines.push(format!("{HEADING}{heading}{HEADING:#}"));
}

fn push_usage(lines: &mut Vec<String>, page: &Page, look: &Look) {
    let heading = look.word("cli.help.usage");
    // A Chinese colon brings its space along.
    let gap = if heading.ends_with('：') { "" } else { " " };
    let rest = page.usage.strip_prefix(page.name.as_str()).unwrap_or_default();
    let usage = if rest.is_empty() { Term::of(&page.usage, "") } else { Term::of(&page.name, rest) };
    lines.push(String::new());
    lines.push(format!("{HEADING}{heading}{HEADING:#}{gap}{}", usage.shown));
}

fn push_commands(lines: &mut Vec<String>, page: &Page, look: &Look) {
    if page.commands.is_empty() {
        return;
    }
    push_heading(lines, &look.word("cli.help.commands"));
    let rows = page.commands.iter().map(|(name, about)| (Term::of(name, ""), about.clone()));
    push_rows(lines, &rows.collect::<Vec<_>>(), look);
}

/// Terms and sentences in two columns, or under each other where the first would leave the second too little.
fn push_rows(lines: &mut Vec<String>, rows: &[(Term, String)], look: &Look) {
    let widest = rows.iter().map(|(term, _)| term.width).max().unwrap_or(0);
    let column = INDENT + widest + 2;
    let apart = column * 5 > look.width * 2 && rows.iter().any(|(_, said)| column + width(said) > look.width);
    for (term, said) in rows {
        let indent = if apart { DEEP } else { column };
        let mut line = format!("{}{}", " ".repeat(INDENT), term.shown);
        let mut at = INDENT + term.width;
        if apart {
            lines.push(std::mem::take(&mut line));
            at = 0;
        }
        for part in wrap(said, look.width.saturating_sub(indent)) {
            lines.push(format!("{line}{}{part}", " ".repeat(indent.saturating_sub(at))));
            line.clear();
            at = 0;
        }
    }
}

/// An argument with all there is to say of it.
fn push_entry(lines: &mut Vec<String>, entry: &Entry, look: &Look) {
    let term = Term::of_entry(entry, !entry.name.is_empty());
    lines.push(format!("{}{}", " ".repeat(INDENT), term.shown));
    push_wrapped(lines, "", entry.long_help.as_ref().unwrap_or(&entry.help), look);
    let mut notes = entry.notes(look.locale);
    if entry.explains_values() {
        lines.push(String::new());
        push_wrapped(lines, "", &look.word("cli.help.values"), look);
        let widest = entry.values.iter().map(|(value, _)| width(value)).max().unwrap_or(0);
        for (value, means) in &entry.values {
            let gap = " ".repeat(widest - width(value));
            push_wrapped(lines, &format!("- {value}: {gap}"), means.as_deref().unwrap_or_default(), look);
        }
    } else {
        notes.extend(entry.possible(look.locale));
    }
    if !notes.is_empty() {
        lines.push(String::new());
    }
    for note in notes {
        push_wrapped(lines, "", &note, look);
    }
}

/// A sentence with lines of its own, the first of them after `lead`.
fn push_wrapped(lines: &mut Vec<String>, lead: &str, text: &str, look: &Look) {
    let mut lead = lead.to_owned();
    let indent = DEEP + width(&lead);
    for line in wrap(text, look.width.saturating_sub(indent)) {
        lines.push(format!("{}{lead}{line}", " ".repeat(indent - width(&lead))));
        lead.clear();
    }
}

/// Examples, which are never wrapped, so that they can be copied; and what the exit codes mean.
fn push_end(lines: &mut Vec<String>, page: &Page, look: &Look) {
    if !page.examples.is_empty() {
        push_heading(lines, &look.word("cli.help.examples"));
    }
    let with_comments = page.examples.iter().filter(|(_, comment)| comment.is_some());
    let beside = with_comments.map(|(example, _)| width(example)).filter(|width| *width <= BESIDE).max();
    let column = INDENT + beside.unwrap_or(DEEP) + 3;
    for (example, comment) in &page.examples {
        let mut line = format!("{}{example}", " ".repeat(INDENT));
        if comment.is_none() || width(&line) + 3 > column {
            lines.push(std::mem::take(&mut line));
        }
        for part in comment.iter().flat_map(|comment| wrap(comment, look.width.saturating_sub(column))) {
            lines.push(format!("{line}{}{part}", " ".repeat(column - width(&line))));
            line.clear();
        }
    }
    if !page.exits.is_empty() {
        push_heading(lines, &look.word("cli.help.exits"));
        let rows = page.exits.iter().map(|(code, means)| (Term::of(code, ""), means.clone()));
        push_rows(lines, &rows.collect::<Vec<_>>(), look);
    }
}
