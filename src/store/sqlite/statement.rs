//! Statements, one a file under `sql/sqlite/`, included at compile time.

/// Includes the statement of a file under `sql/sqlite/`.
macro_rules! sql {
    ($name:literal) => {
        const {
            let file = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/sqlite/", $name, ".sql"));
            $crate::store::sqlite::statement::without_caption(file)
        }
    };
}
pub(in crate::store) use sql;

/// Removes the caption, since a connection looks a prepared statement up by its whole text on each execution.
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
