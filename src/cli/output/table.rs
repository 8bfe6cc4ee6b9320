//! Tables: one line a row. On a terminal they fit its width; elsewhere nothing is cut.

use anstyle::Style;
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::style::Style as Lines;
use tabled::settings::{Alignment, Modify, Padding, Width};

use super::display_options::{DisplayOptions, HEADING};
use super::sanitize::sanitize;
use super::truncate::{cut, width};

/// Blank columns of the terminal between two columns of a table.
const GAP: usize = 2;

/// Minimum width of free text on a terminal, while there is another column to leave out.
const TEXT_MIN: usize = 30;

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    heading: &'static str,
    kind: Kind,
    rank: u8,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Numbers, at the right edge.
    Number,
    /// Words of closed lists, times and the like, which are never cut.
    Whole,
    /// What people wrote.
    Text,
}

impl Column {
    /// Numbers, at the right edge of the column; the key is that of its heading.
    pub(crate) const fn number(heading: &'static str) -> Self {
        Self { heading, kind: Kind::Number, rank: 0 }
    }

    /// Words of closed lists, times and such, which are never cut.
    pub(crate) const fn whole(heading: &'static str) -> Self {
        Self { heading, kind: Kind::Whole, rank: 0 }
    }

    /// Free text, which gives way on a terminal.
    pub(crate) const fn text(heading: &'static str) -> Self {
        Self { heading, kind: Kind::Text, rank: 0 }
    }

    /// The same, left out where not all columns fit: the highest rank first.
    #[must_use]
    pub(crate) const fn spare(self, rank: u8) -> Self {
        Self { rank, ..self }
    }
}

/// A cell: its text on one line, safe for a terminal, a shorter form of it, and its style.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    short: Option<&'static str>,
    style: Style,
}

impl Cell {
    /// A plain cell.
    pub(crate) fn new(text: &(impl ToString + ?Sized)) -> Self {
        Self { text: sanitize(&text.to_string()).into_owned(), short: None, style: Style::new() }
    }

    /// A cell that may be empty.
    pub(crate) fn maybe(text: Option<impl ToString>) -> Self {
        Self::new(&text.map(|text| text.to_string()).unwrap_or_default())
    }

    /// The same with a form for terminals that are too narrow for the whole word.
    #[must_use]
    pub(crate) fn or_short(self, short: &'static str) -> Self {
        Self { short: Some(short), ..self }
    }

    /// The same in this style.
    #[must_use]
    pub(crate) fn styled(self, style: Style) -> Self {
        Self { style, ..self }
    }

    fn shown(&self, short: bool) -> &str {
        if short { self.short.unwrap_or(&self.text) } else { &self.text }
    }
}

/// A table that is printed block by block, its headings once. The first block decides how wide each column is.
pub(crate) struct Table {
    display: DisplayOptions,
    columns: &'static [Column],
    headings: Vec<String>,
    layout: Option<Layout>,
}

/// The columns that are shown, by their number, with the width of each.
#[derive(Debug, Clone, Default)]
struct Layout {
    kept: Vec<(usize, usize)>,
    short: bool,
}

impl Layout {
    fn total(&self) -> usize {
        let gaps = GAP * self.kept.len().saturating_sub(1);
        self.kept.iter().map(|(_, width)| width).sum::<usize>() + gaps
    }
}

impl Table {
    /// A table with these columns.
    pub(crate) fn new(display: DisplayOptions, columns: &'static [Column]) -> Self {
        let headings = columns.iter().map(|column| display.word(column.heading)).collect();
        Self { display, columns, headings, layout: None }
    }

