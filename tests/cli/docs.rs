//! `README.md` and the pages of `docs/`: examples print the shown output, links resolve, tables are complete.

#[path = "docs/configuration.rs"]
mod configuration;
#[path = "docs/layout.rs"]
mod layout;
#[path = "docs/links.rs"]
mod links;
#[path = "docs/picture.rs"]
mod picture;
#[path = "docs/shell.rs"]
mod shell;

use std::path::{Path, PathBuf};

/// Markdown file of the repository.
struct Page {
    /// Path from the root of the repository.
    name: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page(name: &str) -> Page {
    Page { name: name.to_owned(), text: std::fs::read_to_string(root().join(name)).unwrap() }
}

/// Returns the Markdown files in a folder, sorted by name.
fn markdown(folder: &str) -> Vec<Page> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    paths.iter().map(|path| page(path.strip_prefix(root()).unwrap().to_str().unwrap())).collect()
}

#[test]
fn every_example_shows_the_real_output() {
    let pages: Vec<Page> = [page("README.md")].into_iter().chain(markdown("docs")).collect();
    let pages: Vec<&Page> = pages.iter().filter(|page| page.text.contains("```console")).collect();
    assert!(pages.len() > 8, "the pages have lost their examples");
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let run = |page: &&'_ Page| {
            let (name, text) = (page.name.clone(), page.text.clone());
            scope.spawn(move || shell::differences(&name, &text))
        };
        let running: Vec<_> = pages.iter().map(run).collect();
        running.into_iter().flat_map(|page| page.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn an_example_with_wrong_output_is_found() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(shell::matches(&lines("a\n...\nd [..]!"), &lines("a\nb\nc\nd e!")));
    assert!(!shell::matches(&lines("a"), &lines("b")));
    assert!(!shell::matches(&lines("a\nb"), &lines("a")));
    assert!(!shell::matches(&lines("a"), &lines("a\nb")));
    assert!(!shell::matches(&lines("x[..]y"), &lines("xz")));
    let planted = "```console\n$ echo one\none\n$ echo two\nthree\n```\n";
    let wrong = shell::differences("planted.md", planted);
    assert_eq!(wrong, ["planted.md:4: $ echo two\n--- shown\nthree\n--- printed\ntwo"]);
}
