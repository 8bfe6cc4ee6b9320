//! Truncates and wraps text by terminal columns: a Chinese character takes two, a combining accent none.

pub(crate) use textwrap::core::display_width as width;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// Truncates a text to a number of columns, with `…` at the end.
pub(crate) fn truncate(text: &str, max_width: usize) -> String {
    if width(text) <= max_width {
        return text.to_owned();
    }
    let prefix = prefix(text, max_width.saturating_sub(1));
    format!("{}{}", prefix.trim_end(), if max_width == 0 { "" } else { "…" })
}

/// Wraps a text to a number of columns, at the break opportunities of Unicode (UAX #14).
pub(crate) fn wrap(text: &str, max_width: usize) -> Vec<String> {
    let options = Options::new(max_width.max(2))
        .word_separator(WordSeparator::UnicodeBreakProperties)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// Returns the longest prefix of a text that fits. Long sequences of combining characters are truncated too.
fn prefix(text: &str, max_width: usize) -> &str {
    let mut end = 0;
    for (count, (at, c)) in text.char_indices().enumerate() {
        let next = at + c.len_utf8();
        if width(&text[..next]) > max_width || count > 8 * max_width {
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
    fn a_text_is_truncated_to_its_columns() {
        assert_eq!(truncate("charged twice", 13), "charged twice");
        assert_eq!(truncate("charged twice", 9), "charged…");
        assert_eq!(truncate("charged twice", 1), "…");
        assert_eq!(truncate("charged twice", 0), "");
        assert_eq!(truncate("请问周六品酒会", 8), "请问周…");
        assert_eq!(truncate("🥘🥘🥘", 5), "🥘🥘…");
    }

    #[test]
    fn a_truncated_text_never_exceeds_its_width() {
        for max_width in 0..20 {
            for text in [
                "请 问a周六品酒会",
                "e\u{301}\u{302}tude de cas clinique",
                "👩\u{200d}👧👩\u{200d}👧👩\u{200d}👧 ok ok ok ok ok",
            ] {
                assert!(width(&truncate(text, max_width)) <= max_width, "{text} {max_width}");
            }
        }
    }

    #[test]
    fn a_text_is_wrapped_at_its_spaces_and_between_chinese_characters() {
        assert_eq!(wrap("Payment was charged twice", 12), ["Payment was", "charged", "twice"]);
        assert_eq!(wrap("请问周六品酒会", 6), ["请问周", "六品酒", "会"]);
        assert_eq!(wrap("付款被收取了 twice", 8), ["付款被收", "取了", "twice"]);
        assert_eq!(wrap("状态为OPEN，或CLOSED的工单。", 8), ["状态为", "OPEN，或", "CLOSED的", "工单。"]);
        assert_eq!(wrap("use --dry-run here", 12), ["use", "--dry-run", "here"]);
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(wrap("  indented", 20), ["  indented"]);
    }
}