    /// The next rows as text, each line ended; the first block begins with the headings.
    pub(crate) fn block(&mut self, rows: &[Vec<Cell>]) -> String {
        let mut builder = Builder::default();
        let layout = if let Some(layout) = self.layout.take() {
            layout
        } else {
            let layout = self.layout(rows);
            builder.push_record(self.record(&layout, |column| (self.headings[column].as_str(), HEADING)));
            layout
        };
        for row in rows {
            builder.push_record(self.record(&layout, |column| (row[column].shown(layout.short), row[column].style)));
        }
        let mut table = builder.build();
        table.with(Lines::empty()).with(Padding::new(0, GAP, 0, 0));
        for (place, (column, _)) in layout.kept.iter().enumerate() {
            if self.columns[*column].kind == Kind::Number {
                table.with(Modify::new(Columns::one(place)).with(Alignment::right()));
            }
        }
        table.with(Width::list(layout.kept.iter().map(|kept| self.wide_enough(*kept, &layout, rows) + GAP)));
        self.layout = Some(layout);
        table.to_string().lines().fold(String::new(), |text, line| text + line.trim_end() + "\n")
    }

    /// The cells of a line, each in its style and no wider than it may be.
    fn record<'c>(&self, layout: &Layout, cell: impl Fn(usize) -> (&'c str, Style)) -> Vec<String> {
        let shown = |(column, wide): &(usize, usize)| {
            let (content, style) = cell(*column);
            let cut = self.may_cut(*column, layout).then(|| cut(content, *wide));
            self.display.paint(style, cut.as_deref().unwrap_or(content))
        };
        layout.kept.iter().map(shown).collect()
    }

    /// The width that a column has in a block, which may hold wider cells than the first that are not cut.
    fn wide_enough(&self, (column, wide): (usize, usize), layout: &Layout, rows: &[Vec<Cell>]) -> usize {
        if self.may_cut(column, layout) {
            return wide;
        }
        rows.iter().map(|row| width(row[column].shown(layout.short))).fold(wide, usize::max)
    }

    /// The headings of the columns that are left out.
    pub(crate) fn left_out(&self) -> Vec<&str> {
        let Some(layout) = &self.layout else { return Vec::new() };
        let is_kept = |column: &usize| layout.kept.iter().any(|(kept, _)| kept == column);
        (0..self.columns.len()).filter(|column| !is_kept(column)).map(|column| self.headings[column].as_str()).collect()
    }

    /// Free text is cut on a terminal, and the only column of one that is too narrow for it.
    fn may_cut(&self, column: usize, layout: &Layout) -> bool {
        self.display.terminal && (self.columns[column].kind == Kind::Text || layout.kept.len() == 1)
    }

    /// The widths for these rows: free text gives way first, then words are shortened, then columns are left out. Away
    /// from a terminal whole columns are left out, and nothing else.
    fn layout(&self, rows: &[Vec<Cell>]) -> Layout {
        let mut layout = self.natural(rows, false);
        if self.display.terminal && self.squeezed(&layout).total() > self.display.width {
            layout = self.natural(rows, true);
        }
        while layout.kept.len() > 1 && self.squeezed(&layout).total() > self.display.width {
            let last = layout
                .kept
                .iter()
                .enumerate()
                .max_by_key(|(place, kept)| (self.is_too_wide(**kept), self.rank(**kept), *place));
            let last = last.map_or(0, |(place, _)| place);
            layout.kept.remove(last);
        }
        if self.display.terminal { self.fitted(layout) } else { layout }
    }

    fn rank(&self, (column, _): (usize, usize)) -> u8 {
        self.columns[column].rank
    }

    /// Free text that may not be cut and takes more than half of the width: it goes before all others would.
    fn is_too_wide(&self, (column, wide): (usize, usize)) -> bool {
        !self.display.terminal && self.columns[column].kind == Kind::Text && wide > self.display.width / 2
    }

    /// Every column as wide as its heading and its widest cell.
    fn natural(&self, rows: &[Vec<Cell>], short: bool) -> Layout {
        let widest = |column: usize| {
            let cells = rows.iter().map(|row| width(row[column].shown(short)));
            cells.max().unwrap_or(0).max(width(&self.headings[column]))
        };
        Layout { kept: (0..self.columns.len()).map(|column| (column, widest(column))).collect(), short }
    }

    /// The same with free text as narrow as it may be.
    fn squeezed(&self, layout: &Layout) -> Layout {
        let squeeze = |(column, wide): &(usize, usize)| {
            let is_text = self.columns[*column].kind == Kind::Text;
            (*column, if is_text && self.display.terminal { (*wide).min(TEXT_MIN) } else { *wide })
        };
        Layout { kept: layout.kept.iter().map(squeeze).collect(), short: layout.short }
    }

    /// The same with what is too much taken from the widest free text.
    fn fitted(&self, mut layout: Layout) -> Layout {
        while layout.total() > self.display.width {
            let texts = layout.kept.iter_mut().filter(|(column, _)| self.columns[*column].kind == Kind::Text);
            match texts.max_by_key(|(_, wide)| *wide) {
                Some((_, wide)) if *wide > TEXT_MIN => *wide -= 1,
                Some(_) | None => break,
            }
        }
        if let [(_, wide)] = layout.kept.as_mut_slice() {
            *wide = (*wide).min(self.display.width);
        }
        layout
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;
    use crate::model::Timestamp;

    const COLUMNS: &[Column] = &[
        Column::number("cli.column.id"),
        Column::whole("cli.column.status").spare(2),
        Column::text("cli.column.description").spare(1),
    ];

    fn table(width: usize, terminal: bool) -> Table {
        let now = Timestamp::from_second(0).unwrap();
        Table::new(DisplayOptions { locale: Locale::ENGLISH, width, terminal, colour: false, utc: false, now }, COLUMNS)
    }

    fn row(id: i64, text: &str) -> Vec<Cell> {
        vec![Cell::new(&id), Cell::new("SERVICE_QUALITY").or_short("quality"), Cell::new(text)]
    }

    fn lines(table: &mut Table, rows: &[Vec<Cell>]) -> Vec<String> {
        table.block(rows).lines().map(str::to_owned).collect()
    }

    #[test]
    fn nothing_is_cut_away_from_a_terminal() {
        let long = "a long story ".repeat(40);
        let lines = lines(&mut table(usize::MAX, false), &[row(142, long.trim_end())]);
        assert_eq!(lines[1], format!("142  SERVICE_QUALITY  {}", long.trim_end()));
    }

    #[test]
    fn a_width_away_from_a_terminal_leaves_whole_columns_out() {
        let mut table = table(40, false);
        let lines = lines(&mut table, &[row(142, &"long ".repeat(40))]);
        assert_eq!(lines, [" ID  STATUS", "142  SERVICE_QUALITY"]);
        assert_eq!(table.left_out(), ["DESCRIPTION"]);
    }

    #[test]
    fn a_terminal_cuts_text_then_shortens_words_and_then_leaves_columns_out() {
        let rows = [row(7, "请问周六品酒会的合影什么时候发？ 请问周六品酒会的合影什么时候发？"), row(142, "late")];
        let at = |width| {
            let mut table = table(width, true);
            (lines(&mut table, &rows), table.left_out().join(" "))
        };
        let (wide, left_out) = at(60);
        assert_eq!(wide[2], "142  SERVICE_QUALITY  late");
        assert!(wide[1].ends_with('…') && left_out.is_empty(), "{wide:?}");
        let (narrow, left_out) = at(50);
        assert_eq!((narrow[2].as_str(), left_out.as_str()), ("142  quality  late", ""));
        let (narrower, left_out) = at(35);
        assert_eq!((narrower[2].as_str(), left_out.as_str()), ("142  late", "STATUS"));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let rows = [row(9_223_372_036_854_775_807, "a long story 🥘🥘🥘🥘🥘"), row(1, "x")];
        for wide in 1..120 {
            let text = table(wide, true).block(&rows);
            assert!(text.lines().all(|line| width(line) <= wide), "{wide}: {text}");
        }
    }

    #[test]
    fn headings_are_printed_once_and_columns_stay_in_line() {
        let mut table = table(60, false);
        assert_eq!(table.block(&[row(142, "late")]).lines().count(), 2);
        assert_eq!(table.block(&[row(7, "early")]), "  7  SERVICE_QUALITY  early\n");
    }
}
