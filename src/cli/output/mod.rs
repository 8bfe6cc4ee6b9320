//! How data is printed: as tables for people, as JSON and CSV for programs.

pub(crate) mod csv;
pub(crate) mod fit;
mod format;
pub(crate) mod json;
pub(crate) mod look;
pub(crate) mod out;
pub(crate) mod short;
pub(crate) mod table;
pub(crate) mod visible;

pub use format::Format;
