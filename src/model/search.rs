//! Full-text search in descriptions, in any language: letters are compared without case and accents, ideographs one by
//! one.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

/// Maximum number of words in a query; further words are ignored.
const MAX_WORDS: usize = 32;
/// Minimum length of a word that matches inside a longer word.
const MIN_PART_LENGTH: usize = 3;
/// Rank of a match of the whole phrase, in addition to one for each whole word.
const PHRASE_RANK: u32 = 64;

/// Search query: a description matches if it contains each of these words, in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    /// Words in their order, without repeats.
    words: Vec<String>,
    /// Words separated by spaces.
    phrase: String,
}

impl SearchQuery {
    /// Parses a query; none if it contains no word.
    pub fn parse(text: &str) -> Option<Self> {
        let normalized = normalize(text);
        let phrase = normalized.trim().to_owned();
        let mut words: Vec<String> = Vec::new();
        for word in phrase.split(' ').filter(|word| !word.is_empty()) {
            if words.len() < MAX_WORDS && !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
        (!words.is_empty()).then_some(Self { words, phrase })
    }

    /// Returns the normalized query, which [`Self::parse`] accepts.
    pub fn text(&self) -> &str {
        &self.phrase
    }

    /// Returns the rank of a description: 0 if it lacks a word, else one more than the number of whole words, and 64
    /// more if it contains the phrase.
    pub fn rank(&self, description: &str) -> u32 {
        let normalized = normalize(description);
        let mut rank = 1;
        for word in &self.words {
            let is_whole_word =
                normalized.match_indices(word.as_str()).any(|(at, _)| is_whole(&normalized, at, word.len()));
            if !is_whole_word && (is_short(word) || !normalized.contains(word.as_str())) {
                return 0;
            }
            rank += u32::from(is_whole_word);
        }
        if normalized.contains(&self.phrase) { rank + PHRASE_RANK } else { rank }
    }

    /// Returns the grams that every matching description has, each with a flag that is true for a prefix of a gram.
    pub fn grams(&self) -> Vec<(String, bool)> {
        let mut seen = HashSet::new();
        let mut grams = Vec::new();
        for word in &self.words {
            if begins_with_sign(word) && word.chars().nth(1).is_none() {
                grams.push((word.clone(), true));
                continue;
            }
            let mut add = |gram: &str| {
                if seen.insert(gram.to_owned()) {
                    grams.push((gram.to_owned(), false));
                }
            };
            if begins_with_sign(word) { windows(word, 2, &mut add) } else { letters(word, &mut add) }
        }
        grams
    }
}

/// Returns the grams of a description for the index, with a space after each: trigrams of words, bigrams of ideographs,
/// and shorter words as they are.
pub fn grams(description: &str) -> String {
    let normalized = normalize(description);
    // A text has about as many grams as letters, each of three letters and a space.
    let mut grams = String::with_capacity(normalized.len() * 4);
    let mut add = |gram: &str| {
        grams.push_str(gram);
        grams.push(' ');
    };
    for word in normalized.split(' ').filter(|word| !word.is_empty()) {
        if begins_with_sign(word) {
            windows(word, 2, &mut add);
            add(&word[word.char_indices().next_back().map_or(0, |(at, _)| at)..]);
        } else {
            letters(word, &mut add);
        }
    }
    grams
}

fn letters(word: &str, add: &mut impl FnMut(&str)) {
    if word.chars().nth(MIN_PART_LENGTH - 1).is_none() { add(word) } else { windows(word, MIN_PART_LENGTH, add) }
}

/// Adds all windows of `size` characters.
fn windows(word: &str, size: usize, add: &mut impl FnMut(&str)) {
    let starts = word.char_indices().map(|(at, _)| at);
    let ends = word.char_indices().map(|(at, letter)| at + letter.len_utf8()).skip(size - 1);
    starts.zip(ends).for_each(|(start, end)| add(&word[start..end]));
}

fn begins_with_sign(word: &str) -> bool {
    word.chars().next().is_some_and(is_standalone)
}

/// Returns true for a word of one or two letters, which matches only as a whole word: as a part it is too frequent.
fn is_short(word: &str) -> bool {
    let mut signs = word.chars();
    signs.next().is_some_and(|first| !is_standalone(first)) && word.chars().count() < MIN_PART_LENGTH
}

fn is_whole(normalized: &str, at: usize, length: usize) -> bool {
    normalized[..at].ends_with(' ') && normalized[at + length..].starts_with(' ')
}

/// Normalizes a text to words with a space on each side: without case, accents and vowel points; characters of scripts
/// without spaces (Chinese, Japanese, Thai, emoji) are separated from letters.
fn normalize(text: &str) -> String {
    let mut normalized = String::with_capacity(text.len() + 2);
    normalized.push(' ');
    let mut last = Class::Gap;
    let mut push = |letter: char| {
        let class = class(letter);
        if class != last && !normalized.ends_with(' ') {
            normalized.push(' ');
        }
        if class != Class::Gap {
            normalized.push(letter);
        }
        last = class;
    };
    if text.is_ascii() {
        text.chars().for_each(|letter| push(letter.to_ascii_lowercase()));
    } else {
        let folded = text.nfkd().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
        folded.filter(|letter| !is_optional_mark(*letter)).for_each(push);
    }
    if !normalized.ends_with(' ') {
        normalized.push(' ');
    }
    normalized
}

/// Class of a character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Gap,
    MailContent,
    Sign,
}

