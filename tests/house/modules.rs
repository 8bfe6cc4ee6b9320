//! Files: `mod.rs` only declares and re-exports, every file begins with its purpose, and none is too long.

use syn::{Item, Visibility};

use crate::source::{files, is_test_module, parse};

/// Maximum number of lines of a file.
const MAX_LINES: usize = 450;

/// Exempt files.
const EXEMPT: &[&str] = &[
    "src/cli/audit/mod.rs",
    "src/cli/fixtures/mod.rs",
    "src/cli/notification/mod.rs",
    "src/cli/output/mod.rs",
    "src/cli/points/mod.rs",
    "src/cli/ticket/mod.rs",
    "src/cli/token/mod.rs",
    "src/cli/webhook/mod.rs",
    "tests/api/mail.rs",
    "tests/api/webhooks.rs",
];

/// Returns the violations of these rules in a file.
fn violations(file: &str, source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lines = source.lines().count();
    if lines > MAX_LINES {
        found.push(format!("{file} has {lines} lines, more than {MAX_LINES}"));
    }
    if !source.starts_with("//! ") {
        found.push(format!("{file} does not begin with its purpose"));
    }
    if file.ends_with("/mod.rs") && parse(file, source).items.iter().any(|item| !declares(item)) {
        found.push(format!("{file} holds more than declarations and re-exports"));
    }
    found
}

fn declares(item: &Item) -> bool {
    match item {
        Item::Mod(module) => module.content.is_none() || is_test_module(item),
        Item::Use(item) => !matches!(item.vis, Visibility::Inherited),
        _ => false,
    }
}

#[test]
fn every_file_is_short_begins_with_its_purpose_and_mod_rs_only_declares() {
    let src = files("src", "rs");
    let tests = files("tests", "rs").into_iter().filter(|(file, _)| !file.ends_with("/mod.rs"));
    let all = src.into_iter().chain(tests).filter(|(file, _)| !EXEMPT.contains(&file.as_str()));
    let found: Vec<_> = all.flat_map(|(file, source)| violations(&file, &source)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_long_file_a_missing_purpose_and_items_in_mod_rs_are_found() {
    let long = format!("//! Long.\n{}", "\n".repeat(MAX_LINES));
    for (file, source) in [
        ("src/a.rs", long.as_str()),
        ("src/a.rs", "use crate::b;"),
        ("src/a.rs", "/// Not of the file.\nfn f() {}"),
        ("src/a/mod.rs", "//! A.\nmod b;\nuse b::B;"),
        ("src/a/mod.rs", "//! A.\npub struct A;"),
        ("src/a/mod.rs", "//! A.\nmod b { fn f() {} }"),
        ("src/a/mod.rs", "//! A.\nmod b;\nconst C: u8 = 1;"),
    ] {
        assert_eq!(violations(file, source).len(), 1, "{file}: {source}");
    }
    let declares =
        "//! A.\nmod b;\npub mod c;\npub use b::B;\npub(crate) use c::C;\n#[cfg(test)]\nmod tests { fn f() {} }";
    assert_eq!(violations("src/a/mod.rs", declares), Vec::<String>::new());
    assert_eq!(violations("src/a.rs", "//! A.\nuse crate::b::B;\nstruct A;"), Vec::<String>::new());
}
