//! Statements, one a file under `sql/sqlite/`, taken in at compile time.

/// The statement of a file under `sql/sqlite/`, at compile time.
macro_rules! sql {
    ($name:literal) => {
        const {
            let file = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/sqlite/", $name, ".sql"));
            $crate::store::sqlite::statement::without_caption(file)
        }
    };
}
pub(in crate::store) use sql;

/// A statement without its caption: a connection looks each up by its whole text, every time that it is run.
pub(super) const fn without_caption(mut file: &'static str) -> &'static str {
    while let [b'-', b'-', ..] = file.as_bytes() {
        let mut end = 0;
        while file.as_bytes()[end] != b'\n' {
            end += 1;
        }
        file = file.split_at(end + 1).1;
    }
    file
}
