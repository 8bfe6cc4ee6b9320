//! The program names every sentence that there is, and no other.

use std::collections::BTreeSet;

use support::cli::Sentence;

use crate::locale::{Locales, none, planted, read};
use crate::source::{Token, files, product};

/// Keys that a source names outside its tests: literals that look like keys of these sections, whole or begun, and whatever
/// is given to `Message::new` and `word` as a literal.
fn named(path: &str, source: &str, sections: &BTreeSet<&str>) -> BTreeSet<String> {
    let tokens = product(path, source);
    let mut keys = BTreeSet::new();
    for token in &tokens {
        let Token::Text(text) = token else { continue };
        let is_key_sign = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || "._".contains(sign);
        let end = text.find(|sign| !is_key_sign(sign)).unwrap_or(text.len());
        let of_section = text[..end].split_once('.').is_some_and(|(section, _)| sections.contains(section));
        if of_section && (end == text.len() || text[end..].starts_with('{')) {
            keys.insert(text[..end].to_owned());
        }
    }
    let word = |token: &Token, word: &str| matches!(token, Token::Word(found) if found == word);
    for window in tokens.windows(6) {
        let text = match window {
            [message, Token::Sign("::"), new, Token::Sign("("), Token::Text(text), Token::Sign(")")]
                if word(message, "Message") && word(new, "new") =>
            {
                text
            }
            // A row's `word` takes a reader besides the name, and is another.
            [_, Token::Sign("."), name, Token::Sign("("), Token::Text(text), Token::Sign(")")]
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

/// The keys that the sources name or the help asks for and English lacks, and the sentences that neither needs.
fn unmatched<'s>(
    english: &Locales,
    sources: impl IntoIterator<Item = (&'s str, &'s str)>,
    help: &[Sentence],
) -> Vec<String> {
    let sections = english.keys().filter_map(|key| key.split_once('.')).map(|(section, _)| section).collect();
    let mut unused: BTreeSet<_> = english.keys().map(String::as_str).collect();
    let mut unmatched = Vec::new();
    for (path, source) in sources {
        for key in named(path, source, &sections) {
            unused.remove(key.as_str());
            if !english.contains_key(&key) {
                unmatched.push(format!("{path} names {key}, which locales/en.json lacks"));
            }
        }
    }
    for Sentence { key, .. } in help {
        unused.remove(key.as_str());
        if !english.contains_key(key) {
            unmatched.push(format!("the help asks for {key}, which locales/en.json lacks"));
        }
    }
    unmatched.extend(unused.into_iter().map(|key| format!("{key} is in locales/en.json, and no source names it")));
    unmatched
}

/// The sentences of the help that are not in English what the doc comments say, code signs apart.
fn drifted(english: &Locales, help: &[Sentence]) -> Vec<String> {
    let mut drifted = Vec::new();
    for Sentence { key, source } in help {
        let said = english.get(key).and_then(|said| said.sentences().first().map(|(_, said)| (*said).to_owned()));
        if let (Some(source), Some(said)) = (source, said)
            && source.replace('`', "") != said.replace('`', "")
        {
            drifted.push(format!("{key} says {said:?}, and its doc comment {source:?}"));
        }
    }
    drifted
}

#[test]
fn the_program_names_every_sentence_and_no_other() {
    let sources = files("src", "rs");
    let sources = sources.iter().map(|(path, source)| (path.as_str(), source.as_str()));
    none(&unmatched(&read("en"), sources, &support::cli::sentences()));
}

#[test]
fn the_help_says_what_the_doc_comments_say() {
    let help = support::cli::sentences();
    assert!(help.iter().all(|sentence| sentence.source.as_deref() != Some("")), "an argument has no doc comment");
    none(&drifted(&read("en"), &help));
}

#[test]
fn a_key_without_a_sentence_and_a_sentence_without_a_use_are_found() {
    let whole = "say(\"error.closed\"); Message::new(\n  \"cli.count\"); look.word(\"cli.page.name\"); \
                 row.word(\"role\", Role::new)";
    let breaches = |source: &str, after: &str| {
        unmatched(&planted(), [("a.rs", format!("fn f() {{ {source} }} {after}").as_str())], &[])
    };
    none(&breaches(whole, ""));
    let unused = ["cli.page.name is in locales/en.json, and no source names it"];
    assert_eq!(breaches("[\"error.closed\", \"cli.count\"]", ""), unused);
    assert_eq!(breaches("[\"error.closed\", \"cli.count\"]", "// \"cli.page.name\""), unused);
    assert_eq!(
        breaches("[\"error.closed\", \"cli.count\"]", "#[cfg(test)] mod tests { const A: &str = \"cli.page.name\"; }"),
        unused
    );
    for named in ["\"error.close\"", "Message::new(\"eror.closed\")", "x.word(\"closed\")", "format!(\"cli.{name}\")"] {
        assert_eq!(breaches(&format!("{whole}; {named}"), "").len(), 1, "{named}");
    }
}

#[test]
fn a_sentence_that_the_help_lacks_and_one_that_drifted_are_found() {
    let asked = |key: &str, source: Option<&str>| Sentence { key: key.into(), source: source.map(str::to_owned) };
    let rest = "const A: [&str; 2] = [\"error.closed\", \"cli.count\"];";
    let unmatched = |help: &[Sentence]| unmatched(&planted(), [("a.rs", rest)], help);
    none(&unmatched(&[asked("cli.page.name", None)]));
    assert_eq!(unmatched(&[asked("cli.page.nam", None)]).len(), 2);
    let drifted = |source| drifted(&planted(), &[asked("error.closed", Some(source))]).len();
    assert_eq!(drifted("ticket `%{id}` is closed"), 0);
    assert_eq!(drifted("ticket %{id} is shut"), 1);
}
