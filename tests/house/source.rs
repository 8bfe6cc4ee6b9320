//! Source files of the package, and their tokens.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;

/// Token of Rust source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// Identifier, keyword or number.
    Word(String),
    /// Punctuation, including `::`.
    Punct(&'static str),
    /// Value of a string literal.
    Text(String),
}

/// Returns the files with this extension in a folder of the package, as pairs of path and text, sorted by path.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "no .{ending} file under {folder}");
    files
}

/// Parses a file to its syntax tree.
pub(crate) fn parse(file: &str, source: &str) -> syn::File {
    syn::parse_file(source).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Returns true if an item is a module with `#[cfg(test)]`.
pub(crate) fn is_test_module(item: &syn::Item) -> bool {
    let syn::Item::Mod(module) = item else { return false };
    module.attrs.iter().any(|attribute| attribute.to_token_stream().to_string().replace(' ', "") == "#[cfg(test)]")
}

/// Returns the tokens of a file without comments, attributes and tests.
pub(crate) fn production_tokens(file: &str, source: &str) -> Vec<Token> {
    let items = parse(file, source).items;
    let items = items.iter().filter(|item| !is_test_module(item)).map(quote::ToTokens::to_token_stream);
    tokens(items.collect())
}

/// Returns the tokens of a source text without comments and attributes.
pub(crate) fn parse_tokens(source: &str) -> Vec<Token> {
    tokens(source.parse().unwrap_or_else(|error| panic!("{error}: {source}")))
}

/// Returns the tokens of a token stream without attributes.
pub(crate) fn tokens(source: TokenStream) -> Vec<Token> {
    let mut found = Vec::new();
    gather(source, &mut found);
    found
}

fn gather(source: TokenStream, found: &mut Vec<Token>) {
    let mut trees = source.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Ident(word) => found.push(Token::Word(word.to_string())),
            TokenTree::Literal(literal) => match syn::parse_str::<syn::Lit>(&literal.to_string()) {
                Ok(syn::Lit::Str(text)) => found.push(Token::Text(text.value())),
                _ => found.push(Token::Word(literal.to_string())),
            },
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                found.push(Token::Punct(open));
                gather(group.stream(), found);
                found.push(Token::Punct(close));
            }
            TokenTree::Punct(punct) => match (punct.as_char(), trees.peek()) {
                (':', Some(TokenTree::Punct(next))) if next.as_char() == ':' => {
                    trees.next();
                    found.push(Token::Punct("::"));
                }
                // Inner or outer attribute.
                ('#', Some(TokenTree::Punct(next))) if next.as_char() == '!' => drop((trees.next(), trees.next())),
                ('#', Some(TokenTree::Group(_))) => drop(trees.next()),
                (punct, _) => {
                    let known = [(',', ","), ('*', "*"), (';', ";"), ('!', "!"), ('.', ".")];
                    found.extend(known.iter().find(|(known, _)| *known == punct).map(|(_, punct)| Token::Punct(punct)));
                }
            },
        }
    }
}

#[test]
fn comments_attributes_and_tests_are_no_tokens() {
    let source = r##"
        // use crate::lost;
        /* use crate::lost; /* again */ still */
        //! crate::lost
        #![doc = "crate::lost"]
        /// crate::lost
        #[doc = "crate::lost"]
        fn f<'a>(x: &'a str) -> char { let _ = ("crate::lost \" {", r#"raw "x" y"#, b"y"); '"' }
        use crate::found;
        #[cfg(test)]
        mod tests { use crate::lost; }
    "##;
    let tokens = production_tokens("planted", source);
    let texts: Vec<_> = tokens
        .iter()
        .filter_map(|token| if let Token::Text(text) = token { Some(text.as_str()) } else { None })
        .collect();
    assert_eq!(texts, [r#"crate::lost " {"#, r#"raw "x" y"#]);
    assert!(tokens.contains(&Token::Word("found".to_owned())));
    assert!(!tokens.contains(&Token::Word("lost".to_owned())));
}
