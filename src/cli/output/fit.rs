//! Text in a given number of columns, as a terminal counts them: a Chinese character takes two, an accent none.

use tabled::grid::util::string::get_string_width;

/// How many columns a text takes; it holds no line break and no control character.
pub(crate) fn width(text: &str) -> usize {
    get_string_width(text)
}

/// The text, where it takes at most so many columns; else its beginning and `…`.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let head = head(text, most.saturating_sub(1));
    format!("{}{}", head.trim_end(), if most == 0 { "" } else { "…" })
}

/// The text in lines of at most so many columns, broken at spaces and between Chinese characters where there are any.
pub(crate) fn wrap(text: &str, most: usize) -> Vec<String> {
    let most = most.max(2);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words(text) {
        if width(&line) + width(word.trim_end()) > most && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        let mut rest = word;
        while width(rest.trim_end()) > most {
            let head = head(rest, most);
            // Not even one character fits: it stands alone, and too wide.
            let head = if head.is_empty() { &rest[..rest.chars().next().map_or(0, char::len_utf8)] } else { head };
            lines.push(head.to_owned());
            rest = &rest[head.len()..];
        }
        line.push_str(rest);
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// The pieces between which a line may end: words with the spaces after them, and the characters of scripts that have
/// no spaces, with the signs that may not begin or end a line (UAX #14, in short).
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut signs = rest.char_indices();
        let mut before = signs.next()?.1;
        let may_break = |(_, sign): &(usize, char)| {
            let between = (before == ' ' && *sign != ' ')
                || (is_ideograph(before) || is_ideograph(*sign)) && !ties(before, *sign);
            before = *sign;
            between
        };
        let end = signs.find(may_break).map_or(rest.len(), |(at, _)| at);
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

/// Whether it belongs to a script that is written without spaces, or is one of its signs.
const fn is_ideograph(sign: char) -> bool {
    matches!(sign, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether no line may end between these two.
fn ties(before: char, after: char) -> bool {
    const CLOSING: &str = "，。、；：？！）》」』】〉…’”,.;:?!)]}'\"%";
    const OPENING: &str = "（《「『【〈‘“([{'\"";
    after == ' ' || CLOSING.contains(after) || OPENING.contains(before)
}

/// The longest beginning of a text that takes at most so many columns. An endless pile of accents is cut too.
fn head(text: &str, most: usize) -> &str {
    let mut end = 0;
    for (count, (at, sign)) in text.char_indices().enumerate() {
        let next = at + sign.len_utf8();
        if width(&text[..next]) > most || count > 8 * most {
            break;
        }
        end = next;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_to_its_columns() {
        assert_eq!(cut("charged twice", 13), "charged twice");
        assert_eq!(cut("charged twice", 9), "charged…");
        assert_eq!(cut("charged twice", 1), "…");
        assert_eq!(cut("charged twice", 0), "");
        assert_eq!(cut("请问周六品酒会", 8), "请问周…");
        assert_eq!(cut("🥘🥘🥘", 5), "🥘🥘…");
    }

    #[test]
    fn a_cut_text_never_takes_more_than_it_may() {
        for most in 0..20 {
            for text in [
                "请 问a周六品酒会",
                "e\u{301}\u{302}tude de cas clinique",
                "👩\u{200d}👧👩\u{200d}👧👩\u{200d}👧 ok ok ok ok ok",
            ] {
                assert!(width(&cut(text, most)) <= most, "{text} {most}");
            }
        }
    }

    #[test]
    fn a_text_is_wrapped_at_its_spaces() {
        assert_eq!(wrap("Payment was charged twice", 12), ["Payment was", "charged", "twice"]);
        assert_eq!(wrap("请问周六品酒会", 6), ["请问周", "六品酒", "会"]);
        assert_eq!(wrap("付款被收取了 twice", 8), ["付款被收", "取了", "twice"]);
        assert_eq!(wrap("状态为OPEN，或CLOSED的工单。", 8), ["状态为", "OPEN，或", "CLOSED的", "工单。"]);
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(wrap("  indented", 20), ["  indented"]);
    }
}
