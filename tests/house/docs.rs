//! Wording of doc comments and SQL captions: a block begins with its subject.

use std::path::Path;

use quote::ToTokens as _;
use syn::visit::{self, Visit};
use syn::{AttrStyle, Attribute, Expr, Lit, Meta};

use crate::source::{files, parse};

/// Words that a doc comment does not begin with.
const BANNED: &[&str] =
    &["What ", "How ", "Whether ", "Where ", "Who ", "Whose ", "Whom ", "When ", "Those ", "The same ", "So "];

/// Folders whose doc comments and SQL captions are counted, and the ending of the files counted there.
const FOLDERS: &[(&str, &str)] = &[("src", "rs"), ("tests", "rs"), ("benches", "rs"), ("sql", "sql")];

/// Maximum share of blocks that begin with a banned word, in percent.
const MAX_SHARE: usize = 3;

/// Doc comments of a source, one block an item.
#[derive(Default)]
struct Docs {
    /// The block that the next doc attribute continues, if any; true for an inner one (`//!`).
    open: Option<bool>,
    /// Number of blocks.
    blocks: usize,
    /// First lines of the blocks that begin with a banned word.
    banned: Vec<String>,
}

impl Docs {
    fn add_line(&mut self, is_inner: bool, line: &str) {
        if self.open.replace(is_inner) != Some(is_inner) {
            self.add_block(line);
        }
    }

    fn add_block(&mut self, first_line: &str) {
        self.blocks += 1;
        let first_line = first_line.trim();
        if BANNED.iter().any(|word| first_line.starts_with(word)) {
            self.banned.push(first_line.to_owned());
        }
    }
}

impl<'f> Visit<'f> for Docs {
    fn visit_attribute(&mut self, attribute: &'f Attribute) {
        if let Meta::NameValue(pair) = &attribute.meta
            && pair.path.is_ident("doc")
            && let Expr::Lit(text) = &pair.value
            && let Lit::Str(text) = &text.lit
        {
            self.add_line(matches!(attribute.style, AttrStyle::Inner(_)), &text.value());
        } else {
            visit::visit_attribute(self, attribute);
        }
    }

    fn visit_ident(&mut self, _: &'f proc_macro2::Ident) {
        self.open = None;
    }

    fn visit_macro(&mut self, item: &'f syn::Macro) {
        // The doc comments of items that a macro declares are among the tokens of its input.
        self.open = None;
        for token in item.tokens.clone() {
            let text = token.to_token_stream().to_string();
            let doc = text.strip_prefix("[doc = \"").or_else(|| text.strip_prefix("[doc = r\""));
            if let Some(doc) = doc {
                self.add_line(false, doc.trim_end_matches("\"]"));
            } else if text != "#" {
                self.open = None;
                if let proc_macro2::TokenTree::Group(group) = token {
                    self.visit_macro(&syn::Macro { tokens: group.stream(), ..item.clone() });
                    self.open = None;
                }
            }
        }
    }
}

/// Counts the doc comments of a Rust file, or the caption of an SQL file.
fn docs(file: &str, source: &str) -> Docs {
    let mut docs = Docs::default();
    if Path::new(file).extension().is_some_and(|ending| ending == "sql") {
        if let Some(caption) = source.strip_prefix("-- ") {
            docs.add_block(caption.lines().next().unwrap_or_default());
        }
    } else {
        docs.visit_file(&parse(file, source));
    }
    for line in &mut docs.banned {
        line.insert_str(0, &format!("{file}: "));
    }
    docs
}

#[test]
fn doc_comments_begin_with_their_subject() {
    let files = FOLDERS.iter().flat_map(|(folder, ending)| files(folder, ending));
    let (mut blocks, mut banned) = (0, Vec::new());
    for (file, source) in files {
        let mut docs = docs(&file, &source);
        blocks += docs.blocks;
        banned.append(&mut docs.banned);
    }
    let tenths = banned.len() * 1000 / blocks;
    let (count, percent, tenth) = (banned.len(), tenths / 10, tenths % 10);
    println!("doc comments: {blocks} blocks, {count} begin with a banned word ({percent}.{tenth} %)");
    assert!(count * 100 <= blocks * MAX_SHARE, "more than {MAX_SHARE} %: {banned:#?}");
}

#[test]
fn a_block_is_counted_once() {
    for (file, source, blocks) in [
        ("planted.rs", "//! Module.\n//! Its second line.\n\n/// Function.\nfn f() {}", 2),
        ("planted.rs", "/// Enum.\nenum E {\n    /// One.\n    /// Or more.\n    A,\n    B,\n}", 2),
        ("planted.rs", "list!(\n    /// Enum.\n    E {\n        /// One.\n        A = 1,\n    }\n);", 2),
        ("planted.sql", "-- Caption.\n-- Parameters.\nSELECT 1;", 1),
        ("planted.sql", "SELECT 1;", 0),
    ] {
        assert_eq!(docs(file, source).blocks, blocks, "{source}");
    }
}

#[test]
fn a_doc_comment_that_begins_with_a_banned_word_is_found() {
    for source in [
        "//! What it does.\nfn f() {}",
        "/// Whether it is.\nfn f() {}",
        "struct S {\n    /// Where it is.\n    a: u8,\n}",
        "enum E {\n    /// Those.\n    /// Those that are.\n    A,\n    /// Those that are.\n    B,\n}",
        "impl S {\n    /// The same again.\n    fn f() {}\n}",
        "list!(\n    /// How many.\n    E {\n        A = 1,\n    }\n);",
        "list!(E {\n    /// Who it is.\n    A = 1,\n});",
    ] {
        assert_eq!(docs("planted.rs", source).banned.len(), 1, "{source}");
    }
    for source in
        ["/// Number of tickets.\n/// Where none: 0.\nfn f() {}", "// What for.\nfn f() {}", "/// Whatever.\nfn f() {}"]
    {
        assert_eq!(docs("planted.rs", source).banned, Vec::<String>::new(), "{source}");
    }
    assert_eq!(docs("planted.sql", "-- How many.\nSELECT 1;").banned.len(), 1);
}
