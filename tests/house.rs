//! The house keeps its own rules: what holds of every source and every locale, whatever it does.

#[path = "house/locales.rs"]
mod locales;
