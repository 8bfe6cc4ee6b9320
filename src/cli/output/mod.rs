//! Output formats: tables, JSON, NDJSON and CSV.

pub(crate) mod abbreviate;
pub(crate) mod csv;
pub(crate) mod display_options;
mod format;
pub(crate) mod json;
pub(crate) mod out;
pub(crate) mod sanitize;
pub(crate) mod table;
pub(crate) mod truncate;

pub use format::Format;
