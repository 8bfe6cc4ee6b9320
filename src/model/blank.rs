//! Detection of text without visible characters.

use std::ops::RangeInclusive;

/// Invisible code points other than white space: the Unicode 16 property `Default_Ignorable_Code_Point`, and the
/// Braille blank pattern (U+2800).
const INVISIBLE: &[RangeInclusive<char>] = &[
    '\u{ad}'..='\u{ad}',
    '\u{34f}'..='\u{34f}',
    '\u{61c}'..='\u{61c}',
    '\u{115f}'..='\u{1160}',
    '\u{17b4}'..='\u{17b5}',
    '\u{180b}'..='\u{180f}',
    '\u{200b}'..='\u{200f}',
    '\u{202a}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{2800}'..='\u{2800}',
    '\u{3164}'..='\u{3164}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{feff}'..='\u{feff}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{fff0}'..='\u{fff8}',
    '\u{1bca0}'..='\u{1bca3}',
    '\u{1d173}'..='\u{1d17a}',
    '\u{e0000}'..='\u{e0fff}',
];

/// Returns true if a text has no visible character.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|sign| sign.is_whitespace() || INVISIBLE.iter().any(|range| range.contains(&sign)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_without_visible_characters_is_blank() {
        for text in ["", " \t", "\u{200b}", "\u{2800}\u{2800}", "\u{3164}", "\u{ad} \u{feff}\u{e0020}", "\u{3000}"] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["x", "\u{200b}x", ".", "👩\u{200d}🚀", "\u{2801}", "\u{301}", "\u{fffd}"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
