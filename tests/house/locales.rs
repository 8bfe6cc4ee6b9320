//! Guards `locales/`: every language says everything, in its own words and forms, and the program names every sentence
//! that there is and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use serde_json::{Value, json};
use support::cli::Sentence;
use support::text::Locale;
use unic_langid::LanguageIdentifier;

/// The names of the plural forms, as CLDR has them.
const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// Sentences that are the same as in English: in which languages, which, and why.
const SAME: [(&[&str], &[&str], &str); 8] = [
    (&["fr", "es", "pt", "de", "hi", "zh"], &["URL"], "the abbreviation is at home in these languages"),
    (&["fr", "es", "pt", "de", "zh"], &["WEBHOOK"], "programmers there say webhook"),
    (&["fr", "es", "pt", "de", "zh"], &["ID"], "the abbreviation is at home in these languages"),
    (&["fr", "es", "pt", "de"], &["TICKET", "TICKETS", "Ticket %{id}"], "support desks there say ticket"),
    (&["fr", "es", "pt"], &["%{count} ticket", "%{count} tickets"], "and write it with a small letter"),
    (&["fr"], &["SERVICE", "Service", "DESCRIPTION", "Description", "ACTION", "POINTS"], "they are French words"),
    (&["de"], &["SERVICE", "Service", "NAME", "STATUS"], "they are German words"),
    (&["pt"], &["STATUS"], "it is a Portuguese word"),
];

/// What is said under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    Sentence(String),
    Forms(BTreeMap<String, String>),
}

impl Said {
    /// Each sentence with the name of its plural form; a sentence without forms has no name.
    fn sentences(&self) -> Vec<(Option<&str>, &str)> {
        match self {
            Self::Sentence(sentence) => vec![(None, sentence)],
            Self::Forms(forms) => forms.iter().map(|(form, said)| (Some(form.as_str()), said.as_str())).collect(),
        }
    }
}

/// A locale file: what it says by key, as the program names keys.
type Locales = BTreeMap<String, Said>;

fn locale(file: &Value) -> Locales {
    fn gather(value: &Value, place: &str, into: &mut Locales) {
        let key = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
        let section = value.as_object().unwrap_or_else(|| panic!("{place} is a section"));
        for (name, value) in section {
            let said = match value {
                Value::String(sentence) => Said::Sentence(sentence.clone()),
                Value::Object(forms) if forms.keys().all(|form| FORMS.contains(&form.as_str())) => Said::Forms(
                    forms.iter().map(|(form, said)| (form.clone(), said.as_str().unwrap_or_default().into())).collect(),
                ),
                _ => {
                    gather(value, &key(name), into);
                    continue;
                }
            };
            into.insert(key(name), said);
        }
    }
    let mut sentences = file.clone();
    sentences.as_object_mut().expect("a locale file is an object").remove("_version");
    let mut all = Locales::new();
    gather(&sentences, "", &mut all);
    all
}

