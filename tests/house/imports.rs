//! Paths inside the crate that a file names: in `use` items, in the middle of code, and in the arguments of macros.

use syn::visit::{self, Visit};
use syn::{ItemMod, ItemUse, Macro, UseTree};

use crate::source::{Token, is_of_tests, parse, tokens};

/// A path from the crate's root, such as `["model", "Error"]`.
pub(crate) type CratePath = Vec<String>;

/// The module that a file is, as a path from the crate's root.
pub(crate) fn module(file: &str) -> CratePath {
    let path = file.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// Every path inside the crate that a file names, those of its tests too.
pub(crate) fn paths(file: &str, source: &str) -> Vec<CratePath> {
    let source = parse(file, source);
    let mut paths = Paths::new(file, &source);
    paths.visit_file(&source);
    paths.found
}

/// Every path inside the crate that a file names outside its tests and its re-exports.
pub(crate) fn paths_of_product(file: &str, source: &str) -> Vec<CratePath> {
    let source = parse(file, source);
    let mut paths = Paths::new(file, &source);
    for item in source.items.iter().filter(|item| !is_of_tests(item) && reexport(item).is_none()) {
        paths.visit_item(item);
    }
    paths.found
}

/// Every name that a file re-exports, with the path of what it names.
pub(crate) fn reexports(file: &str, source: &str) -> Vec<(String, CratePath)> {
    let source = parse(file, source);
    let mut found = Vec::new();
    for item in source.items.iter().filter_map(reexport) {
        let mut names = Vec::new();
        gather_names(&item.tree, &mut names);
        let mut paths = Paths::new(file, &source);
        paths.note_tree(&item.tree, &[]);
        found.extend(names.into_iter().zip(paths.found));
    }
    found
}

/// The `use` that an item is, where others may name what it names.
fn reexport(item: &syn::Item) -> Option<&ItemUse> {
    match item {
        syn::Item::Use(item) if !matches!(item.vis, syn::Visibility::Inherited) => Some(item),
        _ => None,
    }
}

/// The names that a tree of a `use` brings in, in order.
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
    /// Modules that the file declares: a path may begin with one of them.
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

    /// Notes these segments, where they begin inside the crate.
    fn note(&mut self, segments: &[String]) {
        let mut path = match segments.first().map(String::as_str) {
            // The executable's own file names the library by its name.
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
        // A path that stays at the root (`crate::*`) names no room, and what `i18n!` makes there is the localization's own.
        if path.first().is_some_and(|first| !first.starts_with("_rust_i18n")) {
            self.found.push(path);
        }
    }

    fn note_tree(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: String| [before, &[name]].concat();
        match tree {
            UseTree::Path(path) => self.note_tree(&path.tree, &with(path.ident.to_string())),
            UseTree::Name(name) => self.note(&with(name.ident.to_string())),
            UseTree::Rename(rename) => self.note(&with(rename.ident.to_string())),
            UseTree::Glob(_) => self.note(&with("*".to_owned())),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.note_tree(tree, before)),
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
        self.note_tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'f syn::Path) {
        if path.segments.len() > 1 {
            self.note(&path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'f Macro) {
        self.visit_path(&item.path);
        let tokens = tokens(item.tokens.clone());
        let (mut path, mut goes_on) = (Vec::new(), false);
        for token in tokens.iter().chain([&Token::Sign(";")]) {
            match token {
                Token::Word(word) if goes_on || path.is_empty() => path.push(word.clone()),
                Token::Sign("::") => {}
                Token::Word(_) | Token::Sign(_) | Token::Text(_) => {
                    if path.len() > 1 {
                        self.note(&path);
                    }
                    path.clear();
                    path.extend(if let Token::Word(word) = token { Some(word.clone()) } else { None });
                }
            }
            goes_on = *token == Token::Sign("::");
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
    assert_eq!(joined(paths_of_product("src/x/y.rs", source)), all[..9]);
    let quoted = vec!["x".to_owned(), "y".to_owned(), "z".to_owned(), "Q".to_owned()];
    assert_eq!(reexports("src/x/y.rs", source), [("Q".to_owned(), quoted)]);
}
