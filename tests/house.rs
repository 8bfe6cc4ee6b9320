//! The house keeps its own rules: who may import whom, what a statement must be, and what every locale must say. Each
//! guard is shown to bite.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

#[path = "house/floors.rs"]
mod floors;
#[path = "house/locales.rs"]
mod locales;
#[path = "house/source.rs"]
mod source;
#[path = "house/statements.rs"]
mod statements;
