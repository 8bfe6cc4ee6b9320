//! Tables, one line per row. They fit the width of a terminal; elsewhere no cell is truncated.

use anstyle::Style;
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::style::Style as Lines;
use tabled::settings::{Alignment, Modify, Padding, Width};

use super::display_options::{DisplayOptions, HEADING};
use super::sanitize::sanitize;
use super::truncate::{truncate, width};

/// Number of spaces between two columns.
const GAP: usize = 2;

/// Minimum width of a text column on a terminal while another column can be hidden.
const TEXT_MIN: usize = 30;

/// Column of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    heading: &'static str,
    kind: Kind,
    rank: u8,
}

/// Kind of values in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Right-aligned numbers.
    Number,
    /// Enumerated values, times and similar, never truncated.
    Fixed,
    /// Free text, truncated on a terminal.
    Text,
}

impl Column {
    /// Creates a column of right-aligned numbers. `heading` is a locale key.
    pub(crate) const fn number(heading: &'static str) -> Self {
        Self { heading, kind: Kind::Number, rank: 0 }
    }

    /// Creates a column of values that are never truncated.
    pub(crate) const fn fixed(heading: &'static str) -> Self {
        Self { heading, kind: Kind::Fixed, rank: 0 }
    }

    /// Creates a column of free text, which is truncated on a terminal.
    pub(crate) const fn text(heading: &'static str) -> Self {
        Self { heading, kind: Kind::Text, rank: 0 }
    }

    /// Sets the rank of the column. If not all columns fit, those with the highest rank are hidden first.
    #[must_use]
    pub(crate) const fn with_rank(self, rank: u8) -> Self {
        Self { rank, ..self }
    }
}

/// Cell with a sanitized text on one line, an optional abbreviation, and a style.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    short: Option<&'static str>,
    style: Style,
}

impl Cell {
    /// Creates an unstyled cell.
    pub(crate) fn new(text: &(impl ToString + ?Sized)) -> Self {
        Self { text: sanitize(&text.to_string()).into_owned(), short: None, style: Style::new() }
    }

    /// Creates a cell that is empty for `None`.
    pub(crate) fn optional(text: Option<impl ToString>) -> Self {
        Self::new(&text.map(|text| text.to_string()).unwrap_or_default())
    }

    /// Sets the abbreviation for narrow terminals.
    #[must_use]
    pub(crate) fn with_short(self, short: &'static str) -> Self {
        Self { short: Some(short), ..self }
    }

    /// Sets the style.
    #[must_use]
    pub(crate) fn styled(self, style: Style) -> Self {
        Self { style, ..self }
    }

    fn display_text(&self, short: bool) -> &str {
        if short { self.short.unwrap_or(&self.text) } else { &self.text }
    }
}

/// Table that is printed in blocks of rows, with one line of headings. The first block determines the column widths.
pub(crate) struct Table {
    display: DisplayOptions,
    columns: &'static [Column],
    headings: Vec<String>,
    layout: Option<Layout>,
}

/// Visible columns as pairs of index and width.
#[derive(Debug, Clone, Default)]
struct Layout {
    columns: Vec<(usize, usize)>,
    short: bool,
}

impl Layout {
    fn total(&self) -> usize {
        let gaps = GAP * self.columns.len().saturating_sub(1);
        self.columns.iter().map(|(_, width)| width).sum::<usize>() + gaps
    }
}

impl Table {
    /// Creates a table with these columns.
    pub(crate) fn new(display: DisplayOptions, columns: &'static [Column]) -> Self {
        let headings = columns.iter().map(|column| display.word(column.heading)).collect();
        Self { display, columns, headings, layout: None }
    }

