//! Names: none is a synonym of a term in the glossary of `docs/architecture.md`.

use std::path::Path;

use syn::visit::{self, Visit};

use crate::source::{files, parse};

/// Synonyms among names of types and traits, with their terms.
const TYPES: &[(&str, &str)] = &[
    ("Asked", "RequestContext"),
    ("Cut", "ConnectionAbort"),
    ("Repeat", "IdempotencyHeader"),
    ("Once", "IdempotencyKey"),
    ("Kept", "IdempotencyRecord"),
    ("Answers", "IdempotencyKeys"),
    ("Growing", "RetentionClass"),
    ("Past", "Retention"),
    ("Sweeper", "RetentionWorker"),
    ("Told", "the type's own noun, such as LoadReport"),
    ("Left", "OperationRow or BodyState"),
    ("Due", "ExpectedAward or ScheduledOperation"),
    ("Carrier", "Channel"),
    ("Bag", "WorkerContext"),
    ("Tenure", "LeaseGuard"),
    ("News", "ChangeNotifier"),
    ("Ear", "Listener"),
    ("Look", "DisplayOptions"),
    ("Place", "ReferenceId, StreamSlot, FileIdentity or RelayUrl"),
    ("Fault", "ValidationError, StoreError, KeyError or DeliveryError"),
    ("Faults", "ValidationErrors"),
    ("Trouble", "DeliveryError"),
];

/// Synonyms among names of modules, files, folders, functions, fields and constants, with their terms.
const NAMES: &[(&str, &str)] = &[
    ("front", "middleware"),
    ("came_by", "set_route"),
    ("once", "idempotency"),
    ("answers", "idempotency_keys"),
    ("retire", "retention or purge"),
    ("past", "retention"),
    ("sweeper", "retention"),
    ("sweep", "purge"),
    ("let_go", "purge"),
    ("proof", "audit_verify"),
    ("witness", "audit_verify"),
    ("courier", "delivery worker"),
    ("errand", "delivery"),
    ("beat", "heartbeat"),
    ("news", "change_notifier"),
    ("bell", "notify"),
    ("heard", "last_seen"),
    ("look", "handle, read, poll or display"),
    ("aftermath", "effects"),
    ("trouble", "delivery_error"),
    ("fold", "checkpoint"),
    ("mine", "list_own"),
    ("examine", "health_report"),
    ("trial", "test_message"),
    ("invent", "generator"),
    ("visible", "sanitize"),
    ("trust", "identity"),
    ("wire", "outbound"),
    ("outgoing", "outbound"),
    ("people", "customers or references"),
    ("trail", "operations, events or notifications"),
];

/// Endings that no name of a type may have, because they do not describe its purpose.
const EMPTY_ENDINGS: &[&str] = &["Manager", "Helper", "Util", "Utils", "Service"];

/// Names in a file.
#[derive(Default)]
struct Names {
    /// Names of structs, enums, traits and type aliases.
    types: Vec<String>,
    /// Names of functions, modules, fields and variants.
    others: Vec<String>,
}

impl<'f> Visit<'f> for Names {
    fn visit_item(&mut self, item: &'f syn::Item) {
        match item {
            syn::Item::Enum(item) => self.types.push(item.ident.to_string()),
            syn::Item::Fn(item) => self.others.push(item.sig.ident.to_string()),
            syn::Item::Mod(item) => self.others.push(item.ident.to_string()),
            syn::Item::Struct(item) => self.types.push(item.ident.to_string()),
            syn::Item::Trait(item) => self.types.push(item.ident.to_string()),
            syn::Item::Type(item) => self.types.push(item.ident.to_string()),
            _ => {}
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item_fn(&mut self, function: &'f syn::ImplItemFn) {
        self.others.push(function.sig.ident.to_string());
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'f syn::TraitItemFn) {
        self.others.push(function.sig.ident.to_string());
        visit::visit_trait_item_fn(self, function);
    }

    fn visit_field(&mut self, field: &'f syn::Field) {
        self.others.extend(field.ident.as_ref().map(ToString::to_string));
        visit::visit_field(self, field);
    }

    fn visit_variant(&mut self, variant: &'f syn::Variant) {
        self.others.push(variant.ident.to_string());
        visit::visit_variant(self, variant);
    }
}

/// Returns the synonyms among the names in a file and in its path.
fn synonyms(file: &str, source: &str) -> Vec<String> {
    let mut names = Names::default();
    if Path::new(file).extension().is_some_and(|ending| ending == "rs") {
        names.visit_file(&parse(file, source));
    }
    names.others.extend(file.split(['/', '.']).map(str::to_owned));
    let listed = |name: &String| {
        let listed = TYPES.iter().chain(NAMES).find(|(synonym, _)| name == synonym);
        listed.map(|(synonym, term)| format!("{file}: {synonym} is named {term}"))
    };
    let empty = names.types.iter().filter(|name| EMPTY_ENDINGS.iter().any(|word| name.ends_with(word)));
    let empty: Vec<_> = empty.map(|name| format!("{file}: {name} does not describe its purpose")).collect();
    names.types.iter().chain(&names.others).filter_map(listed).chain(empty).collect()
}

#[test]
fn no_name_is_a_synonym_of_a_term() {
    let sources = ["src", "tests", "benches"].into_iter().flat_map(|folder| files(folder, "rs"));
    let found: Vec<_> =
        sources.chain(files("sql", "sql")).flat_map(|(file, source)| synonyms(&file, &source)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_synonym_in_every_kind_of_name_is_found() {
    for (file, source) in [
        ("src/x.rs", "struct Growing;"),
        ("src/x.rs", "enum E { Fault }"),
        ("src/x.rs", "struct S { bell: u8 }"),
        ("src/x.rs", "impl S { fn look(&self) {} }"),
        ("src/x.rs", "trait T { fn let_go(&self); }"),
        ("src/x.rs", "mod retire {}"),
        ("src/x.rs", "struct TicketManager;"),
        ("src/desk/sweeper.rs", ""),
        ("sql/sqlite/trail/find.sql", "SELECT 1;"),
    ] {
        assert_eq!(synonyms(file, source).len(), 1, "{file}: {source}");
    }
    assert_eq!(synonyms("src/x.rs", "fn look_up(answers: u8) { let past = 1; }"), Vec::<String>::new());
}
