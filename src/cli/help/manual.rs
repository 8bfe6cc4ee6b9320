//! Manual pages in roff, one per command, rendered by `clap_mangen` with translated headings.

use std::io::{self, Write};

use clap::Command;
use clap_mangen::Man;

use super::notes::{explained_values, notes, possible_values, without_colon, without_notes};
use super::translate;
use crate::i18n::Locale;

/// Renders one section, with its English heading.
type Section = fn(&Man, &mut dyn Write) -> io::Result<()>;

/// Sections in their order, each with the locale key of its heading.
const SECTIONS: [(Section, &str); 6] = [
    (Man::render_name_section, "cli.man.name"),
    (Man::render_synopsis_section, "cli.man.synopsis"),
    (Man::render_description_section, "cli.man.description"),
    (Man::render_subcommands_section, "cli.help.commands"),
    (Man::render_options_section, "cli.help.options"),
    (Man::render_extra_section, "cli.help.examples"),
];

/// Returns the manual pages in this language as pairs of file name and content, the main page first.
pub(crate) fn manual(command: Command, locale: Locale) -> Vec<(String, String)> {
    pages(&with_notes(translate::in_language(command, locale), locale), locale)
}

fn pages(command: &Command, locale: Locale) -> Vec<(String, String)> {
    let man = Man::new(command.clone());
    let page = page(&man, command, locale).expect("writing to memory does not fail");
    let subcommands = command.get_subcommands().filter(|subcommand| !subcommand.is_hide_set());
    std::iter::once((man.get_filename(), page))
        .chain(subcommands.flat_map(|subcommand| pages(subcommand, locale)))
        .collect()
}

fn page(man: &Man, command: &Command, locale: Locale) -> io::Result<String> {
    let mut bytes = Vec::new();
    man.render_title(&mut bytes)?;
    let mut page = String::from_utf8_lossy(&bytes).into_owned();
    for (render, key) in SECTIONS {
        let is_present = match key {
            "cli.help.commands" => command.has_subcommands(),
            "cli.help.examples" => command.get_after_help().is_some(),
            _ => true,
        };
        if is_present {
            let mut bytes = Vec::new();
            render(man, &mut bytes)?;
            page.push_str(&replace_heading(&String::from_utf8_lossy(&bytes), &locale.text(key)));
        }
    }
    Ok(page)
}

/// Replaces the first heading of a section.
fn replace_heading(section: &str, heading: &str) -> String {
    let body = section.split_once("\n.SH ").map_or(section, |(_, rest)| rest).split_once('\n');
    let heading = without_colon(heading).trim_end().to_uppercase();
    let heading = if heading.contains(' ') { format!("\"{heading}\"") } else { heading };
    format!(".SH {heading}\n{}", body.map_or("", |(_, body)| body))
}

/// Adds notes, examples and exit codes as paragraphs, without values of the current environment.
fn with_notes(command: Command, locale: Locale) -> Command {
    let (examples, exits) = translate::examples_and_exits(&command);
    let line = |(example, meaning): &(String, Option<String>)| match meaning {
        Some(meaning) => format!("{example} ({meaning})"),
        None => example.clone(),
    };
    let mut end: Vec<String> = examples.iter().map(line).collect();
    if !exits.is_empty() {
        end.push(locale.text("cli.help.exits"));
        end.extend(exits.iter().map(line));
    }
    let command = if end.is_empty() { command } else { command.after_help(end.join("\n\n")) };
    let argument = |argument: clap::Arg| {
        let sentence = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let values = explained_values(&argument, locale).or_else(|| possible_values(&argument, locale));
        let parts = std::iter::once(sentence).chain(notes(&argument, locale, false)).chain(values);
        let help = parts.collect::<Vec<_>>().join("\n\n");
        let heading = argument.get_help_heading().map(without_colon);
        let argument = without_notes(argument).help(help);
        match heading {
            Some(heading) => argument.help_heading(heading.trim_end().to_owned()),
            None => argument,
        }
    };
    command.mut_args(argument).mut_subcommands(|subcommand| {
        // Every page documents `--help`, so the `help` command needs no page.
        let is_help = subcommand.get_name() == "help";
        with_notes(subcommand, locale).hide(is_help)
    })
}
