//! No file imports, by whatever way round, a file that imports it. A re-export counts as what it names.

use std::collections::{BTreeMap, BTreeSet};

use crate::imports::{CratePath, module, paths_of_product, reexports};
use crate::source::files;

/// The files that each file imports from.
type Graph = BTreeMap<String, BTreeSet<String>>;

fn graph(files: &[(String, String)]) -> Graph {
    let modules: BTreeMap<CratePath, &str> = files.iter().map(|(file, _)| (module(file), file.as_str())).collect();
    let named = files.iter().flat_map(|(file, source)| {
        reexports(file, source).into_iter().map(|(name, path)| ((file.as_str(), name), path))
    });
    let named: BTreeMap<_, _> = named.collect();
    let edges = files.iter().map(|(file, source)| {
        let paths = paths_of_product(file, source).into_iter().filter_map(|path| resolve(path, &modules, &named));
        (file.clone(), paths.filter(|target| target != file).map(str::to_owned).collect())
    });
    edges.collect()
}

/// The file that what a path names stands in.
fn resolve<'f>(
    mut path: CratePath,
    modules: &BTreeMap<CratePath, &'f str>,
    named: &BTreeMap<(&'f str, String), CratePath>,
) -> Option<&'f str> {
    loop {
        let length = (1..=path.len()).rev().find(|length| modules.contains_key(&path[..*length]))?;
        let file = modules[&path[..length]];
        let meant = path.get(length).and_then(|name| named.get(&(file, name.clone())));
        match meant {
            Some(target) => path = [target.as_slice(), &path[length + 1..]].concat(),
            None => return Some(file),
        }
    }
}

/// All files that one leads to.
fn reach<'g>(graph: &'g Graph, from: &str) -> BTreeSet<&'g str> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<&str> = graph[from].iter().map(String::as_str).collect();
    while let Some(file) = waiting.pop() {
        if found.insert(file) {
            waiting.extend(graph[file].iter().map(String::as_str));
        }
    }
    found
}

/// The circles, each with the imports that tie it.
fn circles(files: &[(String, String)]) -> BTreeSet<Vec<String>> {
    let graph = graph(files);
    let reach: BTreeMap<_, _> = graph.keys().map(|file| (file.as_str(), reach(&graph, file))).collect();
    let within = |file: &str| -> BTreeSet<&str> {
        reach[file].iter().copied().filter(|other| reach[other].contains(file)).collect()
    };
    let ties = |circle: &BTreeSet<&str>| {
        let edges = circle.iter().flat_map(|from| graph[*from].iter().map(move |to| (*from, to)));
        edges.filter(|(_, to)| circle.contains(to.as_str())).map(|(from, to)| format!("{from} -> {to}")).collect()
    };
    let circles = graph.keys().map(|file| within(file)).filter(|circle| !circle.is_empty());
    circles.map(|circle| ties(&circle)).collect()
}

#[test]
fn imports_make_no_circle() {
    let found = circles(&files("src", "rs"));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_circle_is_seen() {
    let planted = |files: &[(&str, &str)]| {
        circles(&files.iter().map(|(file, source)| ((*file).to_owned(), (*source).to_owned())).collect::<Vec<_>>())
            .len()
    };
    let room = ("src/m/mod.rs", "pub mod a; pub mod b; pub use a::A; pub use b::B;");
    for (a, b) in [
        ("use super::b::B; pub struct A;", "use super::a::A; pub struct B;"),
        ("use super::B; pub struct A;", "use super::A; pub struct B;"),
        ("use crate::m::B; pub struct A;", "pub struct B; fn f() -> crate::m::A {}"),
    ] {
        assert_eq!(planted(&[room, ("src/m/a.rs", a), ("src/m/b.rs", b)]), 1, "{a} {b}");
        assert_eq!(planted(&[room, ("src/m/a.rs", a), ("src/m/b.rs", "pub struct B;")]), 0, "{a}");
    }
    let third = ("src/m/c.rs", "use super::a::A; pub struct C;");
    let (a, b) = (("src/m/a.rs", "use super::b::B;"), ("src/m/b.rs", "use super::c::C;"));
    assert_eq!(planted(&[room, a, b, third]), 1);
    let own = ("src/m/mod.rs", "pub mod a; use a::A; pub struct M;");
    assert_eq!(planted(&[own, ("src/m/a.rs", "use super::M; pub struct A;")]), 1);
}
