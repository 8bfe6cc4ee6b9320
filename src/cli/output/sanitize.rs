//! Text that others wrote, made safe for a terminal: nothing in it can move the cursor, colour the screen, set the
//! title, hide itself or turn the reading direction around.

use std::borrow::Cow;

/// What a customer's text stands for where it may not break the line: `↵` for a line break, a space for a tab.
pub(crate) fn sanitize(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\n' => shown.push('↵'),
            // A carriage return before a line feed belongs to it.
            '\r' if signs.peek() == Some(&'\n') => {}
            '\t' => shown.push(' '),
            sign if is_unsafe(sign) => push_shown(&mut shown, sign),
            sign => shown.push(sign),
        }
    }
    Cow::Owned(shown)
}

/// The lines of a customer's text, each of them safe; a tab becomes four spaces.
pub(crate) fn sanitize_lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(|line| sanitize(&line.replace('\t', "    ")).into_owned())
}

/// Whether a terminal or an editor would act on it in place of showing it: C0, DEL, C1, and the format characters of
/// Unicode that turn the direction (UAX #9), break lines, are of no width, or carry hidden tags.
///
/// The joiners U+200C and U+200D stay: Persian, Hindi and emoji are written with them.
pub(crate) const fn is_unsafe(sign: char) -> bool {
    sign.is_ascii_control()
        || matches!(sign,
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

/// A control character as its picture, `␛`; any other by its number, `<U+202E>`.
fn push_shown(shown: &mut String, sign: char) {
    let picture = match sign {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + sign as u32),
        '\u{7f}' => Some('␡'),
        _ => None,
    };
    match picture {
        Some(picture) => shown.push(picture),
        None => shown.extend(format!("<U+{:04X}>", sign as u32).chars()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_shown() {
        assert_eq!(sanitize("\u{1b}[31mred\u{7}\u{7f}"), "␛[31mred␇␡");
        assert_eq!(sanitize("a\u{9b}2Jb\u{202e}c\u{feff}"), "a<U+009B>2Jb<U+202E>c<U+FEFF>");
        assert_eq!(sanitize("one\r\ntwo\nthree\rfour\tfive"), "one↵two↵three␍four five");
        assert_eq!(sanitize("\u{e0041}"), "<U+E0041>");
    }

    #[test]
    fn every_language_stays_as_it_was_written() {
        for text in ["Chloé – 23,50 €", "林晓雯", "क्षमा करें", "می\u{200c}خواهم", "👩\u{200d}👧 🎶", "مشاوي السوق"]
        {
            assert!(matches!(sanitize(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn no_unsafe_character_passes() {
        let every: String = (0..=0x10_ffff).filter_map(char::from_u32).filter(|sign| is_unsafe(*sign)).collect();
        assert!(every.chars().count() > 65 + 30);
        assert!(!sanitize(&every).chars().any(is_unsafe));
        assert!(!sanitize_lines(&every).any(|line| line.chars().any(is_unsafe)));
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(sanitize_lines("a\tb\r\n\nc\rd").collect::<Vec<_>>(), ["a    b", "", "c␍d"]);
    }
}
