//! Escapes control characters in untrusted text for a terminal: no character can move the cursor, change colours, set the title, hide text
//! or change the reading direction.

use std::borrow::Cow;

/// Sanitizes a text to one line, with `↵` for a line break and a space for a tab.
pub(crate) fn sanitize(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut sanitized = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => sanitized.push('↵'),
            // CR LF is one line break.
            '\r' if chars.peek() == Some(&'\n') => {}
            '\t' => sanitized.push(' '),
            c if is_unsafe(c) => push_visible(&mut sanitized, c),
            c => sanitized.push(c),
        }
    }
    Cow::Owned(sanitized)
}

/// Sanitizes each line of a text, with four spaces for a tab.
pub(crate) fn sanitize_lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(|line| sanitize(&line.replace('\t', "    ")).into_owned())
}

/// Returns true if a terminal or an editor interprets the character instead of printing it: C0, DEL, C1, and the
/// Unicode format characters that change the direction (UAX #9), break lines, have no width, or are tags.
///
/// The joiners U+200C and U+200D are safe: Persian, Hindi and emoji need them.
pub(crate) const fn is_unsafe(c: char) -> bool {
    c.is_ascii_control()
        || matches!(c,
            '\u{80}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Appends a control character as its picture (`␛`), any other character by its code point (`<U+202E>`).
fn push_visible(sanitized: &mut String, c: char) {
    let picture = match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32),
        '\u{7f}' => Some('␡'),
        _ => None,
    };
    match picture {
        Some(picture) => sanitized.push(picture),
        None => sanitized.extend(format!("<U+{:04X}>", c as u32).chars()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_characters_are_made_visible() {
        assert_eq!(sanitize("\u{1b}[31mred\u{7}\u{7f}"), "␛[31mred␇␡");
        assert_eq!(sanitize("a\u{9b}2Jb\u{202e}c\u{feff}"), "a<U+009B>2Jb<U+202E>c<U+FEFF>");
        assert_eq!(sanitize("one\r\ntwo\nthree\rfour\tfive"), "one↵two↵three␍four five");
        assert_eq!(sanitize("\u{e0041}"), "<U+E0041>");
    }

    #[test]
    fn text_of_every_language_is_unchanged() {
        for text in ["Chloé – 23,50 €", "林晓雯", "क्षमा करें", "می\u{200c}خواهم", "👩\u{200d}👧 🎶", "مشاوي السوق"]
        {
            assert!(matches!(sanitize(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn no_unsafe_character_passes() {
        let every: String = (0..=0x10_ffff).filter_map(char::from_u32).filter(|c| is_unsafe(*c)).collect();
        assert!(every.chars().count() > 65 + 30);
        assert!(!sanitize(&every).chars().any(is_unsafe));
        assert!(!sanitize_lines(&every).any(|line| line.chars().any(is_unsafe)));
    }

    #[test]
    fn line_breaks_separate_sanitized_lines() {
        assert_eq!(sanitize_lines("a\tb\r\n\nc\rd").collect::<Vec<_>>(), ["a    b", "", "c␍d"]);
    }
}
