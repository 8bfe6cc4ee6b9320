//! Commands and paths in the documentation: a test, a bench, a file or a folder that a page names exists.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use syn::visit::{self, Visit};

use crate::source::{files, parse};

/// Pages outside `docs/` that name tests and benches.
const PAGES: &[&str] = &["README.md", "CONTRIBUTING.md", "SECURITY.md", "justfile"];

/// Paths of the tests in a file, as their target names them.
#[derive(Default)]
struct Tests {
    module: Vec<String>,
    found: Vec<String>,
}

impl<'f> Visit<'f> for Tests {
    fn visit_item_mod(&mut self, module: &'f syn::ItemMod) {
        self.module.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_fn(&mut self, function: &'f syn::ItemFn) {
        let is_test =
            |attribute: &syn::Attribute| attribute.path().segments.last().is_some_and(|last| last.ident == "test");
        if function.attrs.iter().any(is_test) {
            self.found.push(format!("{}::{}", self.module.join("::"), function.sig.ident));
        }
    }
}

/// Paths of all tests of a target that has a folder under `tests/`.
fn tests(target: &str) -> Vec<String> {
    let folder = format!("tests/{target}");
    if !Path::new(env!("CARGO_MANIFEST_DIR")).join(&folder).is_dir() {
        return Vec::new();
    }
    let of_file = |(file, source): &(String, String)| {
        let module = file.trim_start_matches(&folder).trim_end_matches(".rs").trim_end_matches("/mod");
        let module = module.split('/').filter(|name| !name.is_empty() && *name != "main").map(str::to_owned).collect();
        let mut tests = Tests { module, found: Vec::new() };
        tests.visit_file(&parse(file, source));
        tests.found
    };
    files(&folder, "rs").iter().flat_map(of_file).collect()
}

/// Folders whose files pages name by their path from the root of the repository.
const FOLDERS: &[&str] = &[
    "src/",
    "sql/",
    "tests/",
    "benches/",
    "docs/",
    "packaging/",
    "locales/",
    "fixtures/",
    ".ci/",
    ".github/",
    ".cargo/",
];

/// Paths in the code spans of a page that lead to nothing. A path with a placeholder or a wildcard names no file.
fn lost_paths(page: &str, text: &str) -> Vec<String> {
    let is_path = |span: &&str| {
        FOLDERS.iter().any(|folder| span.starts_with(folder)) && !span.contains([' ', '*', '<', '{', '…'])
    };
    let spans = text.lines().filter(|line| line.contains('`')).flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_lost = |span: &&str| !Path::new(env!("CARGO_MANIFEST_DIR")).join(span).exists();
    spans.filter(is_path).filter(is_lost).map(|span| format!("{page}: there is no `{span}`")).collect()
}

/// Words of each command in a text that begins with these words, to the end of its code.
fn commands<'t>(text: &'t str, start: &'t str) -> impl Iterator<Item = Vec<&'t str>> {
    let end = |rest: &'t str| rest.split(['`', '\n', '#', '{']).next().unwrap_or_default();
    text.split(start).skip(1).map(move |rest| end(rest).split_whitespace().collect())
}

/// Value of an option, and the word after it unless that is an option too.
fn value<'w>(words: &[&'w str], option: &str) -> Option<(&'w str, Option<&'w str>)> {
    let at = words.iter().position(|word| *word == option)?;
    let after = words.get(at + 2).copied().filter(|word| !word.starts_with('-'));
    Some((words.get(at + 1)?, after))
}

/// Commands of a page that name no test or bench. Tests of a target are read once.
fn faults(page: &str, text: &str, known: &mut BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut faults = Vec::new();
    for words in commands(text, "cargo test") {
        let Some((target, filter)) = value(&words, "--test") else { continue };
        let filter = filter.unwrap_or_default();
        let tests = known.entry(target.to_owned()).or_insert_with(|| tests(target));
        if !tests.iter().any(|test| test.contains(filter)) {
            faults.push(format!("{page}: `{target}` has no test `{filter}`"));
        }
    }
    for words in commands(text, "cargo bench") {
        let Some((bench, _)) = value(&words, "--bench") else { continue };
        if !Path::new(env!("CARGO_MANIFEST_DIR")).join("benches").join(bench).is_dir() {
            faults.push(format!("{page}: there is no bench `{bench}`"));
        }
    }
    faults
}

#[test]
fn every_test_bench_and_path_that_a_page_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |page: &&str| ((*page).to_owned(), fs::read_to_string(root.join(page)).unwrap());
    let pages: Vec<_> = PAGES.iter().map(read).chain(files("docs", "md")).collect();
    let mut known = BTreeMap::new();
    let mut found: Vec<_> = pages.iter().flat_map(|(page, text)| faults(page, text, &mut known)).collect();
    found.extend(pages.iter().flat_map(|(page, text)| lost_paths(page, text)));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_command_that_names_nothing_is_seen() {
    for text in
        ["`cargo test --test api nothing::`", "cargo test --locked --test nothing", "`cargo bench --bench nothing`"]
    {
        assert_eq!(faults("planted", text, &mut BTreeMap::new()).len(), 1, "{text}");
    }
    for text in ["`cargo test`", "`cargo test --test house commands::` runs this", "`cargo bench --bench desk -- --x`"]
    {
        assert_eq!(faults("planted", text, &mut BTreeMap::new()), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_path_that_leads_to_nothing_is_seen() {
    assert_eq!(lost_paths("planted", "a `b` and `src/nothing.rs`").len(), 1);
    for text in ["`src/lib.rs` and `src/`", "`sql/<backend>/`", "src/nothing.rs", "`cat src/nothing.rs`"] {
        assert_eq!(lost_paths("planted", text), Vec::<String>::new(), "{text}");
    }
}
