//! The terminal picture in the documentation is up to date.

use std::process::Command;

use super::root;
use crate::world::SUPPORT;

#[test]
fn the_picture_shows_the_real_output() {
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("terminal.svg");
    let output =
        Command::new(root().join("docs/picture")).arg(SUPPORT).arg(&made).output().expect("python3 is installed");
    assert!(output.status.success(), "{output:?}");
    let read = |path| std::fs::read_to_string(path).unwrap();
    let is_current = read(made) == read(root().join("docs/terminal.svg"));
    assert!(is_current, "docs/terminal.svg differs from the real output: `just picture` draws it anew");
    let justfile = std::fs::read_to_string(root().join("justfile")).unwrap();
    assert!(justfile.contains("\n    docs/picture\n"), "`just picture` does not run docs/picture");
}