    /// Formats the next rows, each with a final line break. The first block begins with the headings.
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
            builder.push_record(
                self.record(&layout, |column| (row[column].display_text(layout.short), row[column].style)),
            );
        }
        let mut table = builder.build();
        table.with(Lines::empty()).with(Padding::new(0, GAP, 0, 0));
        for (index, (column, _)) in layout.columns.iter().enumerate() {
            if self.columns[*column].kind == Kind::Number {
                table.with(Modify::new(Columns::one(index)).with(Alignment::right()));
            }
        }
        table.with(Width::list(layout.columns.iter().map(|column| self.block_width(*column, &layout, rows) + GAP)));
        self.layout = Some(layout);
        table.to_string().lines().fold(String::new(), |text, line| text + line.trim_end() + "\n")
    }

    /// Returns the styled and truncated cells of a line.
    fn record<'c>(&self, layout: &Layout, cell: impl Fn(usize) -> (&'c str, Style)) -> Vec<String> {
        let shown = |(column, wide): &(usize, usize)| {
            let (content, style) = cell(*column);
            let truncated = self.may_truncate(*column, layout).then(|| truncate(content, *wide));
            self.display.paint(style, truncated.as_deref().unwrap_or(content))
        };
        layout.columns.iter().map(shown).collect()
    }

    /// Returns the width of a column in this block. Cells that are not truncated may be wider than in the first block.
    fn block_width(&self, (column, wide): (usize, usize), layout: &Layout, rows: &[Vec<Cell>]) -> usize {
        if self.may_truncate(column, layout) {
            return wide;
        }
        rows.iter().map(|row| width(row[column].display_text(layout.short))).fold(wide, usize::max)
    }

    /// Returns the headings of the hidden columns.
    pub(crate) fn hidden_columns(&self) -> Vec<&str> {
        let Some(layout) = &self.layout else { return Vec::new() };
        let is_visible = |column: &usize| layout.columns.iter().any(|(shown, _)| shown == column);
        (0..self.columns.len())
            .filter(|column| !is_visible(column))
            .map(|column| self.headings[column].as_str())
            .collect()
    }

    /// Returns true if the cells of a column may be truncated: on a terminal, for free text and for a single column.
    fn may_truncate(&self, column: usize, layout: &Layout) -> bool {
        self.display.terminal && (self.columns[column].kind == Kind::Text || layout.columns.len() == 1)
    }

    /// Computes the layout for these rows. On a terminal, truncates free text first, then abbreviates cells, then hides
    /// columns. Elsewhere only hides columns.
    fn layout(&self, rows: &[Vec<Cell>]) -> Layout {
        let mut layout = self.natural_layout(rows, false);
        if self.display.terminal && self.minimum_layout(&layout).total() > self.display.width {
            layout = self.natural_layout(rows, true);
        }
        while layout.columns.len() > 1 && self.minimum_layout(&layout).total() > self.display.width {
            let last = layout
                .columns
                .iter()
                .enumerate()
                .max_by_key(|(index, column)| (self.is_too_wide(**column), self.rank(**column), *index));
            let last = last.map_or(0, |(index, _)| index);
            layout.columns.remove(last);
        }
        if self.display.terminal { self.fit(layout) } else { layout }
    }

    fn rank(&self, (column, _): (usize, usize)) -> u8 {
        self.columns[column].rank
    }

    /// Returns true if a column is hidden before all others: free text that may not be truncated and takes more than
    /// half of the width.
    fn is_too_wide(&self, (column, wide): (usize, usize)) -> bool {
        !self.display.terminal && self.columns[column].kind == Kind::Text && wide > self.display.width / 2
    }

    /// Returns the layout in which every column is as wide as its heading and its widest cell.
    fn natural_layout(&self, rows: &[Vec<Cell>], short: bool) -> Layout {
        let widest = |column: usize| {
            let cells = rows.iter().map(|row| width(row[column].display_text(short)));
            cells.max().unwrap_or(0).max(width(&self.headings[column]))
        };
        Layout { columns: (0..self.columns.len()).map(|column| (column, widest(column))).collect(), short }
    }

    /// Returns the layout with free text reduced to its minimum width.
    fn minimum_layout(&self, layout: &Layout) -> Layout {
        let squeeze = |(column, wide): &(usize, usize)| {
            let is_text = self.columns[*column].kind == Kind::Text;
            (*column, if is_text && self.display.terminal { (*wide).min(TEXT_MIN) } else { *wide })
        };
        Layout { columns: layout.columns.iter().map(squeeze).collect(), short: layout.short }
    }

    /// Reduces the widest text columns until the layout fits.
    fn fit(&self, mut layout: Layout) -> Layout {
        while layout.total() > self.display.width {
            let texts = layout.columns.iter_mut().filter(|(column, _)| self.columns[*column].kind == Kind::Text);
            match texts.max_by_key(|(_, wide)| *wide) {
                Some((_, wide)) if *wide > TEXT_MIN => *wide -= 1,
                Some(_) | None => break,
            }
        }
        if let [(_, wide)] = layout.columns.as_mut_slice() {
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
        Column::fixed("cli.column.status").with_rank(2),
        Column::text("cli.column.description").with_rank(1),
    ];

    fn table(width: usize, terminal: bool) -> Table {
        let now = Timestamp::from_second(0).unwrap();
        Table::new(DisplayOptions { locale: Locale::ENGLISH, width, terminal, colour: false, utc: false, now }, COLUMNS)
    }

    fn row(id: i64, text: &str) -> Vec<Cell> {
        vec![Cell::new(&id), Cell::new("SERVICE_QUALITY").with_short("quality"), Cell::new(text)]
    }

    fn lines(table: &mut Table, rows: &[Vec<Cell>]) -> Vec<String> {
        table.block(rows).lines().map(str::to_owned).collect()
    }

    #[test]
    fn no_cell_is_truncated_without_a_terminal() {
        let long = "a long text ".repeat(40);
        let lines = lines(&mut table(usize::MAX, false), &[row(142, long.trim_end())]);
        assert_eq!(lines[1], format!("142  SERVICE_QUALITY  {}", long.trim_end()));
    }

    #[test]
    fn a_width_without_a_terminal_hides_columns() {
        let mut table = table(40, false);
        let lines = lines(&mut table, &[row(142, &"long ".repeat(40))]);
        assert_eq!(lines, [" ID  STATUS", "142  SERVICE_QUALITY"]);
        assert_eq!(table.hidden_columns(), ["DESCRIPTION"]);
    }

    #[test]
    fn a_terminal_truncates_text_then_abbreviates_then_hides_columns() {
        let rows = [row(7, "请问周六品酒会的合影什么时候发？ 请问周六品酒会的合影什么时候发？"), row(142, "late")];
        let at = |width| {
            let mut table = table(width, true);
            (lines(&mut table, &rows), table.hidden_columns().join(" "))
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
        let rows = [row(9_223_372_036_854_775_807, "a long text 🥘🥘🥘🥘🥘"), row(1, "x")];
        for wide in 1..120 {
            let text = table(wide, true).block(&rows);
            assert!(text.lines().all(|line| width(line) <= wide), "{wide}: {text}");
        }
    }

    #[test]
    fn headings_are_printed_once_and_columns_stay_aligned() {
        let mut table = table(60, false);
        assert_eq!(table.block(&[row(142, "late")]).lines().count(), 2);
        assert_eq!(table.block(&[row(7, "early")]), "  7  SERVICE_QUALITY  early\n");
    }
}
