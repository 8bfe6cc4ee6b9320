//! Parsed files of `locales/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use serde_json::{Value, json};
use support::i18n::Locale;
use unic_langid::LanguageIdentifier;

/// Names of the plural forms (CLDR).
pub(crate) const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// Text of a key: a sentence, or its plural forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Text {
    Sentence(String),
    Forms(BTreeMap<String, String>),
}

impl Text {
    /// Returns each sentence with the name of its plural form, if any.
    pub(crate) fn sentences(&self) -> Vec<(Option<&str>, &str)> {
        match self {
            Self::Sentence(sentence) => vec![(None, sentence)],
            Self::Forms(forms) => forms.iter().map(|(form, text)| (Some(form.as_str()), text.as_str())).collect(),
        }
    }
}

/// Texts of a locale file by key.
pub(crate) type Locales = BTreeMap<String, Text>;

pub(crate) fn locale(file: &Value) -> Locales {
    fn gather(value: &Value, path: &str, into: &mut Locales) {
        let key = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let section = value.as_object().unwrap_or_else(|| panic!("{path} is a section"));
        for (name, value) in section {
            let text = match value {
                Value::String(sentence) => Text::Sentence(sentence.clone()),
                Value::Object(forms) if forms.keys().all(|form| FORMS.contains(&form.as_str())) => Text::Forms(
                    forms.iter().map(|(form, text)| (form.clone(), text.as_str().unwrap_or_default().into())).collect(),
                ),
                _ => {
                    gather(value, &key(name), into);
                    continue;
                }
            };
            into.insert(key(name), text);
        }
    }
    let mut sentences = file.clone();
    sentences.as_object_mut().expect("a locale file is an object").remove("_version");
    let mut all = Locales::new();
    gather(&sentences, "", &mut all);
    all
}

pub(crate) fn read(name: &str) -> Locales {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(format!("{name}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    locale(&serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// Returns every language but English with its texts.
pub(crate) fn translations() -> Vec<(&'static str, Locales)> {
    let names = Locale::all().map(Locale::name).filter(|name| *name != Locale::ENGLISH.name());
    names.map(|name| (name, read(name))).collect()
}

/// Returns the plural forms of a language, each with a sample of the integers that use it.
pub(crate) fn forms(language: &str) -> BTreeMap<&'static str, BTreeSet<usize>> {
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

/// Returns the names of the placeholders `%{…}`.
pub(crate) fn placeholders(sentence: &str) -> BTreeSet<&str> {
    sentence.split("%{").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// Asserts that there are no violations, and prints one per line.
pub(crate) fn assert_none(violations: &[String]) {
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

/// Runs a check on each translation, and adds the language to each violation.
pub(crate) fn in_each(check: impl Fn(&str, &Locales, &Locales) -> Vec<String>) -> Vec<String> {
    let english = read("en");
    let violations = |(language, text): &(&str, Locales)| {
        check(language, &english, text)
            .into_iter()
            .map(|violation| format!("{language}: {violation}"))
            .collect::<Vec<_>>()
    };
    translations().iter().flat_map(violations).collect()
}

/// Returns a small English locale for planted violations.
pub(crate) fn planted() -> Locales {
    locale(&json!({
        "_version": 1,
        "error": {"closed": "ticket %{id} is closed"},
        "cli": {"page": {"name": "NAME"}, "count": {"one": "%{count} ride", "other": "%{count} rides"}},
    }))
}

/// Returns the planted locale with another text for a key.
pub(crate) fn planted_with(key: &str, text: &Value) -> Locales {
    let mut planted = planted();
    let text = locale(&json!({ "said": text })).remove("said").expect("the text has a key");
    planted.insert(key.to_owned(), text);
    planted
}
