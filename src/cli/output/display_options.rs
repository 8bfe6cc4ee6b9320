//! Display options: language, width, colour, time zone and current time.

use std::io::{IsTerminal, stdout};

use anstyle::{AnsiColor, Style};
use jiff::tz::TimeZone;

use crate::i18n::Locale;
use crate::model::{Level, Message, Status, Timestamp};
use crate::system;

/// Width of a terminal that does not report one.
const DEFAULT_WIDTH: usize = 100;
/// Maximum width accepted from `COLUMNS`.
const MAX_WIDTH: usize = 10_000;

/// Display options of an output stream.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DisplayOptions {
    /// Language of the reader.
    pub(crate) locale: Locale,
    /// Width in columns; `usize::MAX` if unlimited.
    pub(crate) width: usize,
    /// True if the output is a terminal.
    pub(crate) terminal: bool,
    /// True if the output is coloured.
    pub(crate) colour: bool,
    /// True if exact times are in UTC instead of the local time zone.
    pub(crate) utc: bool,
    /// Reference of relative times.
    pub(crate) now: Timestamp,
}

impl DisplayOptions {
    /// Returns the display options of standard output, from the terminal and the environment.
    pub(crate) fn of_stdout(locale: Locale) -> Self {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let terminal = stdout().is_terminal();
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let requested = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let requested = requested.filter(|columns| (1..=MAX_WIDTH).contains(columns));
        let terminal_width = || terminal_size::terminal_size_of(stdout()).map(|(width, _)| usize::from(width.0));
        let terminal_width =
            || if terminal { terminal_width().filter(|width| *width > 0).unwrap_or(DEFAULT_WIDTH) } else { usize::MAX };
        Self {
            locale,
            width: requested.unwrap_or_else(terminal_width),
            terminal,
            colour: terminal && !is_set("NO_COLOR") && !dumb,
            utc: false,
            now: system::now(),
        }
    }

    /// Translates a word or a sentence without values.
    pub(crate) fn word(&self, key: &'static str) -> String {
        self.locale.translate(&Message::new(key))
    }

    /// Formats a time: relative to now on a terminal, RFC 3339 elsewhere.
    pub(crate) fn time(&self, at: Timestamp) -> String {
        if !self.terminal {
            return at.to_string();
        }
        self.relative_time(at)
            .map_or_else(|| at.to_string()[..10].to_owned(), |message| self.locale.translate(&message))
    }

    /// Formats a time to the second: in the local time zone with its offset on a terminal, RFC 3339 in UTC elsewhere.
    pub(crate) fn exact_time(&self, at: Timestamp) -> String {
        let local = || jiff::Timestamp::from_second(at.second()).map(|at| at.to_zoned(TimeZone::system()));
        match local() {
            Ok(local) if self.terminal && !self.utc => local.strftime("%Y-%m-%d %H:%M:%S %:z").to_string(),
            Ok(_) | Err(_) => at.to_string(),
        }
    }

    /// Returns the relative time, if it is less than 30 days from now.
    fn relative_time(&self, at: Timestamp) -> Option<Message> {
        let ago = self.now.second() - at.second();
        let (past, seconds) = (ago >= 0, ago.unsigned_abs());
        let (past_key, future_key, unit) = match seconds {
            0..60 => return Some(Message::new("cli.time.now")),
            60..3_600 => ("cli.time.minutes_ago", "cli.time.in_minutes", 60),
            3_600..86_400 => ("cli.time.hours_ago", "cli.time.in_hours", 3_600),
            86_400..2_592_000 => ("cli.time.days_ago", "cli.time.in_days", 86_400),
            2_592_000.. => return None,
        };
        let count = usize::try_from(seconds / unit).ok()?;
        Some(Message::new(if past { past_key } else { future_key }).plural(count))
    }

    /// Applies a style to a text if the output is coloured.
    pub(crate) fn paint(&self, style: Style, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// Style of headings.
pub(crate) const HEADING: Style = Style::new().bold();
/// Style of secondary information.
pub(crate) const FAINT: Style = Style::new().dimmed();

/// Returns the style of a status.
pub(crate) const fn status_style(status: Status) -> Style {
    match status {
        Status::Open => Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow))),
        Status::Escalated => Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red))).bold(),
        Status::Closed => Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green))),
    }
}

/// Returns the style of a level.
pub(crate) const fn level_style(level: Level) -> Style {
    match level.get() {
        0 | 1 => Style::new(),
        2 => Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow))),
        3.. => Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red))).bold(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn display(terminal: bool) -> DisplayOptions {
        let now = Timestamp::from_second(1_750_000_000).unwrap();
        DisplayOptions { locale: Locale::ENGLISH, width: 80, terminal, colour: false, utc: false, now }
    }

    #[test]
    fn times_are_relative_on_a_terminal() {
        let display = display(true);
        let time = |seconds| display.time(display.now.plus(seconds));
        assert_eq!(time(-59), "just now");
        assert_eq!(time(-60), "1 min ago");
        assert_eq!(time(-7_200), "2 h ago");
        assert_eq!(time(-3 * 86_400), "3 d ago");
        assert_eq!(time(-30 * 86_400), "2025-05-16");
        assert_eq!(time(7_200), "in 2 h");
    }

    #[test]
    fn times_are_rfc_3339_elsewhere() {
        assert_eq!(display(false).time(display(false).now), "2025-06-15T15:06:40Z");
    }
}
