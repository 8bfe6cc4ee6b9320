//! Help on a terminal: the layout of clap with translated sentences, headings and notes.

use std::fmt::Write as _;

use anstyle::Style;
use clap::builder::StyledStr;
use clap::{Arg, Command};

use super::super::output::display_options::DisplayOptions;
use super::super::output::truncate::{width, wrap};
use super::notes::{explained, notes, possible, without_colon, without_notes};
use super::translate;

/// Maximum width of a help page in columns; longer lines are hard to read.
const MAX_WIDTH: usize = 100;
/// Style of headings, equal to that of clap.
const HEADING: Style = Style::new().bold().underline();
/// Indent of an argument's help on its own line, equal to that of clap.
const NEXT_LINE: usize = 10;
/// Maximum width of an example with its comment on the same line.
const BESIDE: usize = 46;

/// Returns the command tree with help in the reader's language and at most as wide as the terminal.
pub(crate) fn for_screen(command: Command, display: &DisplayOptions) -> Command {
    let display = DisplayOptions { width: display.width.min(MAX_WIDTH), ..*display };
    laid_out(translate::in_language(command, display.locale), &display)
}

fn laid_out(command: Command, display: &DisplayOptions) -> Command {
    let heading = |key| format!("{HEADING}{}{HEADING:#}", display.word(key));
    let usage = heading("cli.help.usage");
    // A full-width colon contains its space.
    let gap = if display.word("cli.help.usage").ends_with('：') { "" } else { " " };
    let mut template = format!("{{about}}\n\n{usage}{gap}{{usage}}\n\n{{all-args}}");
    let (examples, exits) = translate::examples_and_exits(&command);
    for (key, rows) in [("cli.help.examples", examples), ("cli.help.exits", exits)] {
        if !rows.is_empty() {
            template = format!("{template}\n\n{}{}", heading(key), beside_each_other(&rows, display));
        }
    }
    let about =
        command.get_about().map(|about| broken(&about.to_string(), display.width.saturating_sub(NEXT_LINE), display));
    let long = command.get_long_about().map(|about| wrapped(&about.to_string(), display.width));
    let about = about.unwrap_or_default();
    command
        .long_about(long.unwrap_or_else(|| about.clone()))
        .about(about)
        .help_template(StyledStr::from(template))
        .subcommand_help_heading(without_colon(&display.word("cli.help.commands")))
        .next_line_help(display.locale.is_written_without_spaces())
        .term_width(display.width)
        .mut_args(|argument| with_notes(argument, display))
        .mut_subcommands(|below| laid_out(below, display))
}

fn with_notes(argument: Arg, display: &DisplayOptions) -> Arg {
    let sentence = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let long = argument.get_long_help().map_or_else(|| sentence.clone(), ToString::to_string);
    let (notes, possible) = (notes(&argument, display.locale, true), possible(&argument, display.locale));
    let short = std::iter::once(sentence).chain(notes.clone()).chain(possible.clone());
    let short = broken(&short.collect::<Vec<_>>().join(" "), display.width.saturating_sub(NEXT_LINE), display);
    let explained = explained(&argument, display.locale);
    let possible = if explained.is_some() { None } else { possible };
    let notes = notes.into_iter().chain(possible).collect::<Vec<_>>().join("\n");
    let long = std::iter::once(long).chain(explained).chain((!notes.is_empty()).then_some(notes));
    let long = wrapped(&long.collect::<Vec<_>>().join("\n\n"), display.width.saturating_sub(NEXT_LINE));
    let heading = match argument.get_help_heading() {
        Some(heading) => heading.to_owned(),
        None if argument.is_positional() => display.word("cli.help.arguments"),
        None => display.word("cli.help.options"),
    };
    without_notes(argument).help(short).long_help(long).help_heading(without_colon(&heading))
}

/// Wraps every line of the text, because clap breaks lines at spaces only.
fn wrapped(text: &str, most: usize) -> String {
    text.lines().flat_map(|line| wrap(line, most)).collect::<Vec<_>>().join("\n")
}

/// Wraps the text if its language is written without spaces; clap wraps the others.
fn broken(text: &str, most: usize, display: &DisplayOptions) -> String {
    if display.locale.is_written_without_spaces() { wrapped(text, most) } else { text.to_owned() }
}

/// Formats rows of a command and its meaning. Commands are never wrapped, so that they can be copied.
fn beside_each_other(rows: &[(String, Option<String>)], display: &DisplayOptions) -> String {
    let with_meaning = rows.iter().filter(|(_, means)| means.is_some());
    let beside = with_meaning.map(|(typed, _)| width(typed)).filter(|width| *width <= BESIDE).max();
    let column = 2 + beside.unwrap_or(NEXT_LINE) + 3;
    let mut text = String::new();
    for (typed, means) in rows {
        let _ = write!(text, "\n  {typed}");
        let mut at = 2 + width(typed);
        for line in means.iter().flat_map(|means| wrap(means, display.width.saturating_sub(column))) {
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
