//! Layers: a module imports from itself and from modules of lower layers only.

use crate::imports::{module, paths};
use crate::source::{Token, files, parse, parse_tokens};

/// Top-level modules and their layers. A nested module precedes its parent.
const MODULES: &[(&str, u8)] = &[
    ("store::sqlite", 2),
    ("store", 1),
    ("model", 0),
    ("view", 1),
    ("i18n", 1),
    ("system", 1),
    ("metrics", 1),
    ("feed", 2),
    ("identity", 3),
    ("outbound", 2),
    ("desk", 3),
    ("http", 4),
    ("retention_worker", 4),
    ("cli", 4),
    ("delivery", 4),
    ("app", 5),
    ("main", 5),
];

/// Crates that only `store::sqlite` may use.
const BACKEND_CRATES: &[&str] = &["rusqlite", "r2d2", "r2d2_sqlite", "libsqlite3_sys"];

/// Returns the top-level module of a path, with its floor.
fn top_level_module(path: &[String]) -> Option<(&'static str, u8)> {
    MODULES.iter().copied().find(|(name, _)| {
        let names: Vec<_> = name.split("::").collect();
        path.len() >= names.len() && path.iter().zip(names).all(|(part, name)| part == name)
    })
}

/// Returns the violations of the layers in a file.
fn violations(file: &str, source: &str) -> Vec<String> {
    if file == "src/lib.rs" {
        return undeclared_items(source);
    }
    let module = module(file);
    let Some(own) = top_level_module(&module) else { return vec![format!("{file} is in no known module")] };
    let mut found = Vec::new();
    for path in paths(file, source) {
        let name = path.join("::");
        match top_level_module(&path) {
            None => found.push(format!("{file}: crate::{name} is in no known module")),
            Some(target) if !may_import(own, target) => {
                found.push(format!("{file} ({}) may not import crate::{name}", own.0));
            }
            Some(_) => {}
        }
    }
    for token in parse_tokens(source) {
        if let Token::Word(word) = token
            && BACKEND_CRATES.contains(&word.as_str())
            && own.0 != "store::sqlite"
        {
            found.push(format!("{file} ({}) may not import {word}", own.0));
        }
    }
    found
}

/// Sources of randomness that `model` and `desk` may not use.
const RANDOM: &[&str] = &["getrandom", "SystemRandom", "OsRng", "ThreadRng"];

/// Returns the uses of a clock (any `…::now`) or of randomness in a file of `model` or `desk`.
fn nondeterminism(file: &str, source: &str) -> Vec<String> {
    let tokens = parse_tokens(source);
    let uses = tokens.windows(2).filter_map(|window| match window {
        [Token::Punct("::"), Token::Word(word)] if word == "now" => Some(format!("{file} uses the clock")),
        [Token::Word(word), _] if RANDOM.contains(&word.as_str()) => Some(format!("{file} uses {word}")),
        _ => None,
    });
    uses.collect()
}