fn class(letter: char) -> Class {
    if letter.is_ascii() {
        return if letter.is_ascii_alphanumeric() { Class::MailContent } else { Class::Gap };
    }
    if is_standalone(letter) {
        return Class::Sign;
    }
    // Unicode does not classify vowel signs and viramas as letters, but they are parts of words; dandas and Arabic
    // stops are not.
    let is_mark = matches!(letter, '\u{0900}'..='\u{0DFF}' | '\u{0591}'..='\u{05C7}' | '\u{1000}'..='\u{109F}');
    let is_stop = matches!(letter, '\u{0964}' | '\u{0965}' | '\u{0970}' | '\u{0DF4}' | '\u{104A}'..='\u{104F}');
    if letter.is_alphanumeric() || (is_mark && !is_stop) { Class::MailContent } else { Class::Gap }
}

/// Returns true for a character of a script without spaces, or one that is a word by itself.
fn is_standalone(letter: char) -> bool {
    matches!(letter,
        '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '\u{0E00}'..='\u{0EFF}'
        | '\u{1780}'..='\u{17FF}' | '\u{20A0}'..='\u{20CF}' | '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Returns true for accents, vowel points, joiners and stretch marks, which writers often omit.
fn is_optional_mark(letter: char) -> bool {
    matches!(letter,
        '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0487}' | '\u{0591}'..='\u{05BD}' | '\u{0610}'..='\u{061A}'
        | '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06DC}' | '\u{093C}' | '\u{00AD}'
        | '\u{200B}'..='\u{200F}' | '\u{FE00}'..='\u{FE0F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(words: &str, description: &str) -> u32 {
        SearchQuery::parse(words).unwrap().rank(description)
    }

    #[test]
    fn words_are_found_in_every_language() {
        for (words, description) in [
            ("CARD twice", "My card was charged twice"),
            ("harge", "charged"),
            ("debitee", "Ma carte a été débitée deux fois"),
            ("ÉTÉ", "Ma carte a ete"),
            ("dias", "Buenos días:"),
            ("NAO chegou", "o reembolso ainda não chegou"),
            ("karte", "die Kreditkarte wurde belastet"),
            ("strasse", "Große Straße"),
            ("hälfte", "Die HÄLFTE fehlte"),
            ("سائق", "لم يأتِ السائق إلى المكان"),
            ("يأت", "لم يأتِ أحد"),
            ("اخر", "مكان آخر"),
            ("ड्राइवर", "ड्राइवर ने राइड रद्द कर दी।"),
            ("दी", "राइड रद्द कर दी।"),
            ("ज्यादा", "घंटे से ज़्यादा इंतज़ार"),
            ("退款", "我要退款，谢谢"),
            ("款", "我要退款，谢谢"),
            ("60元", "扣了 60 元"),
            ("遅れ", "電車が遅れた"),
            ("🎶", "大一点的桌子 🎶"),
            ("２０", "20 euros"),
        ] {
            assert!(rank(words, description) > 0, "{words:?} in {description:?}");
            let indexed = grams(description);
            let indexed: HashSet<_> = indexed.split(' ').collect();
            for (gram, is_prefix) in SearchQuery::parse(words).unwrap().grams() {
                let found = indexed.iter().any(|one| if is_prefix { one.starts_with(&gram) } else { **one == *gram });
                assert!(found, "{gram:?} of {words:?} in {description:?}");
            }
        }
    }

    #[test]
    fn a_description_that_lacks_a_word_does_not_match() {
        for (words, description) in
            [("late early", "late"), ("at", "late"), ("退货", "退款 换货"), ("twice", "thrice"), ("दी", "दीवार")]
        {
            assert_eq!(rank(words, description), 0, "{words:?} in {description:?}");
        }
    }

    #[test]
    fn phrases_rank_above_whole_words_and_those_above_parts() {
        let ranks = ["charged twice", "twice it was charged", "twice overcharged", "charged"];
        assert_eq!(ranks.map(|text| rank("Charged, twice!", text)), [67, 3, 2, 0]);
    }

    #[test]
    fn a_text_without_words_is_not_a_query() {
        for text in ["", " ", "%", "_*?'\"\\", "…"] {
            assert_eq!(SearchQuery::parse(text), None, "{text:?}");
        }
        assert_eq!(SearchQuery::parse("NEAR(a \"b\" OR c*)").unwrap().text(), "near a b or c");
    }
}
