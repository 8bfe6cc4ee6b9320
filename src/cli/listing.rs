//! Lists in every format. Reads one page at a time, so that `--all` needs memory for one page only.

use std::cell::{Cell as Shared, RefCell};
use std::io::Write;
use std::marker::PhantomData;
use std::rc::Rc;

use clap::Args;
use serde::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};

use super::exit::Exit;
use super::failure::Failure;
use super::output::csv::Csv;
use super::output::display_options::DisplayOptions;
use super::output::json;
use super::output::table::{Cell, Column, Table};
use super::progress::Progress;
use super::session::Session;
use super::values;
use super::{CommandResult, Format};
use crate::model::pagination::{Cursor, DEFAULT_LIMIT, ListName, Page, PageRequest, Sort};
use crate::model::{Code, Error, Message};
use crate::store::{Store, Unit};

/// Number of rows per page with `--all`. The first page determines the column widths of a table.
const ALL_PAGE_SIZE: u32 = 1000;

/// Paging options of a list.
#[derive(Debug, Args)]
pub(crate) struct Paging {
    /// Maximum number of rows, 1 to 1000.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_LIMIT, value_parser = values::number(1..=1000_u32))]
    limit: u32,
    /// Continue after the page with this cursor.
    #[arg(long, value_name = "CURSOR")]
    after: Option<String>,
    /// Print all rows.
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

/// Row of a list, in every format.
pub(crate) trait ListRow {
    /// Name of the list, part of its cursors.
    const LIST: ListName;
    /// Member of the JSON document that contains the rows.
    const MEMBER: &'static str;
    /// CSV header.
    const CSV: &'static [&'static str];
    /// Columns of the table.
    const COLUMNS: &'static [Column];
    /// Locale key of the hint for an empty list.
    const EMPTY: &'static str;
    /// Locale key of the hint that more rows follow.
    const MORE: &'static str;

    /// Returns the row as serialized in JSON and CSV.
    fn view(&self, display: &DisplayOptions) -> impl Serialize;
    /// Returns the table cells, one per column.
    fn cells(&self, display: &DisplayOptions) -> Vec<Cell>;
}

/// Prints the requested part of a list. `fetch` reads one page in one read transaction.
pub(crate) fn print_list<T, F>(session: &mut Session<'_>, paging: &Paging, sort: Sort, fetch: F) -> CommandResult
where
    T: ListRow,
    F: FnMut(&mut dyn Unit, PageRequest) -> Result<Page<T>, Error>,
{
    let after = match &paging.after {
        None => Cursor::start(sort),
        Some(text) => Cursor::parse(text, T::LIST, sort).ok_or_else(unknown_cursor)?,
    };
    let limit = if paging.all { ALL_PAGE_SIZE } else { paging.limit };
    let activity = session.translate(&Message::new("cli.progress.reading"));
    let mut pages = Pages {
        store: session.store()?,
        fetch,
        request: Some(PageRequest { limit, after }),
        all: paging.all,
        closed: session.out.closed(),
        progress: Progress::start(activity, session.display.terminal),
        read: 0,
        rows: PhantomData,
    };
    let first = pages.next().transpose()?.unwrap_or_default();
    match session.format() {
        Format::Table => write_table(session, first, &mut pages)?,
        Format::Json => write_json(session, first, &mut pages)?,
        Format::Ndjson => write_ndjson(session, first, &mut pages)?,
        Format::Csv => write_csv(session, first, &mut pages)?,
    }
    let (read, more) = (pages.read, pages.request);
    drop(pages);
    match (session.format(), more) {
        (Format::Table | Format::Csv, None) if read == 0 => session.hint(&Message::new(T::EMPTY)),
        (Format::Table | Format::Csv | Format::Ndjson, Some(next)) if !paging.all => {
            session.hint(&Message::new(T::MORE).with("cursor", next.after.text(T::LIST)));
        }
        _ => {}
    }
    Ok(Exit::Done)
}

fn unknown_cursor() -> Failure {
    Failure::Usage(Error::invalid(Code::InvalidTicket, "after", Message::new("validation.cursor")))
}

/// Iterator over the requested pages.
struct Pages<T, F> {
    store: Store,
    fetch: F,
    request: Option<PageRequest>,
    all: bool,
    closed: Rc<Shared<bool>>,
    progress: Progress,
    read: usize,
    rows: PhantomData<T>,
}

impl<T, F: FnMut(&mut dyn Unit, PageRequest) -> Result<Page<T>, Error>> Iterator for Pages<T, F> {
    type Item = Result<Vec<T>, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.closed.get() || (self.read > 0 && !self.all) {
            return None;
        }
        let request = self.request.take()?;
        let page = match self.store.read_blocking(|unit| (self.fetch)(unit, request)) {
            Ok(page) => page,
            Err(error) => return Some(Err(error.into())),
        };
        self.request = page.next.map(|after| PageRequest { after, ..request });
        self.read += page.rows.len();
        self.progress.advance(page.rows.len());
        Some(Ok(page.rows))
    }
}

