//! Translations are complete, with their own words and plural forms.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::json;
use support::i18n::Locale;

use crate::locale::{
    Locales, Text, assert_none, forms, in_each, placeholders, planted, planted_with, read, translations,
};

/// Texts that may equal the English ones: languages, texts and reason.
const SAME: [(&[&str], &[&str], &str); 10] = [
    (&["fr", "es", "pt", "de", "hi", "zh"], &["URL"], "the abbreviation is at home in these languages"),
    (&["fr", "es", "pt", "de", "zh"], &["WEBHOOK"], "programmers there say webhook"),
    (&["fr", "es", "pt", "de", "zh"], &["ID"], "the abbreviation is at home in these languages"),
    (&["fr", "es", "pt", "de"], &["TICKET", "TICKETS", "Ticket %{id}"], "support desks there say ticket"),
    (
        &["fr", "es", "pt"],
        &["%{count} ticket", "%{count} tickets", "tickets", "webhook"],
        "and write it with a small letter",
    ),
    (&["es", "pt"], &["tokens"], "programmers there say token"),
    (&["fr"], &["notifications"], "it is a French word"),
    (&["fr"], &["SERVICE", "Service", "DESCRIPTION", "Description", "ACTION", "POINTS"], "they are French words"),
    (&["de"], &["SERVICE", "Service", "NAME", "STATUS"], "they are German words"),
    (&["pt"], &["STATUS"], "it is a Portuguese word"),
];

/// Returns the keys that only one of the locales has.
fn different_keys(english: &Locales, translation: &Locales) -> Vec<String> {
    let missing = english.keys().filter(|key| !translation.contains_key(*key)).map(|key| format!("{key} is missing"));
    let unknown = translation.keys().filter(|key| !english.contains_key(*key)).map(|key| format!("{key} is unknown"));
    missing.chain(unknown).collect()
}

/// Returns the keys whose plural forms differ from those of the language, or that have forms in one locale only.
fn wrong_forms(language: &str, english: &Locales, translation: &Locales) -> Vec<String> {
    let expected: BTreeSet<_> = forms(language).into_keys().collect();
    let mut wrong = Vec::new();
    for (key, text) in translation {
        match (english.get(key), text) {
            (Some(Text::Forms(_)), Text::Forms(forms)) => {
                let found: BTreeSet<_> = forms.keys().map(String::as_str).collect();
                if found != expected {
                    wrong.push(format!("{key} has the forms {found:?}, not {expected:?}"));
                }
            }
            (Some(Text::Forms(_)), Text::Sentence(_)) => wrong.push(format!("{key} needs plural forms")),
            (Some(Text::Sentence(_)), Text::Forms(_)) => wrong.push(format!("{key} has no plural forms")),
            (Some(Text::Sentence(_)), Text::Sentence(_)) | (None, _) => {}
        }
    }
    wrong
}

/// Returns the keys whose placeholders differ from the English ones. A form for a single number may omit `count`.
fn wrong_placeholders(language: &str, english: &Locales, translation: &Locales) -> Vec<String> {
    let numbers = forms(language);
    let mut wrong = Vec::new();
    for (key, text) in translation {
        let expected = match english.get(key) {
            Some(Text::Sentence(sentence)) => placeholders(sentence),
            Some(Text::Forms(forms)) => forms.get("other").map(|sentence| placeholders(sentence)).unwrap_or_default(),
            None => continue,
        };
        for (form, sentence) in text.sentences() {
            let mut found = placeholders(sentence);
            let alone = form.and_then(|form| numbers.get(form)).is_some_and(|numbers| numbers.len() == 1);
            if alone && expected.contains("count") {
                found.insert("count");
            }
            if found != expected {
                wrong.push(format!("{key} names {found:?}, not {expected:?}: {sentence}"));
            }
        }
    }
    wrong
}

/// Returns the keys with invalid sentences: empty, with surrounding white space, with a directional mark (which is
/// sanitized in output), or with a value at the beginning that the English sentence does not have there (because the
/// API capitalizes the first letter).
fn invalid_sentences(english: &Locales, translation: &Locales) -> Vec<String> {
    let begins_with_value = |text: &Text| text.sentences().iter().all(|(_, sentence)| sentence.starts_with("%{"));
    let mut bad = Vec::new();
    for (key, text) in translation {
        let from_the_api = ["api.", "error.", "validation."].iter().any(|section| key.starts_with(section));
        if from_the_api && begins_with_value(text) && !english.get(key).is_some_and(begins_with_value) {
            bad.push(format!("{key} begins with a value"));
        }
        for (_, sentence) in text.sentences() {
            if sentence.is_empty() || sentence.trim() != sentence {
                bad.push(format!("{key} is empty or has white space at an end: {sentence:?}"));
            }
            if sentence.contains(['\u{200e}', '\u{200f}', '\u{61c}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}']) {
                bad.push(format!("{key} holds a mark of writing direction: {sentence:?}"));
            }
        }
    }
    bad
}

/// Returns true if a sentence may equal the English one.
fn may_be_same(language: &str, sentence: &str) -> bool {
    SAME.iter().any(|(languages, sentences, _)| languages.contains(&language) && sentences.contains(&sentence))
}

/// Returns the sentences that equal the English ones.
fn untranslated<'t>(english: &Locales, translation: &'t Locales) -> Vec<&'t str> {
    let mut left = Vec::new();
    for (key, text) in translation {
        let Some(original) = english.get(key) else { continue };
        let original: BTreeSet<_> = original.sentences().into_iter().map(|(_, sentence)| sentence).collect();
        left.extend(text.sentences().into_iter().map(|(_, sentence)| sentence).filter(|text| original.contains(text)));
    }
    left
}

