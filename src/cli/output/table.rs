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
    spare: u8,
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
        Self { heading, give: Give::Nothing(4), right: true, spare: 0 }
    }

    /// Times and such, which are never cut.
    pub(crate) const fn whole(heading: &'static str) -> Self {
        Self { heading, give: Give::Nothing(4), right: false, spare: 0 }
    }

    /// Words of closed lists, which are cut last.
    pub(crate) const fn word(heading: &'static str) -> Self {
        Self { heading, give: Give::Late(7), right: false, spare: 0 }
    }

    /// What people wrote, which is cut first.
    pub(crate) const fn text(heading: &'static str) -> Self {
        Self { heading, give: Give::First(11), right: false, spare: 0 }
    }

    /// The same, left out where not even the narrowest forms of all columns fit: the highest number first.
    #[must_use]
    pub(crate) const fn spare(self, number: u8) -> Self {
        Self { spare: number, ..self }
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
        let kept = self.kept();
        let mut builder = Builder::default();
        if !self.headed {
            self.headed = true;
            let heading = |(place, width): &(usize, usize)| cut(&self.headings[*place], *width);
            builder.push_record(kept.iter().map(|kept| self.look.paint(HEADING, &heading(kept))));
        }
        for row in rows {
            let cell = |(place, width): &(usize, usize)| (&row[*place].style, cut(&row[*place].text, *width));
            builder.push_record(kept.iter().map(cell).map(|(style, text)| self.look.paint(*style, &text)));
        }
        let mut table = builder.build();
        table.with(Lines::empty()).with(Padding::new(0, GAP, 0, 0));
        for (number, _) in kept.iter().enumerate().filter(|(_, (place, _))| self.columns[*place].right) {
            table.with(Modify::new(Columns::one(number)).with(Alignment::right()));
        }
        table.with(Width::list(kept.iter().map(|(_, width)| width + GAP)));
        let text = table.to_string();
        text.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n")
    }

    /// The columns that are shown, with the width of each: all of them, unless not even their narrowest forms fit
    /// beside each other.
    fn kept(&self) -> Vec<(usize, usize)> {
        let mut places: Vec<usize> = (0..self.columns.len()).collect();
        while places.len() > 1 && total(places.iter().map(|place| self.narrowest(*place))) > self.look.width {
            let spare = places.iter().enumerate().max_by_key(|(number, place)| (self.columns[**place].spare, *number));
            let spare = spare.map_or(0, |(number, _)| number);
            places.remove(spare);
        }
        let mut kept: Vec<(usize, usize)> = places.iter().map(|place| (*place, self.natural(*place))).collect();
        while total(kept.iter().map(|(_, width)| *width)) > self.look.width {
            let gives = |(place, width): &&mut (usize, usize)| {
                let first = matches!(self.columns[*place].give, Give::First(_));
                (*width > self.narrowest(*place), first, *width)
            };
            match kept.iter_mut().max_by_key(gives) {
                Some((place, width)) if *width > self.narrowest(*place) => *width -= 1,
                Some((_, width)) => *width = self.look.width,
                None => break,
            }
        }
        kept
    }

    /// The width of a column that nothing is taken from.
    fn natural(&self, place: usize) -> usize {
        self.contents[place].max(width(&self.headings[place]))
    }

    /// The width of a column that gave all that it can.
    fn narrowest(&self, place: usize) -> usize {
        let least = match self.columns[place].give {
            Give::Nothing(heading) => self.contents[place].max(heading),
            Give::Late(least) | Give::First(least) => least,
        };
        least.min(self.natural(place))
    }
}

/// The width of columns of these widths beside each other.
fn total(widths: impl ExactSizeIterator<Item = usize>) -> usize {
    GAP * widths.len().saturating_sub(1) + widths.sum::<usize>()
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
    fn a_spare_column_goes_before_the_others() {
        const SPARED: &[Column] = &[COLUMNS[0], COLUMNS[1].spare(1), COLUMNS[2]];
        let text = Table { columns: SPARED, ..table(18) }.block(&[row(7, "charged twice")]);
        assert_eq!(text, "ID  DESCRIPTION\n 7  charged twice\n");
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
