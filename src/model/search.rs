//! What a search looks for in a description, in any language: letters without case and accents, signs by themselves.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

/// Words that are looked at in one search; further ones are taken as found.
const MAX_WORDS: usize = 32;
/// Letters that a part of a longer word needs at least.
const PART: usize = 3;
/// What a description is worth that holds the words side by side, beyond one for each whole word.
const SIDE_BY_SIDE: u32 = 64;

/// What is searched for: a description passes that holds each of these words, in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    /// Without repeats, in their order.
    words: Vec<String>,
    /// As they stand, side by side.
    phrase: String,
}

impl SearchQuery {
    /// The words of a text; none where it has no letter, digit or sign that is a word.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = plain(text);
        let phrase = plain.trim().to_owned();
        let mut words: Vec<String> = Vec::new();
        for word in phrase.split(' ').filter(|word| !word.is_empty()) {
            if words.len() < MAX_WORDS && !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
        (!words.is_empty()).then_some(Self { words, phrase })
    }

    /// The words as text, which [`Self::parse`] reads again.
    pub fn text(&self) -> &str {
        &self.phrase
    }

    /// How well a description answers: 0 where it lacks a word, else one more than the words it holds whole, and 64
    /// more where it holds them side by side.
    pub fn rank(&self, description: &str) -> u32 {
        let plain = plain(description);
        let mut rank = 1;
        for word in &self.words {
            let whole = plain.match_indices(word.as_str()).any(|(at, _)| is_whole(&plain, at, word.len()));
            if !whole && (is_short(word) || !plain.contains(word.as_str())) {
                return 0;
            }
            rank += u32::from(whole);
        }
        if plain.contains(&self.phrase) { rank + SIDE_BY_SIDE } else { rank }
    }

    /// The grams that every description with these words has; for each, whether it only begins one.
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

/// What an index of descriptions holds of one, with a space after each: three letters at a time of each word, two signs at
/// a time, and whole what is shorter.
pub fn grams(description: &str) -> String {
    let plain = plain(description);
    // About as many grams as letters, each of three of them and a space.
    let mut grams = String::with_capacity(plain.len() * 4);
    let mut add = |gram: &str| {
        grams.push_str(gram);
        grams.push(' ');
    };
    for word in plain.split(' ').filter(|word| !word.is_empty()) {
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
    if word.chars().nth(PART - 1).is_none() { add(word) } else { windows(word, PART, add) }
}

/// So many characters at a time.
fn windows(word: &str, size: usize, add: &mut impl FnMut(&str)) {
    let starts = word.char_indices().map(|(at, _)| at);
    let ends = word.char_indices().map(|(at, letter)| at + letter.len_utf8()).skip(size - 1);
    starts.zip(ends).for_each(|(start, end)| add(&word[start..end]));
}

fn begins_with_sign(word: &str) -> bool {
    word.chars().next().is_some_and(is_sign)
}

/// A word of one or two letters is looked for whole: as a part of others it is everywhere.
fn is_short(word: &str) -> bool {
    let mut signs = word.chars();
    signs.next().is_some_and(|first| !is_sign(first)) && word.chars().count() < PART
}

fn is_whole(plain: &str, at: usize, length: usize) -> bool {
    plain[..at].ends_with(' ') && plain[at + length..].starts_with(' ')
}

/// The text's words with a space on each side of each: without case, accents and vowel points, and with what is written
/// without spaces (Chinese, Japanese, Thai, pictures) apart from letters.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() + 2);
    plain.push(' ');
    let mut last = Class::Gap;
    let mut push = |letter: char| {
        let class = class(letter);
        if class != last && !plain.ends_with(' ') {
            plain.push(' ');
        }
        if class != Class::Gap {
            plain.push(letter);
        }
        last = class;
    };
    if text.is_ascii() {
        text.chars().for_each(|letter| push(letter.to_ascii_lowercase()));
    } else {
        let folded = text.nfkd().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
        folded.filter(|letter| !is_ornament(*letter)).for_each(push);
    }
    if !plain.ends_with(' ') {
        plain.push(' ');
    }
    plain
}

/// What a character is in a word.
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
    if is_sign(letter) {
        return Class::Sign;
    }
    // Vowel signs and viramas are no letters to Unicode, and yet parts of words; dandas and Arabic stops are not.
    let is_mark = matches!(letter, '\u{0900}'..='\u{0DFF}' | '\u{0591}'..='\u{05C7}' | '\u{1000}'..='\u{109F}');
    let is_stop = matches!(letter, '\u{0964}' | '\u{0965}' | '\u{0970}' | '\u{0DF4}' | '\u{104A}'..='\u{104F}');
    if letter.is_alphanumeric() || (is_mark && !is_stop) { Class::MailContent } else { Class::Gap }
}

/// What is written without spaces, or stands for a word by itself.
fn is_sign(letter: char) -> bool {
    matches!(letter,
        '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '\u{0E00}'..='\u{0EFF}'
        | '\u{1780}'..='\u{17FF}' | '\u{20A0}'..='\u{20CF}' | '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Accents, vowel points, joiners and stretches: what is left out as often as it is written.
fn is_ornament(letter: char) -> bool {
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
    fn words_are_found_in_each_language() {
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
            let held = grams(description);
            let held: HashSet<_> = held.split(' ').collect();
            for (gram, begins) in SearchQuery::parse(words).unwrap().grams() {
                let found = held.iter().any(|one| if begins { one.starts_with(&gram) } else { **one == *gram });
                assert!(found, "{gram:?} of {words:?} in {description:?}");
            }
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for (words, description) in
            [("late early", "late"), ("at", "late"), ("退货", "退款 换货"), ("twice", "thrice"), ("दी", "दीवार")]
        {
            assert_eq!(rank(words, description), 0, "{words:?} in {description:?}");
        }
    }

    #[test]
    fn words_side_by_side_come_before_whole_words_and_those_before_parts() {
        let ranks = ["charged twice", "twice it was charged", "twice overcharged", "charged"];
        assert_eq!(ranks.map(|text| rank("Charged, twice!", text)), [67, 3, 2, 0]);
    }

    #[test]
    fn a_text_without_a_word_is_none() {
        for text in ["", " ", "%", "_*?'\"\\", "…"] {
            assert_eq!(SearchQuery::parse(text), None, "{text:?}");
        }
        assert_eq!(SearchQuery::parse("NEAR(a \"b\" OR c*)").unwrap().text(), "near a b or c");
    }
}
