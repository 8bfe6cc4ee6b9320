//! Every language says everything, in its own words and forms.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::json;
use support::i18n::Locale;

use crate::locale::{Locales, Said, forms, in_each, none, placeholders, planted, planted_with, read, translations};

/// Sentences that are the same as in English: in which languages, which, and why.
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

/// The sentences that the translation lacks, and those that it has alone.
fn different_keys(english: &Locales, translation: &Locales) -> Vec<String> {
    let missing = english.keys().filter(|key| !translation.contains_key(*key)).map(|key| format!("{key} is missing"));
    let unknown = translation.keys().filter(|key| !english.contains_key(*key)).map(|key| format!("{key} is unknown"));
    missing.chain(unknown).collect()
}

/// The sentences whose plural forms are not those of the language, or that have forms in one of the languages alone.
fn wrong_forms(language: &str, english: &Locales, translation: &Locales) -> Vec<String> {
    let wanted: BTreeSet<_> = forms(language).into_keys().collect();
    let mut wrong = Vec::new();
    for (key, said) in translation {
        match (english.get(key), said) {
            (Some(Said::Forms(_)), Said::Forms(forms)) => {
                let found: BTreeSet<_> = forms.keys().map(String::as_str).collect();
                if found != wanted {
                    wrong.push(format!("{key} has the forms {found:?}, not {wanted:?}"));
                }
            }
            (Some(Said::Forms(_)), Said::Sentence(_)) => wrong.push(format!("{key} needs plural forms")),
            (Some(Said::Sentence(_)), Said::Forms(_)) => wrong.push(format!("{key} has no plural forms")),
            (Some(Said::Sentence(_)), Said::Sentence(_)) | (None, _) => {}
        }
    }
    wrong
}

/// The sentences that name other values than the English one. A form that stands for one number alone may say the
/// number in words.
fn wrong_placeholders(language: &str, english: &Locales, translation: &Locales) -> Vec<String> {
    let numbers = forms(language);
    let mut wrong = Vec::new();
    for (key, said) in translation {
        let wanted = match english.get(key) {
            Some(Said::Sentence(sentence)) => placeholders(sentence),
            Some(Said::Forms(forms)) => forms.get("other").map(|sentence| placeholders(sentence)).unwrap_or_default(),
            None => continue,
        };
        for (form, sentence) in said.sentences() {
            let mut found = placeholders(sentence);
            let alone = form.and_then(|form| numbers.get(form)).is_some_and(|numbers| numbers.len() == 1);
            if alone && wanted.contains("count") {
                found.insert("count");
            }
            if found != wanted {
                wrong.push(format!("{key} names {found:?}, not {wanted:?}: {sentence}"));
            }
        }
    }
    wrong
}

