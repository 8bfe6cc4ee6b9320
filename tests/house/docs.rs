//! Doc comments begin with what they are about.

use quote::ToTokens as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Lit, Meta};

use crate::source::{files, parse};

/// Words that a doc comment does not begin with.
const BANNED: &[&str] =
    &["What ", "How ", "Whether ", "Where ", "Who ", "Whose ", "Whom ", "When ", "Those ", "The same ", "So "];

/// Doc comments of `src` that do so for now. A number to make smaller, never larger.
const KNOWN: usize = 610;

/// First lines of doc comments that begin with a banned word.
#[derive(Default)]
struct Docs {
    before: bool,
    found: Vec<String>,
}

impl<'f> Visit<'f> for Docs {
    fn visit_attribute(&mut self, attribute: &'f Attribute) {
        if let Meta::NameValue(pair) = &attribute.meta
            && pair.path.is_ident("doc")
            && let Expr::Lit(text) = &pair.value
            && let Lit::Str(text) = &text.lit
        {
            let text = text.value();
            if !self.before && BANNED.iter().any(|word| text.trim_start().starts_with(word)) {
                self.found.push(text.trim().to_owned());
            }
            self.before = true;
        } else {
            visit::visit_attribute(self, attribute);
        }
    }

    fn visit_ident(&mut self, _: &'f proc_macro2::Ident) {
        self.before = false;
    }

    fn visit_macro(&mut self, item: &'f syn::Macro) {
        // A list that a macro makes of items: their doc comments are among its tokens.
        let tokens: Vec<_> = item.tokens.clone().into_iter().collect();
        let mut before = false;
        for token in tokens {
            let text = token.to_token_stream().to_string();
            let doc = text.strip_prefix("[doc = \"").or_else(|| text.strip_prefix("[doc = r\""));
            if let Some(doc) = doc {
                if !before && BANNED.iter().any(|word| doc.trim_start().starts_with(word)) {
                    self.found.push(doc.trim_end_matches("\"]").trim().to_owned());
                }
                before = true;
            } else if text != "#" {
                before = false;
                if let proc_macro2::TokenTree::Group(group) = token {
                    let inner = syn::Macro { tokens: group.stream(), ..item.clone() };
                    let mut docs = Self::default();
                    docs.visit_macro(&inner);
                    self.found.append(&mut docs.found);
                }
            }
        }
    }
}

fn banned(file: &str, source: &str) -> Vec<String> {
    let mut docs = Docs::default();
    docs.visit_file(&parse(file, source));
    docs.found.iter().map(|line| format!("{file}: {line}")).collect()
}

#[test]
fn doc_comments_begin_with_what_they_are_about() {
    let found: Vec<_> = files("src", "rs").iter().flat_map(|(file, source)| banned(file, source)).collect();
    assert!(found.len() <= KNOWN, "{} of {KNOWN}: {found:#?}", found.len());
}

#[test]
fn a_doc_comment_that_begins_with_a_banned_word_is_seen() {
    for source in [
        "//! What it does.\nfn f() {}",
        "/// Whether it is.\nfn f() {}",
        "struct S {\n    /// Where it is.\n    a: u8,\n}",
        "enum E {\n    /// Those.\n    /// Those that are.\n    A,\n    /// Those that are.\n    B,\n}",
        "impl S {\n    /// The same again.\n    fn f() {}\n}",
        "list!(\n    /// How many.\n    E {\n        A = 1,\n    }\n);",
        "list!(E {\n    /// Who it is.\n    A = 1,\n});",
    ] {
        assert_eq!(banned("planted", source).len(), 1, "{source}");
    }
    for source in
        ["/// Number of tickets.\n/// Where none: 0.\nfn f() {}", "// What for.\nfn f() {}", "/// Whatever.\nfn f() {}"]
    {
        assert_eq!(banned("planted", source), Vec::<String>::new(), "{source}");
    }
}