type Remaining<'p, T> = &'p mut dyn PageIterator<T>;

/// Pages, independent of the function that reads them.
trait PageIterator<T>: Iterator<Item = Result<Vec<T>, Failure>> {
    fn next_cursor(&self) -> Option<String>;
}

impl<T: ListRow, F: FnMut(&mut dyn Unit, PageRequest) -> Result<Page<T>, Error>> PageIterator<T> for Pages<T, F> {
    fn next_cursor(&self) -> Option<String> {
        self.request.map(|request| request.after.text(T::LIST))
    }
}

fn write_table<T: ListRow>(session: &mut Session<'_>, first: Vec<T>, rest: Remaining<'_, T>) -> Result<(), Failure> {
    if first.is_empty() {
        return Ok(());
    }
    let display = session.display;
    let mut table = Table::new(display, T::COLUMNS);
    for page in std::iter::once(Ok(first)).chain(rest) {
        let rows: Vec<_> = page?.iter().map(|row| row.cells(&display)).collect();
        session.out.write_all(table.block(&rows).as_bytes())?;
    }
    session.hint_hidden_columns(&table);
    Ok(())
}

fn write_ndjson<T: ListRow>(session: &mut Session<'_>, first: Vec<T>, rest: Remaining<'_, T>) -> Result<(), Failure> {
    for page in std::iter::once(Ok(first)).chain(rest) {
        for row in page? {
            json::write_line(&mut session.out, &row.view(&session.display))?;
        }
    }
    Ok(())
}

fn write_csv<T: ListRow>(session: &mut Session<'_>, first: Vec<T>, rest: Remaining<'_, T>) -> Result<(), Failure> {
    let csv = Csv::new(T::CSV, session.display.terminal);
    csv.write_header(&mut session.out)?;
    for page in std::iter::once(Ok(first)).chain(rest) {
        for row in page? {
            csv.write_row(&mut session.out, &row.view(&session.display))?;
        }
    }
    Ok(())
}

fn write_json<T: ListRow>(session: &mut Session<'_>, first: Vec<T>, rest: Remaining<'_, T>) -> Result<(), Failure> {
    let failure = RefCell::new(None);
    let source = RefCell::new((Some(first), rest));
    let document = Document { source: &source, failure: &failure, display: session.display };
    let written = json::write_document(&mut session.out, &document);
    match failure.into_inner() {
        Some(failure) => Err(failure),
        None => Ok(written?),
    }
}

/// JSON document that reads its rows while it is serialized.
struct Document<'d, 'p, T> {
    source: &'d RefCell<(Option<Vec<T>>, Remaining<'p, T>)>,
    failure: &'d RefCell<Option<Failure>>,
    display: DisplayOptions,
}

impl<T: ListRow> Serialize for Document<'_, '_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_map(Some(2))?;
        document.serialize_entry(T::MEMBER, &Rows(self))?;
        document.serialize_entry("nextCursor", &self.source.borrow().1.next_cursor())?;
        document.end()
    }
}

struct Rows<'r, 'd, 'p, T>(&'r Document<'d, 'p, T>);

impl<T: ListRow> Serialize for Rows<'_, '_, '_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Document { source, failure, display } = self.0;
        let mut rows = serializer.serialize_seq(None)?;
        let mut source = source.borrow_mut();
        let (first, rest) = &mut *source;
        for page in first.take().map(Ok).into_iter().chain(rest) {
            let page = page.map_err(|why| {
                *failure.borrow_mut() = Some(why);
                S::Error::custom("the rows ended too early")
            })?;
            for row in page {
                rows.serialize_element(&row.view(display))?;
            }
        }
        rows.end()
    }
}
