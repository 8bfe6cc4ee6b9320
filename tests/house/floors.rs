//! Floors: a file imports from the floors below its own and from its own room, never up and never across.

use crate::imports::{module, paths};
use crate::source::{Token, files, parse, tokens_of};

/// The rooms, by the path of their modules, and the floor each is on; a room inside another comes first.
const ROOMS: &[(&str, u8)] = &[
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
    ("retention", 4),
    ("cli", 4),
    ("delivery", 4),
    ("app", 5),
    ("main", 5),
];

/// Crates that only the backend may name.
const ENGINE: &[&str] = &["rusqlite", "r2d2", "r2d2_sqlite", "libsqlite3_sys"];

/// The room that a module or item path lies in.
fn room(path: &[String]) -> Option<(&'static str, u8)> {
    ROOMS.iter().copied().find(|(room, _)| {
        let names: Vec<_> = room.split("::").collect();
        path.len() >= names.len() && path.iter().zip(names).all(|(part, name)| part == name)
    })
}

/// Every breach of the floors in a file of this name.
fn breaches(file: &str, source: &str) -> Vec<String> {
    if file == "src/lib.rs" {
        return declares_only(source);
    }
    let module = module(file);
    let Some(own) = room(&module) else { return vec![format!("{file} is in no room")] };
    let mut found = Vec::new();
    for path in paths(file, source) {
        let name = path.join("::");
        match room(&path) {
            None => found.push(format!("{file}: crate::{name} is in no room")),
            Some(there) if !may_enter(own, there) => {
                found.push(format!("{file} ({}) may not name crate::{name}", own.0));
            }
            Some(_) => {}
        }
    }
    for token in tokens_of(source) {
        if let Token::Word(word) = token
            && ENGINE.contains(&word.as_str())
            && own.0 != "store::sqlite"
        {
            found.push(format!("{file} ({}) may not name {word}", own.0));
        }
    }
    found
}

/// Sources of randomness, which `model` and `desk` are given and never ask for.
const RANDOM: &[&str] = &["getrandom", "SystemRandom", "OsRng", "ThreadRng"];

/// What a file of `model` or `desk` asks for that it must be given: the time, by any `…::now`, and randomness.
fn asks_for(file: &str, source: &str) -> Vec<String> {
    let tokens = tokens_of(source);
    let asked = tokens.windows(2).filter_map(|window| match window {
        [Token::Sign("::"), Token::Word(word)] if word == "now" => Some(format!("{file} asks for the time")),
        [Token::Word(word), _] if RANDOM.contains(&word.as_str()) => Some(format!("{file} asks for {word}")),
        _ => None,
    });
    asked.collect()
}

#[test]
fn model_and_desk_are_given_time_and_randomness() {
    let files = files("src/model", "rs").into_iter().chain(files("src/desk", "rs"));
    let found: Vec<_> = files.flat_map(|(file, source)| asks_for(&file, &source)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_clock_and_randomness_in_model_are_seen() {
    for source in [
        "fn f() { Instant::now(); }",
        "fn f() { getrandom::fill(&mut []); }",
        "fn f() { std::time::SystemTime::now(); }",
    ] {
        assert_eq!(asks_for("src/model/token.rs", source).len(), 1, "{source}");
    }
    assert_eq!(asks_for("src/model/token.rs", "// Instant::now\nuse std::time::SystemTime;"), Vec::<String>::new());
}

fn may_enter(own: (&str, u8), there: (&str, u8)) -> bool {
    match (own.0, there.0) {
        (own, there) if own == there => true,
        ("main", "app") => true,
        // The desk is given the time and random bytes.
        ("desk", "system") => false,
        // Whoever works with a store works with any.
        (room, "store::sqlite") => room == "app" || room == "main",
        _ => there.1 < own.1,
    }
}

/// The map of the house declares rooms and no more.
fn declares_only(source: &str) -> Vec<String> {
    let is_declared = |item: &syn::Item| matches!(item, syn::Item::Mod(module) if module.content.is_none());
    let items = parse("src/lib.rs", source).items;
    let others = items.iter().filter(|item| !is_declared(item) && !matches!(item, syn::Item::Macro(_)));
    others.map(|_| "src/lib.rs holds more than the declarations of modules".to_owned()).collect()
}

#[test]
fn nobody_imports_upward() {
    let found: Vec<_> = files("src", "rs").iter().flat_map(|(file, source)| breaches(file, source)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn an_import_upward_is_seen() {
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
        assert!(!breaches(file, source).is_empty(), "{file}: {source}");
    }
}

#[test]
fn an_import_downward_or_within_a_room_is_fine() {
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
        assert_eq!(breaches(file, source), Vec::<String>::new(), "{file}: {source}");
    }
}
