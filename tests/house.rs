//! Tests of the source itself: imports, files, names, doc comments, SQL statements and locales. Each rule has a test
//! that finds a planted violation.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

#[path = "house/commands.rs"]
mod commands;
#[path = "house/docs.rs"]
mod docs;
#[path = "house/glossary.rs"]
mod glossary;
#[path = "house/import_cycles.rs"]
mod import_cycles;
#[path = "house/imports.rs"]
mod imports;
#[path = "house/layers.rs"]
mod layers;
#[path = "house/locale.rs"]
mod locale;
#[path = "house/locales.rs"]
mod locales;
#[path = "house/modules.rs"]
mod modules;
#[path = "house/sentences.rs"]
mod sentences;
#[path = "house/source.rs"]
mod source;
#[path = "house/statements.rs"]
mod statements;
#[path = "house/use_cases.rs"]
mod use_cases;
#[path = "house/vocabulary.rs"]
mod vocabulary;
