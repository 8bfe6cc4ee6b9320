//! Every name in the glossary of `docs/architecture.md` exists in the source.

use std::collections::HashSet;

use crate::source::{Token, files, parse_tokens};

const PAGE: &str = include_str!("../../docs/architecture.md");

/// Returns the names in backticks in the rows of the glossary, without the first column.
fn names(page: &str) -> Vec<String> {
    let glossary = page.split("\n## Glossary\n").nth(1).expect("the page has a glossary");
    let glossary = glossary.split("\n## ").next().unwrap();
    let rows = glossary.lines().filter(|line| line.starts_with("| ")).skip(1);
    let cells = rows.flat_map(|row| row.split('|').skip(2).map(str::to_owned).collect::<Vec<_>>());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Returns the identifiers and file names of the sources, and the names of SQL folders and tables.
fn known() -> HashSet<String> {
    let mut known = HashSet::new();
    for (file, source) in files("src", "rs").into_iter().chain(files("sql", "sql")) {
        known.extend(file.split(['/', '.']).map(str::to_owned));
        let words = source.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        if file.starts_with("sql") {
            known.extend(words.map(str::to_owned));
        } else {
            let names = parse_tokens(&source).into_iter();
            known.extend(names.filter_map(|token| if let Token::Word(word) = token { Some(word) } else { None }));
        }
    }
    known
}

#[test]
fn every_name_of_the_glossary_exists() {
    let (names, known) = (names(PAGE), known());
    assert!(names.len() > 60, "the glossary lists {} names only", names.len());
    let missing: Vec<_> = names.iter().filter(|name| !known.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn a_name_that_does_not_exist_is_found() {
    let page = "\n## Glossary\n\n| concept | model |\n|---|---|\n| `concept` | `Ticket`, `NoSuchType` |\n\n## Next\n\n| a | `b` |";
    assert_eq!(names(page), ["Ticket", "NoSuchType"]);
    assert!(known().contains("Ticket") && !known().contains("NoSuchType"));
}
