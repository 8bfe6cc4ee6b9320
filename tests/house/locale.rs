//! Files of `locales/` as the guards read them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use serde_json::{Value, json};
use support::i18n::Locale;
use unic_langid::LanguageIdentifier;

/// The names of the plural forms, as CLDR has them.
pub(crate) const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// What is said under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    Sentence(String),
    Forms(BTreeMap<String, String>),
}

impl Said {
    /// Each sentence with the name of its plural form; a sentence without forms has no name.
    pub(crate) fn sentences(&self) -> Vec<(Option<&str>, &str)> {
        match self {
            Self::Sentence(sentence) => vec![(None, sentence)],
            Self::Forms(forms) => forms.iter().map(|(form, said)| (Some(form.as_str()), said.as_str())).collect(),
        }
    }
}

/// A locale file: what it says by key, as the program names keys.
pub(crate) type Locales = BTreeMap<String, Said>;

pub(crate) fn locale(file: &Value) -> Locales {
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

pub(crate) fn read(name: &str) -> Locales {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(format!("{name}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    locale(&serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// Every language but English, with what it says.
pub(crate) fn translations() -> Vec<(&'static str, Locales)> {
    let names = Locale::all().map(Locale::name).filter(|name| *name != Locale::ENGLISH.name());
    names.map(|name| (name, read(name))).collect()
}

/// The plural forms of a language, each with the whole numbers that it stands for, as far as one looks.
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

/// The names in `%{…}`.
pub(crate) fn placeholders(sentence: &str) -> BTreeSet<&str> {
    sentence.split("%{").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// Fails with every breach on its own line.
pub(crate) fn none(breaches: &[String]) {
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

/// Runs a check on each translation, and names the language in each breach.
pub(crate) fn in_each(check: impl Fn(&str, &Locales, &Locales) -> Vec<String>) -> Vec<String> {
    let english = read("en");
    let breaches = |(language, said): &(&str, Locales)| {
        check(language, &english, said).into_iter().map(|breach| format!("{language}: {breach}")).collect::<Vec<_>>()
    };
    translations().iter().flat_map(breaches).collect()
}

/// A small English to plant breaches beside.
pub(crate) fn planted() -> Locales {
    locale(&json!({
        "_version": 1,
        "error": {"closed": "ticket %{id} is closed"},
        "cli": {"page": {"name": "NAME"}, "count": {"one": "%{count} ride", "other": "%{count} rides"}},
    }))
}

/// It with this in place of the sentence or the forms under a key.
pub(crate) fn planted_with(key: &str, said: &Value) -> Locales {
    let mut planted = planted();
    let said = locale(&json!({ "said": said })).remove("said").expect("it was said");
    planted.insert(key.to_owned(), said);
    planted
}
