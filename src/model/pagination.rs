//! Lists a page at a time: what to list, in which order, and where the next page begins.

use super::closed_list::closed_list;
use super::search::SearchQuery;
use super::{Code, CustomerId, Error, IssueType, Level, Message, ServiceType, Status, Timestamp, ValidationErrors};

/// The most rows on one page of the API.
pub const MAX_LIMIT: u32 = 100;
/// Rows on a page where nothing else is said.
pub const LIMIT_DEFAULT: u32 = 50;

closed_list!(
    /// By what a list is ordered, the highest first; ids break ties.
    Sort {
        /// When it was opened: newest first.
        Created = "created",
        /// When it last moved: latest first.
        Updated = "updated",
        /// How far up it is, then when it was opened.
        Level = "level",
        /// How well its description answers a search: those that hold the words side by side, then those that hold more
        /// of them whole, then the newest; a thousand tickets at a time.
        Rank = "rank",
    }
);

/// Which of the lists that come a page at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListName {
    /// The tickets, as agents see them.
    Tickets,
    /// A customer's own tickets.
    Own,
    /// A customer's notifications.
    Notifications,
    /// Mails.
    Mails,
    /// The audit log.
    Audit,
    /// Tokens.
    Tokens,
    /// A customer's ledger.
    Ledger,
    /// Webhooks.
    Webhooks,
    /// Deliveries to webhooks.
    Deliveries,
}

impl ListName {
    /// What stands for it at the beginning of a cursor.
    const fn letter(self) -> char {
        match self {
            Self::Tickets => 't',
            Self::Own => 'm',
            Self::Notifications => 'n',
            Self::Mails => 'p',
            Self::Audit => 'a',
            Self::Tokens => 'o',
            Self::Ledger => 'l',
            Self::Webhooks => 'w',
            Self::Deliveries => 'd',
        }
    }
}

/// Where a page ended: the sort keys of its last row. Tickets added since do not disturb it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The order of the list.
    pub sort: Sort,
    /// The level or rank of the last row; 0 where the order uses neither.
    pub level: i64,
    /// The second of the last row's time; in the order of ranks, a number of the store's own.
    pub second: i64,
    /// The id of the last row.
    pub id: i64,
}

impl Cursor {
    /// Before the first row of a list in this order.
    pub const fn start(sort: Sort) -> Self {
        Self { sort, level: i64::MAX, second: i64::MAX, id: i64::MAX }
    }

    /// At a row of a list of the newest that was made at this time and has this id.
    pub const fn newest(at: Timestamp, id: i64) -> Self {
        Self { sort: Sort::Created, level: 0, second: at.second(), id }
    }

    /// As it travels with the list it belongs to: opaque to clients, of `[A-Za-z0-9-]`.
    pub fn text(&self, list: ListName) -> String {
        let (list, sort) = (list.letter(), &self.sort.as_str()[..1]);
        format!("{list}{sort}-{:x}-{:x}-{:x}", self.level, self.second, self.id)
    }

    /// Reads a cursor of this list in this order; none where it is of another.
    pub fn parse(text: &str, list: ListName, sort: Sort) -> Option<Self> {
        let (_, numbers) = text.split_once('-')?;
        let mut parts = numbers.split('-');
        // A time before 1970 is written as its bits are.
        let mut number = || u64::from_str_radix(parts.next()?, 16).ok().map(u64::cast_signed);
        let cursor = Self { sort, level: number()?, second: number()?, id: number()? };
        (cursor.text(list) == text).then_some(cursor)
    }
}

/// One page: its rows, and where the next begins, if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins; none at the end.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Cuts a page from rows that were asked for with one more than its limit, to see whether another follows.
    pub fn from_rows(mut rows: Vec<T>, limit: u32, cursor: impl Fn(&T) -> Cursor) -> Self {
        let limit = limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { rows, next }
    }
}

/// Which tickets an agent asks for. An empty list filters nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// In one of these statuses.
    pub statuses: Vec<Status>,
    /// About one of these services.
    pub services: Vec<ServiceType>,
    /// With one of these issues.
    pub issues: Vec<IssueType>,
    /// At one of these levels.
    pub levels: Vec<Level>,
    /// Opened by one of these customers.
    pub owners: Vec<CustomerId>,
    /// Opened by one of these customers, or with one of them in its group.
    pub customers: Vec<CustomerId>,
    /// Opened then or later; moved last then or later, where the list is in that order.
    pub since: Option<Timestamp>,
    /// The same, then or earlier.
    pub until: Option<Timestamp>,
    /// Whose description holds these words.
    pub search: Option<SearchQuery>,
}

