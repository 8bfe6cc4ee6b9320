//! Import cycles: no file imports, directly or indirectly, a file that imports it. A re-export counts as its target.

use std::collections::{BTreeMap, BTreeSet};

use crate::imports::{CratePath, module, production_paths, reexports};
use crate::source::files;

/// Files that each file imports from.
type Graph = BTreeMap<String, BTreeSet<String>>;

fn graph(files: &[(String, String)]) -> Graph {
    let modules: BTreeMap<CratePath, &str> = files.iter().map(|(file, _)| (module(file), file.as_str())).collect();
    let reexported = files.iter().flat_map(|(file, source)| {
        reexports(file, source).into_iter().map(|(name, path)| ((file.as_str(), name), path))
    });
    let reexported: BTreeMap<_, _> = reexported.collect();
    let edges = files.iter().map(|(file, source)| {
        let paths = production_paths(file, source).into_iter().filter_map(|path| resolve(path, &modules, &reexported));
        (file.clone(), paths.filter(|target| target != file).map(str::to_owned).collect())
    });
    edges.collect()
}

/// Returns the file that declares the item of a path.
fn resolve<'f>(
    mut path: CratePath,
    modules: &BTreeMap<CratePath, &'f str>,
    reexported: &BTreeMap<(&'f str, String), CratePath>,
) -> Option<&'f str> {
    loop {
        let length = (1..=path.len()).rev().find(|length| modules.contains_key(&path[..*length]))?;
        let file = modules[&path[..length]];
        let reexport = path.get(length).and_then(|name| reexported.get(&(file, name.clone())));
        match reexport {
            Some(target) => path = [target.as_slice(), &path[length + 1..]].concat(),
            None => return Some(file),
        }
    }
}

/// Returns the files that a file imports directly or indirectly.
fn reachable<'g>(graph: &'g Graph, from: &str) -> BTreeSet<&'g str> {
    let mut found = BTreeSet::new();
    let mut pending: Vec<&str> = graph[from].iter().map(String::as_str).collect();
    while let Some(file) = pending.pop() {
        if found.insert(file) {
            pending.extend(graph[file].iter().map(String::as_str));
        }
    }
    found
}

/// Returns the import cycles, each as the list of its imports.
fn cycles(files: &[(String, String)]) -> BTreeSet<Vec<String>> {
    let graph = graph(files);
    let reach: BTreeMap<_, _> = graph.keys().map(|file| (file.as_str(), reachable(&graph, file))).collect();
    let within = |file: &str| -> BTreeSet<&str> {
        reach[file].iter().copied().filter(|other| reach[other].contains(file)).collect()
    };
    let edges_of = |cycle: &BTreeSet<&str>| {
        let edges = cycle.iter().flat_map(|from| graph[*from].iter().map(move |to| (*from, to)));
        edges.filter(|(_, to)| cycle.contains(to.as_str())).map(|(from, to)| format!("{from} -> {to}")).collect()
    };
    let cycles = graph.keys().map(|file| within(file)).filter(|cycle| !cycle.is_empty());
    cycles.map(|cycle| edges_of(&cycle)).collect()
}

#[test]
fn imports_form_no_cycle() {
    let found = cycles(&files("src", "rs"));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_cycle_is_found() {
    let planted = |files: &[(&str, &str)]| {
        cycles(&files.iter().map(|(file, source)| ((*file).to_owned(), (*source).to_owned())).collect::<Vec<_>>()).len()
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