fn read(name: &str) -> Locales {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(format!("{name}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    locale(&serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// Every language but English, with what it says.
fn translations() -> Vec<(&'static str, Locales)> {
    let names = Locale::all().map(Locale::name).filter(|name| *name != Locale::ENGLISH.name());
    names.map(|name| (name, read(name))).collect()
}

/// The plural forms of a language, each with the whole numbers that it stands for, as far as one looks.
fn forms(language: &str) -> BTreeMap<&'static str, BTreeSet<usize>> {
    let language: LanguageIdentifier = language.parse().expect("the names of our locales are languages");
    let rules = PluralRules::create(language, PluralRuleType::CARDINAL).expect("the rules of our locales are known");
    let mut forms = BTreeMap::<_, BTreeSet<_>>::new();
    for count in (0..=1_000).chain([1_000_000, 2_000_000]) {
        let form = match rules.select(count).expect("a whole number has a plural form") {
            PluralCategory::ZERO => "zero",
            PluralCategory::ONE => "one",
            PluralCategory::TWO => "two",
            PluralCategory::FEW => "few",
            PluralCategory::MANY => "many",
            PluralCategory::OTHER => "other",
        };
        forms.entry(form).or_default().insert(count);
    }
    forms
}

/// The names in `%{…}`.
fn placeholders(sentence: &str) -> BTreeSet<&str> {
    sentence.split("%{").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

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

/// The literals of a source file, its comments and its own tests apart, that look like keys of these sections, whole or
/// begun, and whatever is given to `Message::new` and `word` as a literal.
fn named<'s>(source: &'s str, sections: &BTreeSet<&str>) -> BTreeSet<&'s str> {
    let product = source.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    let mut keys = BTreeSet::new();
    for line in product.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for (at, _) in line.match_indices('"') {
            let literal = &line[at + 1..];
            let is_key_sign = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || "._".contains(sign);
            let end = literal.find(|sign| !is_key_sign(sign)).unwrap_or(literal.len());
            let of_section = literal[..end].split_once('.').is_some_and(|(section, _)| sections.contains(section));
            if of_section && literal[end..].starts_with(['"', '{']) {
                keys.insert(&literal[..end]);
            }
        }
    }
    for begin in ["Message::new(", ".word("] {
        let arguments = product.split(begin).skip(1).map(str::trim_start);
        let literals = arguments.filter_map(|rest| rest.strip_prefix('"')).filter_map(|rest| rest.split_once('"'));
        // A row's `word` takes a reader besides the name, and is another.
        keys.extend(literals.filter(|(_, rest)| rest.trim_start().starts_with(')')).map(|(key, _)| key));
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
        for key in named(source, &sections) {
            unused.remove(key);
            if !english.contains_key(key) {
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

/// Every Rust file under this folder, with its text.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).expect("a source is text")));
        }
    }
    found
}

/// Fails with every breach on its own line.
fn none(breaches: &[String]) {
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

/// Runs a check on each translation, and names the language in each breach.
fn in_each(check: impl Fn(&str, &Locales, &Locales) -> Vec<String>) -> Vec<String> {
    let english = read("en");
    let breaches = |(language, said): &(&str, Locales)| {
        check(language, &english, said).into_iter().map(|breach| format!("{language}: {breach}")).collect::<Vec<_>>()
    };
    translations().iter().flat_map(breaches).collect()
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
fn the_program_names_every_sentence_and_no_other() {
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let sources = sources.iter().map(|(path, source)| (path.as_str(), source.as_str()));
    none(&unmatched(&read("en"), sources, &support::cli::sentences()));
}

#[test]
fn the_help_says_what_the_doc_comments_say() {
    let help = support::cli::sentences();
    assert!(help.iter().all(|sentence| sentence.source.as_deref() != Some("")), "an argument has no doc comment");
    none(&drifted(&read("en"), &help));
}

/// A small English to plant breaches beside.
fn planted() -> Locales {
    locale(&json!({
        "_version": 1,
        "error": {"closed": "ticket %{id} is closed"},
        "cli": {"page": {"name": "NAME"}, "count": {"one": "%{count} ride", "other": "%{count} rides"}},
    }))
}

/// It with this in place of the sentence or the forms under a key.
fn planted_with(key: &str, said: &Value) -> Locales {
    let mut planted = planted();
    let said = locale(&json!({ "said": said })).remove("said").expect("it was said");
    planted.insert(key.to_owned(), said);
    planted
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

#[test]
fn a_key_without_a_sentence_and_a_sentence_without_a_use_are_found() {
    let whole = "say(\"error.closed\"); Message::new(\n  \"cli.count\"); look.word(\"cli.page.name\"); \
                 row.word(\"role\", Role::new)";
    let breaches = |source: &str| unmatched(&planted(), [("a.rs", source)], &[]);
    none(&breaches(whole));
    let unused = ["cli.page.name is in locales/en.json, and no source names it"];
    assert_eq!(breaches("[\"error.closed\", \"cli.count\"]"), unused);
    assert_eq!(breaches("[\"error.closed\", \"cli.count\"]\n// \"cli.page.name\""), unused);
    assert_eq!(breaches("[\"error.closed\", \"cli.count\"]\n#[cfg(test)]\nmod tests { \"cli.page.name\" }"), unused);
    for named in ["\"error.close\"", "Message::new(\"eror.closed\")", ".word(\"closed\")", "format!(\"cli.{name}\")"] {
        assert_eq!(breaches(&format!("{whole} {named}")).len(), 1, "{named}");
    }
}

#[test]
fn a_sentence_that_the_help_lacks_and_one_that_drifted_are_found() {
    let asked = |key: &str, source: Option<&str>| Sentence { key: key.into(), source: source.map(str::to_owned) };
    let rest = "[\"error.closed\", \"cli.count\"]";
    let unmatched = |help: &[Sentence]| unmatched(&planted(), [("a.rs", rest)], help);
    none(&unmatched(&[asked("cli.page.name", None)]));
    assert_eq!(unmatched(&[asked("cli.page.nam", None)]).len(), 2);
    let drifted = |source| drifted(&planted(), &[asked("error.closed", Some(source))]).len();
    assert_eq!(drifted("ticket `%{id}` is closed"), 0);
    assert_eq!(drifted("ticket %{id} is shut"), 1);
}
