//! Help on a terminal: the layout of clap with translated sentences, headings and notes.

use std::fmt::Write as _;

use anstyle::Style;
use clap::builder::StyledStr;
use clap::{Arg, Command};

use super::super::output::display_options::DisplayOptions;
use super::super::output::truncate::{width, wrap};
use super::notes::{explained_values, notes, possible_values, without_colon, without_notes};
use super::translate;

/// Maximum width of a help page in columns; longer lines are hard to read.
const MAX_WIDTH: usize = 100;
/// Style of headings, equal to that of clap.
const HEADING: Style = Style::new().bold().underline();
/// Indent of an argument's help on its own line, equal to that of clap.
const NEXT_LINE_INDENT: usize = 10;
/// Maximum width of an example with its comment on the same line.
const MAX_EXAMPLE_WIDTH: usize = 46;

/// Returns the command tree with help in the reader's language and at most as wide as the terminal.
pub(crate) fn for_screen(command: Command, display: &DisplayOptions) -> Command {
    let display = DisplayOptions { width: display.width.min(MAX_WIDTH), ..*display };
    lay_out(translate::in_language(command, display.locale), &display)
}

fn lay_out(command: Command, display: &DisplayOptions) -> Command {
    let heading = |key| format!("{HEADING}{}{HEADING:#}", display.word(key));
    let usage = heading("cli.help.usage");
    // A full-width colon contains its space.
    let gap = if display.word("cli.help.usage").ends_with('：') { "" } else { " " };
    let mut template = format!("{{about}}\n\n{usage}{gap}{{usage}}\n\n{{all-args}}");
    let (examples, exits) = translate::examples_and_exits(&command);
    for (key, rows) in [("cli.help.examples", examples), ("cli.help.exits", exits)] {
        if !rows.is_empty() {
            template = format!("{template}\n\n{}{}", heading(key), format_rows(&rows, display));
        }
    }
    let about = command
        .get_about()
        .map(|about| wrap_unspaced(&about.to_string(), display.width.saturating_sub(NEXT_LINE_INDENT), display));
    let long = command.get_long_about().map(|about| wrap_lines(&about.to_string(), display.width));
    let about = about.unwrap_or_default();
    command
        .long_about(long.unwrap_or_else(|| about.clone()))
        .about(about)
        .help_template(StyledStr::from(template))
        .subcommand_help_heading(without_colon(&display.word("cli.help.commands")))
        .next_line_help(display.locale.is_written_without_spaces())
        .term_width(display.width)
        .mut_args(|argument| with_notes(argument, display))
        .mut_subcommands(|subcommand| lay_out(subcommand, display))
}

fn with_notes(argument: Arg, display: &DisplayOptions) -> Arg {
    let sentence = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let long = argument.get_long_help().map_or_else(|| sentence.clone(), ToString::to_string);
    let (notes, possible) = (notes(&argument, display.locale, true), possible_values(&argument, display.locale));
    let short = std::iter::once(sentence).chain(notes.clone()).chain(possible.clone());
    let short =
        wrap_unspaced(&short.collect::<Vec<_>>().join(" "), display.width.saturating_sub(NEXT_LINE_INDENT), display);
    let explained = explained_values(&argument, display.locale);
    let possible = if explained.is_some() { None } else { possible };
    let notes = notes.into_iter().chain(possible).collect::<Vec<_>>().join("\n");
    let long = std::iter::once(long).chain(explained).chain((!notes.is_empty()).then_some(notes));
    let long = wrap_lines(&long.collect::<Vec<_>>().join("\n\n"), display.width.saturating_sub(NEXT_LINE_INDENT));
    let heading = match argument.get_help_heading() {
        Some(heading) => heading.to_owned(),
        None if argument.is_positional() => display.word("cli.help.arguments"),
        None => display.word("cli.help.options"),
    };
    without_notes(argument).help(short).long_help(long).help_heading(without_colon(&heading))
}

/// Wraps every line of the text, because clap breaks lines at spaces only.
fn wrap_lines(text: &str, max_width: usize) -> String {
    text.lines().flat_map(|line| wrap(line, max_width)).collect::<Vec<_>>().join("\n")
}

/// Wraps the text if its language is written without spaces; clap wraps the others.
fn wrap_unspaced(text: &str, max_width: usize, display: &DisplayOptions) -> String {
    if display.locale.is_written_without_spaces() { wrap_lines(text, max_width) } else { text.to_owned() }
}

/// Formats rows of a command and its meaning. Commands are never wrapped, so that they can be copied.
fn format_rows(rows: &[(String, Option<String>)], display: &DisplayOptions) -> String {
    let with_meaning = rows.iter().filter(|(_, meaning)| meaning.is_some());
    let example_width =
        with_meaning.map(|(example, _)| width(example)).filter(|width| *width <= MAX_EXAMPLE_WIDTH).max();
    let column = 2 + example_width.unwrap_or(NEXT_LINE_INDENT) + 3;
    let mut text = String::new();
    for (example, meaning) in rows {
        let _ = write!(text, "\n  {example}");
        let mut at = 2 + width(example);
        for line in meaning.iter().flat_map(|meaning| wrap(meaning, display.width.saturating_sub(column))) {
            if at + 3 > column {
                text.push('\n');
                at = 0;
            }
            let _ = write!(text, "{}{line}", " ".repeat(column - at));
            at = column;
        }
    }
    text
}
