//! Rust source as far as the guards read it: words, signs and texts, without comments.

use std::fs;
use std::path::{Path, PathBuf};

/// A piece of source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// An identifier, a keyword or a number.
    Word(String),
    /// One sign of punctuation; `::` is one too.
    Sign(&'static str),
    /// What a string literal holds, escapes as they are written.
    Text(String),
}

/// Every file of this ending under a folder of the package, by its path from the package's root, sorted.
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

/// The pieces of a source text, in order.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some((open, hashes)) = text_opening(rest) {
            let (text, length) = text(rest, open, hashes);
            tokens.push(Token::Text(text.to_owned()));
            length
        } else if first == '\'' {
            quote(rest)
        } else if first.is_alphanumeric() || first == '_' {
            let length = rest.find(|sign: char| !sign.is_alphanumeric() && sign != '_').unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..length].to_owned()));
            length
        } else if rest.starts_with("::") {
            tokens.push(Token::Sign("::"));
            2
        } else {
            let known = ["{", "}", ",", "*", ";", "!", "(", ")"];
            tokens.extend(known.into_iter().find(|sign| rest.starts_with(sign)).map(Token::Sign));
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                break;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// The length of a string literal's opening up to its text, and the hashes of a raw one; none where none begins here.
fn text_opening(rest: &str) -> Option<(usize, Option<usize>)> {
    let prefix = ["br", "cr", "b", "c", "r", ""]
        .into_iter()
        .find(|prefix| rest.strip_prefix(prefix).is_some_and(|rest| rest.trim_start_matches('#').starts_with('"')))?;
    let hashes = rest[prefix.len()..].bytes().take_while(|byte| *byte == b'#').count();
    let raw = prefix.ends_with('r');
    (raw || hashes == 0).then_some((prefix.len() + hashes + 1, raw.then_some(hashes)))
}

/// A string literal's text, and the length of the whole literal.
fn text(rest: &str, open: usize, hashes: Option<usize>) -> (&str, usize) {
    if let Some(hashes) = hashes {
        let close = format!("\"{}", "#".repeat(hashes));
        let length = rest[open..].find(&close).unwrap();
        return (&rest[open..open + length], open + length + close.len());
    }
    let bytes = rest.as_bytes();
    let mut at = open;
    while bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (&rest[open..at], at + 1)
}

/// The length of a character literal, or of the sign before a lifetime's name.
fn quote(rest: &str) -> usize {
    let mut signs = rest.char_indices().skip(1);
    match signs.next() {
        Some((_, '\\')) => rest[3..].find('\'').map_or(rest.len(), |end| end + 4),
        Some((at, sign)) if rest[at + sign.len_utf8()..].starts_with('\'') => at + sign.len_utf8() + 1,
        _ => 1,
    }
}

#[test]
fn comments_texts_and_lifetimes_are_told_from_code() {
    let source = r##"
        // use crate::lost;
        /* use crate::lost; /* again */ still */
        fn f<'a>(x: &'a str) -> char { let _ = ("crate::lost \" {", r#"raw "x" y"#, b"y"); '"' }
        use crate::found;
    "##;
    let tokens = tokens(source);
    let texts: Vec<_> = tokens
        .iter()
        .filter_map(|token| if let Token::Text(text) = token { Some(text.as_str()) } else { None })
        .collect();
    assert_eq!(texts, [r#"crate::lost \" {"#, r#"raw "x" y"#, "y"]);
    assert!(tokens.contains(&Token::Word("found".to_owned())));
    assert!(!tokens.contains(&Token::Word("lost".to_owned())));
}
