//! The house keeps its own rules: who may import whom, what a file may hold, what a statement must be, and what every
//! locale must say. Each guard is shown to bite.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

#[path = "house/circles.rs"]
mod circles;
#[path = "house/commands.rs"]
mod commands;
#[path = "house/docs.rs"]
mod docs;
#[path = "house/floors.rs"]
mod floors;
#[path = "house/glossary.rs"]
mod glossary;
#[path = "house/imports.rs"]
mod imports;
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
