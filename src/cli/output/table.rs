//! Tables that fit: no row is wider than the terminal, and no cell is more than a line.

use anstyle::Style;
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::style::Style as Lines;
use tabled::settings::{Alignment, Modify, Padding, Width};

use super::fit::{cut, width};
use super::look::{HEADING, Look};
use super::visible::visible;

/// The columns between two columns.
const GAP: usize = 2;

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    heading: &'static str,
    give: Give,
    right: bool,
}

/// What a column gives up where the table is too wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Give {
    /// Nothing: a cut number or time would be another one. Its heading may be cut to so many columns.
    Nothing(usize),
    /// After the others, down to so many columns.
    Late(usize),
    /// Before the others, down to so many columns.
    First(usize),
}

impl Column {
    /// Numbers, at the right edge of the column; the key is that of its heading.
    pub(crate) const fn number(heading: &'static str) -> Self {
        Self { heading, give: Give::Nothing(4), right: true }
    }

    /// Times and such, which are never cut.
    pub(crate) const fn whole(heading: &'static str) -> Self {
        Self { heading, give: Give::Nothing(4), right: false }
    }

    /// Words of closed lists, which are cut last.
    pub(crate) const fn word(heading: &'static str) -> Self {
        Self { heading, give: Give::Late(7), right: false }
    }

    /// What people wrote, which is cut first.
    pub(crate) const fn text(heading: &'static str) -> Self {
        Self { heading, give: Give::First(10), right: false }
    }
}

/// A cell: its text on one line, safe for a terminal, and its style.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// A plain cell.
    pub(crate) fn new(text: &(impl ToString + ?Sized)) -> Self {
        Self { text: visible(&text.to_string()).into_owned(), style: Style::new() }
    }

    /// A cell that may be empty.
    pub(crate) fn maybe(text: Option<impl ToString>) -> Self {
        Self::new(&text.map(|text| text.to_string()).unwrap_or_default())
    }

    /// The same in this style.
    #[must_use]
    pub(crate) fn styled(self, style: Style) -> Self {
        Self { text: self.text, style }
    }
}

/// A table that is printed block by block, its headings once.
pub(crate) struct Table {
    look: Look,
    columns: &'static [Column],
    headings: Vec<String>,
    contents: Vec<usize>,
    headed: bool,
}

impl Table {
    /// A table with these columns.
    pub(crate) fn new(look: Look, columns: &'static [Column]) -> Self {
        let headings = columns.iter().map(|column| look.word(column.heading)).collect();
        Self { look, columns, headings, contents: vec![0; columns.len()], headed: false }
    }

    /// The next rows as text, each line ended; a column is never narrower than in the blocks before, where that fits.
    pub(crate) fn block(&mut self, rows: &[Vec<Cell>]) -> String {
        for row in rows {
            for (content, cell) in self.contents.iter_mut().zip(row) {
                *content = (*content).max(width(&cell.text));
            }
        }
        let widths = self.widths();
        let mut builder = Builder::default();
        if !self.headed {
            self.headed = true;
            let paint = |(heading, width): (&String, &usize)| self.look.paint(HEADING, &cut(heading, *width));
            builder.push_record(self.headings.iter().zip(&widths).map(paint));
        }
        for row in rows {
            let paint = |(cell, width): (&Cell, &usize)| self.look.paint(cell.style, &cut(&cell.text, *width));
            builder.push_record(row.iter().zip(&widths).map(paint));
        }
        let mut table = builder.build();
        table.with(Lines::empty()).with(Padding::new(0, GAP, 0, 0));
        for place in (0..widths.len()).filter(|place| self.columns[*place].right) {
            table.with(Modify::new(Columns::one(place)).with(Alignment::right()));
        }
        table.with(Width::list(widths.iter().map(|width| width + GAP)));
        let text = table.to_string();
        text.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n")
    }

    /// The width of each column that is shown: all of them, unless not even their narrowest forms fit beside each other.
    fn widths(&self) -> Vec<usize> {
        let natural = |place: usize| self.contents[place].max(width(&self.headings[place]));
        let mut widths: Vec<usize> = (0..self.columns.len()).map(natural).collect();
        let least = |place: usize, widths: &[usize]| match self.columns[place].give {
            Give::Nothing(heading) => self.contents[place].max(heading).min(widths[place]),
            Give::Late(least) | Give::First(least) => least.min(widths[place]),
        };
        let narrowest: Vec<usize> = (0..widths.len()).map(|place| least(place, &widths)).collect();
        let first = |place: &usize| matches!(self.columns[*place].give, Give::First(_));
        while total(&widths) > self.look.width {
            let open = || (0..widths.len()).filter(|place| widths[*place] > narrowest[*place]);
            let widest = |places: &mut dyn Iterator<Item = usize>| places.max_by_key(|place| widths[*place]);
            match widest(&mut open().filter(first)).or_else(|| widest(&mut open())) {
                Some(place) => widths[place] -= 1,
                None if widths.len() > 1 => _ = widths.pop(),
                None => widths[0] = self.look.width,
            }
        }
        widths
    }
}

fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;
    use crate::text::Locale;

    const COLUMNS: &[Column] =
        &[Column::number("cli.column.id"), Column::word("cli.column.status"), Column::text("cli.column.description")];

    fn table(width: usize) -> Table {
        let now = Timestamp::from_second(0).unwrap();
        Table::new(Look { locale: Locale::ENGLISH, width, terminal: false, colour: false, now }, COLUMNS)
    }

    fn row(id: i64, text: &str) -> Vec<Cell> {
        vec![Cell::new(&id), Cell::new("ESCALATED"), Cell::new(text)]
    }

    #[test]
    fn text_gives_way_to_what_must_stay_whole() {
        let text = table(34).block(&[row(7, "请问周六品酒会的合影什么时候发？"), row(142, "late")]);
        assert_eq!(
            text.lines().collect::<Vec<_>>(),
            [" ID  STATUS     DESCRIPTION", "  7  ESCALATED  请问周六品酒会的…", "142  ESCALATED  late"]
        );
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        let rows = [row(9_223_372_036_854_775_807, "a long story 🥘🥘🥘🥘🥘"), row(1, "x")];
        for width in 1..120 {
            let text = table(width).block(&rows);
            assert!(text.lines().all(|line| super::width(line) <= width), "{width}: {text}");
        }
    }

    #[test]
    fn headings_are_printed_once_and_columns_stay_in_line() {
        let mut table = table(60);
        let first = table.block(&[row(142, "late")]);
        let second = table.block(&[row(7, "early")]);
        assert_eq!(first.lines().count(), 2);
        assert_eq!(second, "  7  ESCALATED  early\n");
    }
}
