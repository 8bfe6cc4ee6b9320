//! Locale keys in the source and in `locales/en.json` are the same.

use std::collections::BTreeSet;

use support::cli::Sentence;

use crate::locale::{Locales, assert_none, planted, read};
use crate::source::{Token, files, production_tokens};

/// Returns the keys in a source outside of its tests: literals that are keys of these sections or their prefixes, and
/// all literal arguments of `Message::new` and `word`.
fn keys_in(path: &str, source: &str, sections: &BTreeSet<&str>) -> BTreeSet<String> {
    let tokens = production_tokens(path, source);
    let mut keys = BTreeSet::new();
    for token in &tokens {
        let Token::Text(text) = token else { continue };
        let is_key_char = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._".contains(c);
        let end = text.find(|c| !is_key_char(c)).unwrap_or(text.len());
        let is_in_section = text[..end].split_once('.').is_some_and(|(section, _)| sections.contains(section));
        if is_in_section && (end == text.len() || text[end..].starts_with('{')) {
            keys.insert(text[..end].to_owned());
        }
    }
    let word = |token: &Token, word: &str| matches!(token, Token::Word(found) if found == word);
    for window in tokens.windows(6) {
        let text = match window {
            [message, Token::Punct("::"), new, Token::Punct("("), Token::Text(text), Token::Punct(")")]
                if word(message, "Message") && word(new, "new") =>
            {
                text
            }
            // `word` of an SQLite row has a second argument.
            [_, Token::Punct("."), name, Token::Punct("("), Token::Text(text), Token::Punct(")")]
                if word(name, "word") =>
            {
                text
            }
            _ => continue,
        };
        keys.insert(text.clone());
    }
    keys
}

/// Returns the keys of the sources and of the help that English lacks, and the English keys that neither uses.
fn unmatched<'s>(
    english: &Locales,
    sources: impl IntoIterator<Item = (&'s str, &'s str)>,
    help: &[Sentence],
) -> Vec<String> {
    let sections = english.keys().filter_map(|key| key.split_once('.')).map(|(section, _)| section).collect();
    let mut unused: BTreeSet<_> = english.keys().map(String::as_str).collect();
    let mut unmatched = Vec::new();
    for (path, source) in sources {
        for key in keys_in(path, source, &sections) {
            unused.remove(key.as_str());
            if !english.contains_key(&key) {
                unmatched.push(format!("{path} uses {key}, which locales/en.json lacks"));
            }
        }
    }
    for Sentence { key, .. } in help {
        unused.remove(key.as_str());
        if !english.contains_key(key) {
            unmatched.push(format!("the help uses {key}, which locales/en.json lacks"));
        }
    }
    unmatched.extend(unused.into_iter().map(|key| format!("{key} is in locales/en.json, and no source uses it")));
    unmatched
}

/// Returns the sentences of the help whose English text differs from the doc comment, backticks apart.
fn differing(english: &Locales, help: &[Sentence]) -> Vec<String> {
    let mut differing = Vec::new();
    for Sentence { key, source } in help {
        let text =
            english.get(key).and_then(|text| text.sentences().first().map(|(_, sentence)| (*sentence).to_owned()));
        if let (Some(source), Some(text)) = (source, text)
            && source.replace('`', "") != text.replace('`', "")
        {
            differing.push(format!("{key} is {text:?}, and its doc comment {source:?}"));
        }
    }
    differing
}

#[test]
fn the_source_uses_every_english_key_and_no_other() {
    let sources = files("src", "rs");
    let sources = sources.iter().map(|(path, source)| (path.as_str(), source.as_str()));
    assert_none(&unmatched(&read("en"), sources, &support::cli::sentences()));
}

#[test]
fn the_english_help_equals_the_doc_comments() {
    let help = support::cli::sentences();
    assert!(help.iter().all(|sentence| sentence.source.as_deref() != Some("")), "an argument has no doc comment");
    assert_none(&differing(&read("en"), &help));
}

#[test]
fn a_key_without_a_sentence_and_an_unused_sentence_are_found() {
    let complete = "translate(\"error.closed\"); Message::new(\n  \"cli.count\"); display.word(\"cli.page.name\"); \
                 row.word(\"role\", Role::new)";
    let violations = |source: &str, after: &str| {
        unmatched(&planted(), [("a.rs", format!("fn f() {{ {source} }} {after}").as_str())], &[])
    };
    assert_none(&violations(complete, ""));
    let unused = ["cli.page.name is in locales/en.json, and no source uses it"];
    assert_eq!(violations("[\"error.closed\", \"cli.count\"]", ""), unused);
    assert_eq!(violations("[\"error.closed\", \"cli.count\"]", "// \"cli.page.name\""), unused);
    assert_eq!(
        violations(
            "[\"error.closed\", \"cli.count\"]",
            "#[cfg(test)] mod tests { const A: &str = \"cli.page.name\"; }"
        ),
        unused
    );
    for named in ["\"error.close\"", "Message::new(\"eror.closed\")", "x.word(\"closed\")", "format!(\"cli.{name}\")"] {
        assert_eq!(violations(&format!("{complete}; {named}"), "").len(), 1, "{named}");
    }
}

#[test]
fn a_missing_and_a_different_sentence_of_the_help_are_found() {
    let sentence = |key: &str, source: Option<&str>| Sentence { key: key.into(), source: source.map(str::to_owned) };
    let rest = "const A: [&str; 2] = [\"error.closed\", \"cli.count\"];";
    let unmatched = |help: &[Sentence]| unmatched(&planted(), [("a.rs", rest)], help);
    assert_none(&unmatched(&[sentence("cli.page.name", None)]));
    assert_eq!(unmatched(&[sentence("cli.page.nam", None)]).len(), 2);
    let differing = |source| differing(&planted(), &[sentence("error.closed", Some(source))]).len();
    assert_eq!(differing("ticket `%{id}` is closed"), 0);
    assert_eq!(differing("ticket %{id} is shut"), 1);
}
