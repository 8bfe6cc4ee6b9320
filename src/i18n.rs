//! Translation of messages, and negotiation of the locale.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use unic_langid::LanguageIdentifier;

use crate::model::Message;

/// Language of `locales/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Locale(&'static str);

/// Languages of `locales/`.
const NAMES: [&str; 8] = ["en", "fr", "es", "pt", "de", "ar", "hi", "zh"];

/// Plural rules of each language.
static PLURALS: LazyLock<HashMap<&'static str, PluralRules>> = LazyLock::new(|| {
    let rules = |name: &'static str| {
        let language: LanguageIdentifier = name.parse().expect("locale names are language tags");
        PluralRules::create(language, PluralRuleType::CARDINAL).expect("every locale has plural rules")
    };
    NAMES.into_iter().map(|name| (name, rules(name))).collect()
});

impl Default for Locale {
    fn default() -> Self {
        Self::ENGLISH
    }
}

impl Locale {
    /// Default and fallback locale.
    pub const ENGLISH: Self = Self("en");

    /// Returns all locales, English first.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.into_iter().map(Self)
    }

    /// Returns the language tag, as in `Content-Language`.
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// Returns true if the script is written from right to left.
    pub fn is_right_to_left(self) -> bool {
        self.0 == "ar"
    }

    /// Returns true if the script has no spaces between words.
    pub fn is_written_without_spaces(self) -> bool {
        self.0 == "zh"
    }

    /// Parses a language tag in BCP 47 or POSIX form: `fr`, `pt-BR`, `de_DE.UTF-8`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_', '.', '@']).next()?;
        NAMES.into_iter().find(|name| name.eq_ignore_ascii_case(language)).map(Self)
    }

    /// Returns the best locale for an `Accept-Language` header (RFC 9110, 12.5.4): the highest weight, the first of
    /// equals; English if none matches. Malformed parts are ignored.
    pub fn from_accept_language(header: &str) -> Self {
        let mut best = (0, Self::ENGLISH);
        for range in header.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default();
            let quality = match parts.next() {
                None => Some(1_000),
                Some(weight) => quality(weight),
            };
            let locale = if tag == "*" { Some(Self::ENGLISH) } else { Self::from_tag(tag) };
            if let (Some(quality), Some(locale)) = (quality, locale)
                && quality > best.0
            {
                best = (quality, locale);
            }
        }
        best.1
    }

    /// Translates a message.
    pub fn translate(self, message: &Message) -> String {
        let names: Vec<&str> = message.values.iter().map(|(name, _)| *name).collect();
        let values: Vec<String> = message.values.iter().map(|(_, value)| value.clone()).collect();
        let template = match message.count {
            Some(count) => self.text(&format!("{}.{}", message.key, self.plural(count))).into(),
            None => self.lookup(message.key),
        };
        rust_i18n::replace_patterns(&template, &names, &values)
    }

    /// Translates a message and capitalizes its first letter.
    pub fn sentence(self, message: &Message) -> String {
        let mut sentence = self.translate(message);
        if let Some(first) = sentence.chars().next() {
            sentence.replace_range(..first.len_utf8(), &first.to_uppercase().to_string());
        }
        sentence
    }

    /// Returns true if the key exists in English, and therefore in every language.
    pub fn has_key(key: &str) -> bool {
        rust_i18n::t!(key, locale = Self::ENGLISH.0) != key
    }

    /// Translates a key without placeholders.
    pub fn text(self, key: &str) -> String {
        self.lookup(key).into_owned()
    }

    /// Looks up a key, with English as the fallback.
    fn lookup(self, key: &str) -> Cow<'_, str> {
        rust_i18n::t!(key, locale = self.0)
    }

    /// Returns the plural category of a number: `zero`, `one`, `two`, `few`, `many` or `other`.
    fn plural(self, count: usize) -> &'static str {
        match PLURALS[self.0].select(count) {
            Ok(PluralCategory::ZERO) => "zero",
            Ok(PluralCategory::ONE) => "one",
            Ok(PluralCategory::TWO) => "two",
            Ok(PluralCategory::FEW) => "few",
            Ok(PluralCategory::MANY) => "many",
            Ok(PluralCategory::OTHER) | Err(_) => "other",
        }
    }
}

/// Parses a weight such as `q=0.8` into thousandths, 0 to 1000.
fn quality(weight: &str) -> Option<u16> {
    let number = weight.strip_prefix("q=").or_else(|| weight.strip_prefix("Q="))?.trim();
    let (integer, decimals) = number.split_once('.').unwrap_or((number, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match integer {
        "0" => format!("{decimals:0<3}").parse().ok(),
        "1" if decimals.bytes().all(|byte| byte == b'0') => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(header: &str) -> &'static str {
        Locale::from_accept_language(header).name()
    }

    #[test]
    fn the_highest_weight_wins_and_english_is_the_fallback() {
        assert_eq!(best("fr-CA,fr;q=0.9,en;q=0.8"), "fr");
        assert_eq!(best("en;q=0.2, de;q=0.7, es;q=0.7"), "de");
        assert_eq!(best("it, sv;q=0.9"), "en");
        assert_eq!(best("it, pt-BR;q=0.1"), "pt");
        assert_eq!(best("fr;q=0, ar;q=0.001"), "ar");
        assert_eq!(best("*;q=0.5, zh;q=0.9"), "zh");
        assert_eq!(best(""), "en");
        assert_eq!(best("fr;q=2, de;q=x, ;;,"), "en");
    }

    #[test]
    fn only_the_first_letter_of_a_sentence_is_capitalized() {
        let sentence = |member: &str| {
            let message =
                Message::new("validation.json_repeated").with("member", member).with("line", 7).with("column", 1);
            Locale::ENGLISH.sentence(&message)
        };
        assert_eq!(sentence("eß"), "The member eß is repeated (line 7, column 1)");
        assert_eq!(sentence(""), "The member  is repeated (line 7, column 1)");
    }

    #[test]
    fn posix_locale_names_are_parsed() {
        assert_eq!(Locale::from_tag("pt_BR.UTF-8").map(Locale::name), Some("pt"));
        assert_eq!(Locale::from_tag("C"), None);
        assert_eq!(Locale::from_tag("POSIX"), None);
    }

    #[test]
    fn placeholders_in_values_are_not_replaced() {
        let message =
            Message::new("validation.json_repeated").with("member", "%{line}").with("line", 7).with("column", 1);
        assert_eq!(Locale::ENGLISH.translate(&message), "the member %{line} is repeated (line 7, column 1)");
    }

    #[test]
    fn a_count_selects_the_plural_form() {
        let strangers = |count| Message::new("validation.strangers").with("ids", "7").plural(count);
        assert_eq!(Locale::ENGLISH.translate(&strangers(1)), "the group member 7 was not found");
        assert_eq!(Locale::ENGLISH.translate(&strangers(2)), "the group members 7 were not found");
    }
}