/// The sentences that are empty, have white space at an end, hold a mark of writing direction, which is made visible where
/// a sentence is printed, or begin with a value though the English one does not: the API writes a message's first letter
/// large, and would change the value.
fn badly_begun(english: &Locales, translation: &Locales) -> Vec<String> {
    let is_value_first = |said: &Said| said.sentences().iter().all(|(_, sentence)| sentence.starts_with("%{"));
    let mut bad = Vec::new();
    for (key, said) in translation {
        let from_the_api = ["api.", "error.", "fault."].iter().any(|section| key.starts_with(section));
        if from_the_api && is_value_first(said) && !english.get(key).is_some_and(is_value_first) {
            bad.push(format!("{key} begins with a value"));
        }
        for (_, sentence) in said.sentences() {
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

/// Whether a sentence may be the same as in English.
fn may_be_same(language: &str, sentence: &str) -> bool {
    SAME.iter().any(|(languages, sentences, _)| languages.contains(&language) && sentences.contains(&sentence))
}

/// The sentences that were left as they are in English.
fn left_in_english<'t>(english: &Locales, translation: &'t Locales) -> Vec<&'t str> {
    let mut left = Vec::new();
    for (key, said) in translation {
        let Some(model) = english.get(key) else { continue };
        let model: BTreeSet<_> = model.sentences().into_iter().map(|(_, sentence)| sentence).collect();
        left.extend(said.sentences().into_iter().map(|(_, sentence)| sentence).filter(|said| model.contains(said)));
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
fn every_language_has_every_sentence_and_no_other() {
    none(&in_each(|_, english, translation| different_keys(english, translation)));
}

#[test]
fn every_language_has_its_own_plural_forms() {
    let english = read("en");
    none(&wrong_forms("en", &english, &english));
    none(&in_each(wrong_forms));
}

#[test]
fn every_sentence_names_the_values_that_it_is_given() {
    let english = read("en");
    none(&wrong_placeholders("en", &english, &english));
    none(&in_each(wrong_placeholders));
}

#[test]
fn every_sentence_begins_and_ends_with_words_of_its_own() {
    none(&in_each(|_, english, translation| badly_begun(english, translation)));
}

#[test]
fn no_sentence_is_left_in_english() {
    none(&in_each(|language, english, translation| {
        let left = left_in_english(english, translation).into_iter();
        left.filter(|said| !may_be_same(language, said)).map(|said| format!("{said:?} is English")).collect()
    }));
}

#[test]
fn every_allowance_for_a_sentence_as_in_english_is_needed() {
    let english = read("en");
    let needed: BTreeSet<_> = translations()
        .iter()
        .flat_map(|(language, said)| {
            left_in_english(&english, said).into_iter().map(|said| (*language, said.to_owned()))
        })
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
fn a_missing_and_an_unknown_sentence_are_found() {
    assert_eq!(planted().into_keys().collect::<Vec<_>>(), ["cli.count", "cli.page.name", "error.closed"]);
    assert!(different_keys(&planted(), &planted()).is_empty());
    let mut lacking = planted();
    lacking.remove("cli.page.name");
    assert_eq!(different_keys(&planted(), &lacking), ["cli.page.name is missing"]);
    assert_eq!(different_keys(&lacking, &planted()), ["cli.page.name is unknown"]);
}

#[test]
fn a_missing_and_a_foreign_plural_form_are_found() {
    let wrong = |language, said| wrong_forms(language, &planted(), &planted_with("cli.count", &said)).len();
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
fn a_placeholder_that_is_missing_or_misspelt_is_found() {
    let wrong = |language, key, said| wrong_placeholders(language, &planted(), &planted_with(key, &said)).len();
    assert_eq!(wrong("de", "error.closed", json!("das Ticket %{id} ist geschlossen")), 0);
    assert_eq!(wrong("de", "error.closed", json!("das Ticket ist geschlossen")), 1);
    assert_eq!(wrong("de", "error.closed", json!("das Ticket %{ld} ist geschlossen")), 1);
    assert_eq!(wrong("de", "error.closed", json!("das Ticket %{id} ist geschlossen (%{why})")), 1);
}

#[test]
fn a_count_in_words_is_found_where_the_form_stands_for_several_numbers() {
    let wrong = |language, said| wrong_placeholders(language, &planted(), &planted_with("cli.count", &said)).len();
    assert_eq!(wrong("de", json!({"one": "eine Fahrt", "other": "%{count} Fahrten"})), 0);
    assert_eq!(wrong("de", json!({"one": "eine Fahrt", "other": "Fahrten"})), 1);
    assert_eq!(wrong("fr", json!({"one": "une course", "other": "%{count} courses"})), 1, "French says 0 as it says 1");
}

#[test]
fn a_value_at_the_beginning_and_white_space_at_an_end_are_found() {
    let bad = |key, said| badly_begun(&planted(), &planted_with(key, &json!(said))).len();
    assert_eq!(bad("error.closed", "टिकट %{id} बंद है"), 0);
    assert_eq!(bad("error.closed", "%{id} बंद है"), 1);
    assert_eq!(bad("error.closed", "das Ticket %{id} ist geschlossen "), 1);
    assert_eq!(bad("cli.page.name", ""), 1);
    assert_eq!(bad("cli.page.name", "الاسم\u{200f}ا"), 1);
}

#[test]
fn a_sentence_left_in_english_is_found() {
    let left = |said| left_in_english(&planted(), &planted_with("error.closed", &json!(said))).len();
    assert_eq!(left("das Ticket %{id} ist geschlossen"), left("ticket %{id} is closed") - 1);
    assert!(may_be_same("de", "NAME"));
    assert!(!may_be_same("fr", "NAME"));
    assert!(!may_be_same("de", "ticket %{id} is closed"));
    let forms = planted_with("cli.count", &json!({"one": "eine Fahrt", "other": "%{count} ride"}));
    assert!(left_in_english(&planted(), &forms).contains(&"%{count} ride"), "another form's English is English too");
}