#[test]
fn model_and_desk_use_neither_clock_nor_randomness() {
    let files = files("src/model", "rs").into_iter().chain(files("src/desk", "rs"));
    let found: Vec<_> = files.flat_map(|(file, source)| nondeterminism(&file, &source)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_clock_and_randomness_in_model_are_found() {
    for source in [
        "fn f() { Instant::now(); }",
        "fn f() { getrandom::fill(&mut []); }",
        "fn f() { std::time::SystemTime::now(); }",
    ] {
        assert_eq!(nondeterminism("src/model/token.rs", source).len(), 1, "{source}");
    }
    assert_eq!(
        nondeterminism("src/model/token.rs", "// Instant::now\nuse std::time::SystemTime;"),
        Vec::<String>::new()
    );
}

fn may_import(own: (&str, u8), target: (&str, u8)) -> bool {
    match (own.0, target.0) {
        (own, target) if own == target => true,
        ("main", "app") => true,
        // The desk receives the time and random bytes as arguments.
        ("desk", "system") => false,
        // All other modules are independent of the backend.
        (own, "store::sqlite") => own == "app" || own == "main",
        _ => target.1 < own.1,
    }
}

/// Returns the items of `src/lib.rs` that are not declarations of modules.
fn undeclared_items(source: &str) -> Vec<String> {
    let is_declared = |item: &syn::Item| matches!(item, syn::Item::Mod(module) if module.content.is_none());
    let items = parse("src/lib.rs", source).items;
    let others = items.iter().filter(|item| !is_declared(item) && !matches!(item, syn::Item::Macro(_)));
    others.map(|_| "src/lib.rs holds more than the declarations of modules".to_owned()).collect()
}

#[test]
fn no_file_imports_from_a_higher_floor() {
    let found: Vec<_> = files("src", "rs").iter().flat_map(|(file, source)| violations(file, source)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn an_import_from_a_higher_floor_is_found() {
    for (file, source) in [
        ("src/model/ticket.rs", "use crate::store::Unit;"),
        ("src/model/ticket.rs", "fn f() { crate::i18n::say() }"),
        ("src/model/mod.rs", "use super::desk::close;"),
        ("src/model/ticket.rs", "use super::super::http::reply;"),
        ("src/model/ticket.rs", "use crate::{model::Error, desk::{close, list}};"),
        ("src/model/ticket.rs", "mod tests { use super::super::super::desk; }"),
        ("src/text.rs", "use crate::store::Store;"),
        ("src/store/mod.rs", "use crate::store::sqlite::Sqlite;"),
        ("src/store/mod.rs", "use self::sqlite::Sqlite;"),
        ("src/store/unit.rs", "use super::sqlite::Sqlite;"),
        ("src/store/sqlite/mod.rs", "use crate::{desk};"),
        ("src/store/sqlite/mod.rs", "use crate::feed::Feed;"),
        ("src/feed.rs", "use crate::store::{Store, sqlite};"),
        ("src/desk/close.rs", "use crate::store::sqlite::Sqlite as Backend;"),
        ("src/desk/close.rs", "use crate::http::reply;"),
        ("src/desk/close.rs", "fn f() { crate::system::now() }"),
        ("src/model/token.rs", "use crate::system;"),
        ("src/http/serve.rs", "use crate::cli::output;"),
        ("src/http/serve.rs", "use crate::store::{self, sqlite::Sqlite};"),
        ("src/cli/mod.rs", "use crate::{\n    model::Error,\n    http::{reply, serve},\n};"),
        ("src/cli/ticket/list.rs", "use super::super::super::http::serve;"),
        ("src/cli/mod.rs", "use crate::app::run;"),
        ("src/cli/mod.rs", "use rusqlite::Connection;"),
        ("src/app.rs", "fn f(_: r2d2::Error) {}"),
        ("src/app.rs", "use crate::attic::Box;"),
        ("src/attic.rs", ""),
        ("src/lib.rs", "pub mod app; pub use app::run;"),
    ] {
        assert!(!violations(file, source).is_empty(), "{file}: {source}");
    }
}

#[test]
fn an_import_from_a_lower_floor_or_the_own_module_is_valid() {
    for (file, source) in [
        ("src/model/ticket.rs", "use super::principal::Caller; use crate::model::Error; mod tests { use super::*; }"),
        ("src/store/mod.rs", "pub mod sqlite; use crate::model::{Error, StoreError}; pub use unit::Unit;"),
        ("src/store/sqlite/mod.rs", "use super::{Backend, Job}; use rusqlite::Connection; use self::pool::Pool;"),
        ("src/desk/close.rs", "// use crate::http;\nuse super::own_ticket; use crate::store::Unit;"),
        ("src/http/reply.rs", "use crate::{desk, model::{self, Error}, i18n}; const S: &str = \"crate::cli::x\";"),
        ("src/cli/mod.rs", "use crate::store::Store; use std::http;"),
        ("src/app.rs", "use crate::store::sqlite::{Open, Sqlite}; use crate::http::serve;"),
        ("src/main.rs", "use support::app::run;"),
        ("src/lib.rs", "//! The map.\nrust_i18n::i18n!(\"locales\"); pub mod app; pub mod cli;"),
    ] {
        assert_eq!(violations(file, source), Vec::<String>::new(), "{file}: {source}");
    }
}
