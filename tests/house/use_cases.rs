//! Permissions: each use case requires its permission in its first statement, and no handler of `http` repeats it.

use quote::ToTokens as _;

use crate::source::{Token, files, parse, parse_tokens, production_tokens, tokens};

/// Use cases that require no permission, with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("authenticate::authenticate", "determines the caller"),
    ("idempotency::idempotent", "wraps a use case that requires its permission"),
];

/// Public function with a unit of work as parameter.
#[derive(Debug, PartialEq, Eq)]
struct UseCase {
    name: String,
    requires: bool,
}

fn use_cases(file: &str, source: &str) -> Vec<UseCase> {
    let module = file.trim_start_matches("src/desk/").trim_end_matches(".rs").replace('/', "::");
    let mut found = Vec::new();
    for item in parse(file, source).items {
        let syn::Item::Fn(function) = item else { continue };
        let works_in_a_unit = tokens(function.sig.to_token_stream()).contains(&Token::Word("Unit".to_owned()));
        if matches!(function.vis, syn::Visibility::Public(_)) && works_in_a_unit {
            let first = function.block.stmts.first().map(|first| first.to_token_stream().to_string().replace(' ', ""));
            let requires = first.is_some_and(|first| first.starts_with("caller.require("));
            found.push(UseCase { name: format!("{module}::{}", function.sig.ident), requires });
        }
    }
    found
}

fn all() -> Vec<UseCase> {
    files("src/desk", "rs").iter().flat_map(|(file, source)| use_cases(file, source)).collect()
}

fn is_exempt(case: &UseCase) -> bool {
    EXCEPTIONS.iter().any(|(name, _)| case.name == *name)
}

#[test]
fn every_use_case_requires_its_permission_first() {
    let found: Vec<_> = all().into_iter().filter(|case| !case.requires && !is_exempt(case)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_exception_is_needed() {
    let all = all();
    let unneeded: Vec<_> =
        EXCEPTIONS.iter().filter(|(name, _)| !all.iter().any(|case| case.name == *name && !case.requires)).collect();
    assert!(unneeded.is_empty(), "{unneeded:#?}");
}

#[test]
fn a_use_case_without_a_permission_is_found() {
    let bare = "pub fn close(unit: &mut dyn Unit, caller: &Caller) -> Result<(), Error> { let x = 1; }";
    let late = "pub fn close(unit: &mut dyn Unit, caller: &Caller) -> Result<(), Error> { f(unit); caller.require(REQUIRES)?; }";
    let good = "pub fn close(unit: &mut dyn Unit, caller: &Caller) -> Result<(), Error> { caller.require(REQUIRES)?; }";
    let other = "pub(super) fn page(unit: &mut dyn Unit) {} pub fn alone(x: u8) {} fn own(unit: &mut dyn Unit) {}";
    for (source, requires) in [(bare, vec![false]), (late, vec![false]), (good, vec![true]), (other, vec![])] {
        let found: Vec<_> = use_cases("src/desk/x/close.rs", source).iter().map(|case| case.requires).collect();
        assert_eq!(found, requires, "{source}");
    }
    assert_eq!(use_cases("src/desk/x/close.rs", good)[0].name, "x::close::close");
}

#[test]
fn every_use_case_has_a_test_of_its_permission() {
    let tests = files("tests/store", "rs");
    let (_, table) = tests.iter().find(|(file, _)| file == "tests/store/permissions.rs").unwrap();
    let named: Vec<_> = production_tokens("tests/store/permissions.rs", table)
        .into_iter()
        .filter_map(|token| if let Token::Text(text) = token { Some(text) } else { None })
        .collect();
    let missing: Vec<_> = all().into_iter().filter(|case| !is_exempt(case) && !named.contains(&case.name)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Returns the number of permissions that a source names.
fn named_permissions(source: &str) -> usize {
    let names = |pair: &&[Token]| pair[0] == Token::Word("Permission".to_owned()) && pair[1] == Token::Punct("::");
    parse_tokens(source).windows(2).filter(names).count()
}

#[test]
fn no_handler_repeats_a_permission() {
    let handlers: Vec<_> =
        files("src/http", "rs").into_iter().filter(|(_, source)| named_permissions(source) > 0).collect();
    assert!(handlers.is_empty(), "{:#?}", handlers.iter().map(|(file, _)| file).collect::<Vec<_>>());
    assert_eq!(named_permissions("needs: Permission::CloseTicket, of: Permission"), 1, "the test finds no violation");
}