#[test]
fn every_locale_has_a_file_and_every_file_is_a_locale() {
    let files: BTreeSet<_> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("locales"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(files, Locale::all().map(|locale| format!("{}.json", locale.name())).collect());
}

#[test]
fn every_language_has_the_same_keys() {
    assert_none(&in_each(|_, english, translation| different_keys(english, translation)));
}

#[test]
fn every_language_has_its_own_plural_forms() {
    let english = read("en");
    assert_none(&wrong_forms("en", &english, &english));
    assert_none(&in_each(wrong_forms));
}

#[test]
fn every_sentence_has_the_same_placeholders() {
    let english = read("en");
    assert_none(&wrong_placeholders("en", &english, &english));
    assert_none(&in_each(wrong_placeholders));
}

#[test]
fn every_sentence_begins_and_ends_with_text() {
    assert_none(&in_each(|_, english, translation| invalid_sentences(english, translation)));
}

#[test]
fn every_sentence_is_translated() {
    assert_none(&in_each(|language, english, translation| {
        let left = untranslated(english, translation).into_iter();
        left.filter(|text| !may_be_same(language, text)).map(|text| format!("{text:?} is English")).collect()
    }));
}

#[test]
fn every_exception_for_an_english_sentence_is_needed() {
    let english = read("en");
    let needed: BTreeSet<_> = translations()
        .iter()
        .flat_map(|(language, text)| untranslated(&english, text).into_iter().map(|text| (*language, text.to_owned())))
        .collect();
    for (languages, sentences, _) in SAME {
        for language in languages {
            for sentence in sentences {
                assert!(needed.contains(&(*language, (*sentence).to_owned())), "{language}: {sentence}");
            }
        }
    }
}

#[test]
fn a_missing_and_an_unknown_key_are_found() {
    assert_eq!(planted().into_keys().collect::<Vec<_>>(), ["cli.count", "cli.page.name", "error.closed"]);
    assert!(different_keys(&planted(), &planted()).is_empty());
    let mut lacking = planted();
    lacking.remove("cli.page.name");
    assert_eq!(different_keys(&planted(), &lacking), ["cli.page.name is missing"]);
    assert_eq!(different_keys(&lacking, &planted()), ["cli.page.name is unknown"]);
}

#[test]
fn a_missing_and_an_unknown_plural_form_are_found() {
    let wrong = |language, text| wrong_forms(language, &planted(), &planted_with("cli.count", &text)).len();
    let two = json!({"one": "%{count} Fahrt", "other": "%{count} Fahrten"});
    let six = json!({"zero": "0", "one": "1", "two": "2", "few": "%{count}", "many": "%{count}", "other": "%{count}"});
    for (language, good, bad) in [("de", &two, &six), ("ar", &six, &two), ("zh", &json!({"other": "行程"}), &two)] {
        assert_eq!(wrong(language, good.clone()), 0, "{language}");
        assert_eq!(wrong(language, bad.clone()), 1, "{language}");
    }
    assert_eq!(wrong("de", json!("Fahrten")), 1);
    assert_eq!(wrong_forms("de", &planted(), &planted_with("error.closed", &two)).len(), 1);
}

#[test]
fn a_missing_or_misspelt_placeholder_is_found() {
    let wrong = |language, key, text| wrong_placeholders(language, &planted(), &planted_with(key, &text)).len();
    assert_eq!(wrong("de", "error.closed", json!("das Ticket %{id} ist geschlossen")), 0);
    assert_eq!(wrong("de", "error.closed", json!("das Ticket ist geschlossen")), 1);
    assert_eq!(wrong("de", "error.closed", json!("das Ticket %{ld} ist geschlossen")), 1);
    assert_eq!(wrong("de", "error.closed", json!("das Ticket %{id} ist geschlossen (%{why})")), 1);
}

#[test]
fn a_missing_count_in_a_form_for_several_numbers_is_found() {
    let wrong = |language, text| wrong_placeholders(language, &planted(), &planted_with("cli.count", &text)).len();
    assert_eq!(wrong("de", json!({"one": "eine Fahrt", "other": "%{count} Fahrten"})), 0);
    assert_eq!(wrong("de", json!({"one": "eine Fahrt", "other": "Fahrten"})), 1);
    assert_eq!(wrong("fr", json!({"one": "une course", "other": "%{count} courses"})), 1, "French says 0 as it says 1");
}

#[test]
fn a_value_at_the_beginning_and_surrounding_white_space_are_found() {
    let bad = |key, text| invalid_sentences(&planted(), &planted_with(key, &json!(text))).len();
    assert_eq!(bad("error.closed", "टिकट %{id} बंद है"), 0);
    assert_eq!(bad("error.closed", "%{id} बंद है"), 1);
    assert_eq!(bad("error.closed", "das Ticket %{id} ist geschlossen "), 1);
    assert_eq!(bad("cli.page.name", ""), 1);
    assert_eq!(bad("cli.page.name", "الاسم\u{200f}ا"), 1);
}

#[test]
fn an_untranslated_sentence_is_found() {
    let left = |text| untranslated(&planted(), &planted_with("error.closed", &json!(text))).len();
    assert_eq!(left("das Ticket %{id} ist geschlossen"), left("ticket %{id} is closed") - 1);
    assert!(may_be_same("de", "NAME"));
    assert!(!may_be_same("fr", "NAME"));
    assert!(!may_be_same("de", "ticket %{id} is closed"));
    let forms = planted_with("cli.count", &json!({"one": "eine Fahrt", "other": "%{count} ride"}));
    assert!(untranslated(&planted(), &forms).contains(&"%{count} ride"), "the English text of another form counts");
}