impl Filter {
    /// Refuses an order of ranks where nothing is searched for.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub fn takes(&self, sort: Sort) -> Result<(), Error> {
        match sort {
            Sort::Rank if self.search.is_none() => {
                Err(Error::invalid(Code::InvalidTicket, "sort", Message::new("validation.rank")))
            }
            Sort::Rank | Sort::Created | Sort::Updated | Sort::Level => Ok(()),
        }
    }
}

/// How many rows, from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// At most so many, from 1.
    pub limit: u32,
    /// After this place.
    pub after: Cursor,
}

impl PageRequest {
    /// The page of this list that the texts of `limit` and `cursor` ask for.
    ///
    /// # Errors
    /// [`Error::Invalid`] with `INVALID_TICKET` for a limit outside 1 to 100, or a cursor that is none of this list.
    pub fn parse(limit: Option<&str>, cursor: Option<&str>, list: ListName, sort: Sort) -> Result<Self, Error> {
        let mut errors = ValidationErrors::default();
        let number = |text: &str| text.parse::<u32>().ok().filter(|_| !text.starts_with('+'));
        let limit = limit.map_or(Some(LIMIT_DEFAULT), number).filter(|limit| (1..=MAX_LIMIT).contains(limit));
        if limit.is_none() {
            errors.add(Code::InvalidTicket, "limit", Message::new("validation.limit"));
        }
        let after = cursor.map_or(Some(Cursor::start(sort)), |text| Cursor::parse(text, list, sort));
        if after.is_none() {
            errors.add(Code::InvalidTicket, "cursor", Message::new("validation.cursor"));
        }
        let ask = limit.zip(after).map(|(limit, after)| Self { limit, after });
        ask.ok_or_else(|| Error::Invalid(errors.into_sorted()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_travels_and_returns() {
        let cursor = Cursor { sort: Sort::Level, level: 3, second: 1_748_736_000, id: 42 };
        let read = |text: &str, sort| Cursor::parse(text, ListName::Tickets, sort);
        assert_eq!(read(&cursor.text(ListName::Tickets), Sort::Level), Some(cursor));
        assert_eq!(read(&cursor.text(ListName::Tickets), Sort::Created), None);
        let before_1970 = Cursor { second: -1, ..cursor };
        assert_eq!(read(&before_1970.text(ListName::Tickets), Sort::Level), Some(before_1970));
        assert!(read("tl-1-2-3", Sort::Level).is_some());
        for text in ["", "tl", "l-1-2-3", "tl-1-2", "tl-1-2-3-4", "tl-+1-2-3", "tl-x-2-3", "TL-1-2-3"] {
            assert_eq!(read(text, Sort::Level), None, "{text:?}");
        }
    }

    #[test]
    fn a_cursor_is_good_for_its_own_list_alone() {
        use ListName::{Audit, Deliveries, Ledger, Mails, Notifications, Own, Tickets, Tokens, Webhooks};
        let lists = [Tickets, Own, Notifications, Mails, Audit, Tokens, Ledger, Webhooks, Deliveries];
        let cursor = Cursor { id: 42, ..Cursor::start(Sort::Created) };
        for (of, by) in lists.iter().flat_map(|of| lists.iter().map(move |by| (*of, *by))) {
            assert_eq!(Cursor::parse(&cursor.text(of), by, Sort::Created).is_some(), of == by, "{of:?} {by:?}");
        }
    }

    #[test]
    fn a_page_knows_whether_another_follows() {
        let cursor = |row: &i64| Cursor { id: *row, ..Cursor::start(Sort::Created) };
        assert_eq!(Page::from_rows(vec![3, 2, 1], 2, cursor).next.map(|next| next.id), Some(2));
        assert_eq!(Page::from_rows(vec![3, 2], 2, cursor).next, None);
    }

    #[test]
    fn a_limit_is_from_1_to_100() {
        assert_eq!(PageRequest::parse(None, None, ListName::Own, Sort::Created).unwrap().limit, 50);
        assert_eq!(PageRequest::parse(Some("100"), None, ListName::Own, Sort::Created).unwrap().limit, 100);
        for limit in ["0", "101", "-1", "+5", "x", "", "1.0"] {
            assert!(PageRequest::parse(Some(limit), None, ListName::Own, Sort::Created).is_err(), "{limit:?}");
        }
    }
}
