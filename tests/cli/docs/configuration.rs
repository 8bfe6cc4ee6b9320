//! The table of `docs/configuration.md` has a row for each option and variable in `--help`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{page, root};
use crate::world::World;

/// Option of a command: environment variable, default and name of the value.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    option: String,
    command: String,
    variable: String,
    default: String,
    value: String,
}

/// Table of the page.
#[derive(Default)]
struct Table {
    /// Rows by option and command.
    rows: BTreeSet<Row>,
    /// Text of the value cell by option and command.
    values: BTreeMap<(String, String), String>,
    /// Variables without an option.
    variables: BTreeSet<String>,
}

fn documented(text: &str) -> Table {
    let mut found = Table::default();
    let table = text.lines().skip_while(|line| !line.starts_with("| option | commands |")).skip(2);
    for line in table.take_while(|line| line.starts_with('|')) {
        let line = line.replace("\\|", "\u{0}");
        let cells: Vec<String> = line.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect();
        let [_, option, commands, variable, default, value, meaning, _] = cells.as_slice() else {
            panic!("not six cells: {line}")
        };
        assert!(!meaning.is_empty(), "no meaning: {line}");
        let plain = |cell: &str| cell.replace('`', "");
        if option.is_empty() {
            assert!(found.variables.insert(plain(variable)), "twice: {line}");
            continue;
        }
        let name = value.split('`').nth(1).unwrap_or_default();
        for command in commands.split(", ") {
            let (option, command) = (plain(option), plain(command));
            found.values.insert((option.clone(), command.clone()), value.clone());
            let row =
                Row { option, command, variable: plain(variable), default: plain(default), value: name.to_owned() };
            assert!(found.rows.insert(row), "twice: {line}");
        }
    }
    found
}

/// Returns a command and its subcommands with their help.
fn helps(world: &World, command: &str) -> Vec<(String, String)> {
    let help = world.run(&format!("{command} --help")).success().out;
    let listed = help.split("\nCommands:\n").nth(1).unwrap_or_default().split("\n\n").next().unwrap_or_default();
    let names = listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    let under: Vec<_> = names.flat_map(|name| helps(world, format!("{command} {name}").trim())).collect();
    [(command.to_owned(), help)].into_iter().chain(under).collect()
}

/// Returns the options in a help text with their possible values. `common` are the options of every command.
fn options(command: &str, help: &str, common: &[String]) -> Vec<(Row, Vec<String>)> {
    let mut blocks: Vec<String> = Vec::new();
    for line in help.lines() {
        if line.starts_with("      --") || line.starts_with("  -") {
            blocks.push(line.trim().to_owned());
        } else if let (true, Some(block)) = (line.starts_with("          "), blocks.last_mut()) {
            block.push(' ');
            block.push_str(line.trim());
        }
    }
    let rows = blocks.iter().map(|block| option(command, block));
    let mark = |(mut row, possible): (Row, Vec<String>)| {
        if common.contains(&row.option) {
            "all".clone_into(&mut row.command);
        }
        (row, possible)
    };
    rows.map(mark).collect()
}

fn option(command: &str, block: &str) -> (Row, Vec<String>) {
    let block = block.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = block.split("--").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let value = block.split_once(&format!("--{name} <")).map_or("", |(_, rest)| rest.split('>').next().unwrap());
    let note = |mark: &str| block.split_once(mark).map_or("", |(_, rest)| rest.split(']').next().unwrap()).to_owned();
    let variable = note("[env: ").split('=').next().unwrap().to_owned();
    let mut possible: Vec<String> = note("[possible values: ").split(", ").map(str::to_owned).collect();
    let explained = block.split_once("Possible values: ").map_or("", |(_, rest)| rest);
    possible.extend(explained.split("- ").filter_map(|part| Some(part.split_once(':')?.0.to_owned())));
    possible.retain(|value| !value.is_empty());
    let (option, command) = (format!("--{name}"), command.to_owned());
    (Row { option, command, variable, default: note("[default: "), value: value.to_owned() }, possible)
}

#[test]
fn the_table_has_a_row_for_each_option() {
    let world = World::without_a_store();
    let Table { rows: documented, values, .. } = documented(&page("docs/configuration.md").text);
    let commands = helps(&world, "");
    assert!(commands.len() > 30, "the commands were not found");
    let common: Vec<String> = options("", &commands[0].1, &[]).into_iter().map(|(row, _)| row.option).collect();
    let options: Vec<(Row, Vec<String>)> =
        commands.iter().flat_map(|(command, help)| options(command, help, &common)).collect();
    for (row, possible) in &options {
        let cell = values.get(&(row.option.clone(), row.command.clone())).map(String::as_str).unwrap_or_default();
        for value in possible {
            assert!(cell.contains(&format!("`{value}`")), "{} of {}: no value {value}", row.option, row.command);
        }
    }
    let real: BTreeSet<Row> = options.into_iter().map(|(row, _)| row).collect();
    let missing: Vec<_> = real.difference(&documented).collect();
    let superfluous: Vec<_> = documented.difference(&real).collect();
    assert!(missing.is_empty() && superfluous.is_empty(), "missing: {missing:#?}\nsuperfluous: {superfluous:#?}");
}

#[test]
fn the_table_has_a_row_for_each_variable_that_the_source_reads() {
    let documented = documented(&page("docs/configuration.md").text).variables;
    let mut read = BTreeSet::new();
    variables(&root().join("src"), &mut read);
    // Read by the libraries for time zones and for the log.
    read.extend(["TZ", "RUST_LOG"].map(str::to_owned));
    assert_eq!(documented, read);
}

/// Collects the names of environment variables in the source: upper-case literals on lines that read the environment by
/// `var`, `var_os` or `set`.
fn variables(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            variables(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        let reads = |line: &&str| {
            ["env::var(", "env::var_os(", "set(", "find_map(variable)"].iter().any(|call| line.contains(call))
        };
        let literals = text.lines().filter(reads).flat_map(|line| line.split('"').skip(1).step_by(2));
        let is_name = |name: &&str| name.len() > 1 && name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
        let names = literals.filter(is_name).filter(|name| !name.starts_with("SUPPORT_"));
        found.extend(names.map(str::to_owned));
    }
}

#[test]
fn the_command_line_page_has_each_command() {
    let text = page("docs/cli.md").text;
    let rows: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("| `support ")?.split('|').next()).collect();
    let commands = helps(&World::without_a_store(), "");
    let leaves = commands.iter().filter(|(_, help)| !help.contains("\nCommands:\n"));
    for (command, _) in leaves {
        let (group, name) = command.split_once(' ').unwrap_or((command, command));
        let has = |row: &&str| row.starts_with(group) && row.contains(name);
        assert!(rows.iter().any(has), "docs/cli.md has no row for support {command}");
    }
}

#[test]
fn an_option_is_read_from_its_help() {
    let help = "Options:\n      --sort <SORT>\n          The order [default:\n          created]\n          \n          [possible values: a,\n          b]\n\n  -h, --help\n          Print help\n";
    let row = |option: &str, command: &str, default: &str, value: &str| Row {
        option: option.to_owned(),
        command: command.to_owned(),
        variable: String::new(),
        default: default.to_owned(),
        value: value.to_owned(),
    };
    let expected = vec![
        (row("--sort", "ticket list", "created", "SORT"), vec!["a".to_owned(), "b".to_owned()]),
        (row("--help", "all", "", ""), Vec::new()),
    ];
    assert_eq!(options("ticket list", help, &["--help".to_owned()]), expected);
}
