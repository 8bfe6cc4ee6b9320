//! Commands and paths in the documentation name existing tests, benches, files and folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use syn::visit::{self, Visit};

use crate::source::{files, parse};

/// Files outside `docs/` that name tests and benches.
const PAGES: &[&str] = &["README.md", "CONTRIBUTING.md", "SECURITY.md", "justfile"];

/// Paths of the tests in a file, relative to their target.
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

/// Returns the paths of all tests of a target that has a folder in `tests/`.
fn tests(target: &str) -> Vec<String> {
    let folder = format!("tests/{target}");
    if !Path::new(env!("CARGO_MANIFEST_DIR")).join(&folder).is_dir() {
        return Vec::new();
    }
    let tests_of_file = |(file, source): &(String, String)| {
        let module = file.trim_start_matches(&folder).trim_end_matches(".rs").trim_end_matches("/mod");
        let module = module.split('/').filter(|name| !name.is_empty() && *name != "main").map(str::to_owned).collect();
        let mut tests = Tests { module, found: Vec::new() };
        tests.visit_file(&parse(file, source));
        tests.found
    };
    files(&folder, "rs").iter().flat_map(tests_of_file).collect()
}

/// Folders of the files that pages name by their path from the root of the repository.
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

/// Returns an error for each path in the code spans of a page that does not exist. Ignores paths with placeholders or
/// wildcards.
fn missing_paths(page: &str, text: &str) -> Vec<String> {
    let is_path = |span: &&str| {
        FOLDERS.iter().any(|folder| span.starts_with(folder)) && !span.contains([' ', '*', '<', '{', '…'])
    };
    let spans = text.lines().filter(|line| line.contains('`')).flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_missing = |span: &&str| !Path::new(env!("CARGO_MANIFEST_DIR")).join(span).exists();
    spans.filter(is_path).filter(is_missing).map(|span| format!("{page}: there is no `{span}`")).collect()
}

/// Returns the words after `start` of each command in a text.
fn commands<'t>(text: &'t str, start: &'t str) -> impl Iterator<Item = Vec<&'t str>> {
    let end = |rest: &'t str| rest.split(['`', '\n', '#', '{']).next().unwrap_or_default();
    text.split(start).skip(1).map(move |rest| end(rest).split_whitespace().collect())
}

/// Returns the value of an option, and the next word unless that is an option.
fn value<'w>(words: &[&'w str], option: &str) -> Option<(&'w str, Option<&'w str>)> {
    let at = words.iter().position(|word| *word == option)?;
    let after = words.get(at + 2).copied().filter(|word| !word.starts_with('-'));
    Some((words.get(at + 1)?, after))
}

/// Returns an error for each command of a page that names no test or bench. `known` caches the tests of each target.
fn errors(page: &str, text: &str, known: &mut BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut errors = Vec::new();
    for words in commands(text, "cargo test") {
        let Some((target, filter)) = value(&words, "--test") else { continue };
        let filter = filter.unwrap_or_default();
        let tests = known.entry(target.to_owned()).or_insert_with(|| tests(target));
        if !tests.iter().any(|test| test.contains(filter)) {
            errors.push(format!("{page}: `{target}` has no test `{filter}`"));
        }
    }
    for words in commands(text, "cargo bench") {
        let Some((bench, _)) = value(&words, "--bench") else { continue };
        if !Path::new(env!("CARGO_MANIFEST_DIR")).join("benches").join(bench).is_dir() {
            errors.push(format!("{page}: there is no bench `{bench}`"));
        }
    }
    errors
}

#[test]
fn every_test_bench_and_path_that_a_page_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |page: &&str| ((*page).to_owned(), fs::read_to_string(root.join(page)).unwrap());
    let pages: Vec<_> = PAGES.iter().map(read).chain(files("docs", "md")).collect();
    let mut known = BTreeMap::new();
    let mut found: Vec<_> = pages.iter().flat_map(|(page, text)| errors(page, text, &mut known)).collect();
    found.extend(pages.iter().flat_map(|(page, text)| missing_paths(page, text)));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_command_without_a_test_or_bench_is_found() {
    for text in
        ["`cargo test --test api nothing::`", "cargo test --locked --test nothing", "`cargo bench --bench nothing`"]
    {
        assert_eq!(errors("planted", text, &mut BTreeMap::new()).len(), 1, "{text}");
    }
    for text in ["`cargo test`", "`cargo test --test house commands::` runs this", "`cargo bench --bench desk -- --x`"]
    {
        assert_eq!(errors("planted", text, &mut BTreeMap::new()), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_missing_path_is_found() {
    assert_eq!(missing_paths("planted", "a `b` and `src/nothing.rs`").len(), 1);
    for text in ["`src/lib.rs` and `src/`", "`sql/<backend>/`", "src/nothing.rs", "`cat src/nothing.rs`"] {
        assert_eq!(missing_paths("planted", text), Vec::<String>::new(), "{text}");
    }
}
