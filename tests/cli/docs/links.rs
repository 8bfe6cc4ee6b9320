//! Relative links and anchors of the documentation resolve.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use super::{Page, markdown, page, root};

/// Heading of a page.
pub(super) struct Heading {
    pub(super) level: usize,
    pub(super) text: String,
    pub(super) anchor: String,
}

/// Returns the headings of a page outside of code blocks, with their anchors as GitHub generates them.
pub(super) fn headings(text: &str) -> Vec<Heading> {
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    let titles = prose(text).into_iter().filter_map(|(_, line)| {
        let level = line.len() - line.trim_start_matches('#').len();
        Some((level, line[level..].strip_prefix(' ')?)).filter(|(level, _)| *level > 0)
    });
    let numbered = titles.map(|(level, title)| {
        let slug = slug(title);
        let repeats = used.entry(slug.clone()).and_modify(|count| *count += 1).or_insert(0);
        let anchor = if *repeats == 0 { slug } else { format!("{slug}-{repeats}") };
        Heading { level, text: title.to_owned(), anchor }
    });
    numbered.collect()
}

fn slug(title: &str) -> String {
    let kept = title.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// Returns the numbered lines of a page outside of code blocks.
fn prose(text: &str) -> Vec<(usize, &str)> {
    let mut inside = false;
    let mut outside = |line: &str| {
        let fence = line.trim_start().starts_with("```");
        inside ^= fence;
        !inside && !fence
    };
    text.lines().enumerate().filter(|(_, line)| outside(line)).map(|(index, line)| (index + 1, line)).collect()
}

/// Returns the targets of the links and pictures of a page, with their line numbers.
fn targets(text: &str) -> Vec<(usize, String)> {
    let targets_of_line = |(number, line): (usize, &str)| {
        let parts: Vec<(usize, String)> =
            line.split("](").skip(1).filter_map(|part| Some((number, part.split_once(')')?.0.to_owned()))).collect();
        parts
    };
    prose(text).into_iter().flat_map(targets_of_line).collect()
}

/// Returns the links of a page that do not resolve.
fn broken_links(page: &Page) -> Vec<String> {
    let relative = targets(&page.text).into_iter().filter(|(_, target)| !target.contains("://"));
    let wrong = relative.filter(|(_, target)| {
        let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
        let folder = Path::new(&page.name).parent().unwrap_or(Path::new(""));
        let path = if file.is_empty() { PathBuf::from(&page.name) } else { normalize(&folder.join(file)) };
        let text =
            || if file.is_empty() { page.text.clone() } else { std::fs::read_to_string(root().join(&path)).unwrap() };
        let has_anchor = || headings(&text()).iter().any(|heading| heading.anchor == anchor);
        let is_there = file.is_empty() || root().join(&path).exists();
        !is_there || (!anchor.is_empty() && !has_anchor())
    });
    wrong.map(|(line, target)| format!("{}:{line}: {target}", page.name)).collect()
}

/// Resolves `..` in a path.
fn normalize(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut normalized, part| {
        if part == Component::ParentDir {
            normalized.pop();
        } else {
            normalized.push(part);
        }
        normalized
    })
}

#[test]
fn every_link_and_anchor_resolves() {
    let folders = ["", "docs", "docs/adr", "packaging"].into_iter().filter(|folder| root().join(folder).is_dir());
    let pages: Vec<Page> = folders.flat_map(markdown).collect();
    assert!(pages.iter().map(|page| targets(&page.text).len()).sum::<usize>() > 50, "no links were found");
    let wrong: Vec<String> = pages.iter().flat_map(broken_links).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_broken_link_is_found() {
    let text =
        "# A b, c\n\n[a](#a-b-c) [b](#b) [c](api.md) [d](nowhere.md) [e](api.md#nowhere)\n\n```\n[f](nowhere)\n```\n";
    let planted = Page { name: "docs/planted.md".to_owned(), text: text.to_owned() };
    let wrong = ["docs/planted.md:3: #b", "docs/planted.md:3: nowhere.md", "docs/planted.md:3: api.md#nowhere"];
    assert_eq!(broken_links(&planted), wrong);
    assert_eq!(page("docs/api.md").name, "docs/api.md");
}
