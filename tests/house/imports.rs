//! Paths of the crate that a file uses: in `use` items, in expressions and types, and in the arguments of macros.

use syn::visit::{self, Visit};
use syn::{ItemMod, ItemUse, Macro, UseTree};

use crate::source::{Token, is_test_module, parse, tokens};

/// Path from the crate root, such as `["model", "Error"]`.
pub(crate) type CratePath = Vec<String>;

/// Returns the module of a file.
pub(crate) fn module(file: &str) -> CratePath {
    let path = file.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// Returns every path of the crate that a file uses, including its tests.
pub(crate) fn paths(file: &str, source: &str) -> Vec<CratePath> {
    let source = parse(file, source);
    let mut paths = Paths::new(file, &source);
    paths.visit_file(&source);
    paths.found
}

/// Returns every path of the crate that a file uses outside of its tests and re-exports.
pub(crate) fn production_paths(file: &str, source: &str) -> Vec<CratePath> {
    let source = parse(file, source);
    let mut paths = Paths::new(file, &source);
    for item in source.items.iter().filter(|item| !is_test_module(item) && reexport(item).is_none()) {
        paths.visit_item(item);
    }
    paths.found
}

/// Returns every name that a file re-exports, with its path.
pub(crate) fn reexports(file: &str, source: &str) -> Vec<(String, CratePath)> {
    let source = parse(file, source);
    let mut found = Vec::new();
    for item in source.items.iter().filter_map(reexport) {
        let mut names = Vec::new();
        gather_names(&item.tree, &mut names);
        let mut paths = Paths::new(file, &source);
        paths.add_tree(&item.tree, &[]);
        found.extend(names.into_iter().zip(paths.found));
    }
    found
}

/// Returns the `use` item if it is a re-export.
fn reexport(item: &syn::Item) -> Option<&ItemUse> {
    match item {
        syn::Item::Use(item) if !matches!(item.vis, syn::Visibility::Inherited) => Some(item),
        _ => None,
    }
}

/// Collects the names that a `use` tree imports, in order.
fn gather_names(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => gather_names(&path.tree, names),
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Rename(rename) => names.push(rename.rename.to_string()),
        UseTree::Glob(_) => names.push("*".to_owned()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| gather_names(tree, names)),
    }
}

struct Paths {
    here: CratePath,
    /// Modules that the file declares, which may begin a path.
    children: Vec<String>,
    found: Vec<CratePath>,
}

impl Paths {
    fn new(file: &str, source: &syn::File) -> Self {
        let name = |item: &syn::Item| match item {
            syn::Item::Mod(module) if module.content.is_none() => Some(module.ident.to_string()),
            _ => None,
        };
        Self { here: module(file), children: source.items.iter().filter_map(name).collect(), found: Vec::new() }
    }

    /// Adds a path if it is a path of the crate.
    fn add(&mut self, segments: &[String]) {
        let mut path = match segments.first().map(String::as_str) {
            // The executable uses the name of the library.
            Some("crate" | "support") => Vec::new(),
            Some("self") => self.here.clone(),
            Some("super") => self.here[..self.here.len().saturating_sub(1)].to_vec(),
            Some(first) if self.children.iter().any(|child| child == first) => {
                [self.here.as_slice(), &segments[..1]].concat()
            }
            _ => return,
        };
        for segment in &segments[1..] {
            match segment.as_str() {
                "super" => drop(path.pop()),
                "self" | "*" => {}
                name => path.push(name.to_owned()),
            }
        }
        // `crate::*` names no module, and `i18n!` expands to items at the crate root.
        if path.first().is_some_and(|first| !first.starts_with("_rust_i18n")) {
            self.found.push(path);
        }
    }

    fn add_tree(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: String| [before, &[name]].concat();
        match tree {
            UseTree::Path(path) => self.add_tree(&path.tree, &with(path.ident.to_string())),
            UseTree::Name(name) => self.add(&with(name.ident.to_string())),
            UseTree::Rename(rename) => self.add(&with(rename.ident.to_string())),
            UseTree::Glob(_) => self.add(&with("*".to_owned())),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(tree, before)),
        }
    }
}

impl<'f> Visit<'f> for Paths {
    fn visit_item_mod(&mut self, module: &'f ItemMod) {
        self.here.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.here.pop();
    }

    fn visit_item_use(&mut self, item: &'f ItemUse) {
        self.add_tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'f syn::Path) {
        if path.segments.len() > 1 {
            self.add(&path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'f Macro) {
        self.visit_path(&item.path);
        let tokens = tokens(item.tokens.clone());
        let (mut path, mut continues) = (Vec::new(), false);
        for token in tokens.iter().chain([&Token::Punct(";")]) {
            match token {
                Token::Word(word) if continues || path.is_empty() => path.push(word.clone()),
                Token::Punct("::") => {}
                Token::Word(_) | Token::Punct(_) | Token::Text(_) => {
                    if path.len() > 1 {
                        self.add(&path);
                    }
                    path.clear();
                    path.extend(if let Token::Word(word) = token { Some(word.clone()) } else { None });
                }
            }
            continues = *token == Token::Punct("::");
        }
    }
}

#[test]
fn paths_are_read_from_uses_code_and_macros() {
    let source = "
        use crate::{a::{self, b as c}, d::*};
        use super::e;
        mod inner { use super::f; fn g() { super::super::h::i() } }
        fn j(k: crate::l::M) { n!(x = crate::o::P, self::q(r)); std::s(); }
        mod z;
        pub use z::Q;
        #[cfg(test)]
        mod tests { use crate::t; }
    ";
    let joined = |paths: Vec<CratePath>| paths.iter().map(|path| path.join("::")).collect::<Vec<_>>();
    let all = ["a", "a::b", "d", "x::e", "x::y::f", "x::h::i", "l::M", "o::P", "x::y::q", "x::y::z::Q", "t"];
    assert_eq!(joined(paths("src/x/y.rs", source)), all);
    assert_eq!(joined(production_paths("src/x/y.rs", source)), all[..9]);
    let quoted = vec!["x".to_owned(), "y".to_owned(), "z".to_owned(), "Q".to_owned()];
    assert_eq!(reexports("src/x/y.rs", source), [("Q".to_owned(), quoted)]);
}
