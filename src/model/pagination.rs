//! Keyset pagination: sort orders, cursors and pages.

use super::closed_list::closed_list;
use super::search::SearchQuery;
use super::{Code, CustomerId, Error, IssueType, Level, Message, ServiceType, Status, Timestamp, ValidationErrors};

/// Maximum number of rows on a page.
pub const MAX_LIMIT: u32 = 100;
/// Default number of rows on a page.
pub const DEFAULT_LIMIT: u32 = 50;

closed_list!(
    /// Sort order, descending; ids break ties.
    Sort {
        /// Time of creation, newest first.
        Created = "created",
        /// Time of the last change, latest first.
        Updated = "updated",
        /// Level, then time of creation.
        Level = "level",
        /// Relevance for a search, a thousand matches at a time: descriptions with the phrase, then those with more
        /// whole words, then the newest.
        Rank = "rank",
    }
);

/// Name of a paginated list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListName {
    /// Tickets of all customers.
    Tickets,
    /// Tickets of one customer.
    OwnTickets,
    /// Notifications of a customer.
    Notifications,
    /// Mails.
    Mails,
    /// The audit log.
    Audit,
    /// Tokens.
    Tokens,
    /// Ledger of a customer.
    Ledger,
    /// Webhooks.
    Webhooks,
    /// Deliveries to webhooks.
    Deliveries,
}

impl ListName {
    /// Returns the letter at the beginning of the list's cursors.
    const fn letter(self) -> char {
        match self {
            Self::Tickets => 't',
            Self::OwnTickets => 'm',
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

/// Position after a row: the sort keys of the last row of a page. New rows do not move it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Sort order of the list.
    pub sort: Sort,
    /// Level or rank of the last row; 0 if the sort order uses neither.
    pub level: i64,
    /// Unix time of the last row; a number chosen by the store when sorted by rank.
    pub second: i64,
    /// Id of the last row.
    pub id: i64,
}

impl Cursor {
    /// Returns the position before the first row.
    pub const fn start(sort: Sort) -> Self {
        Self { sort, level: i64::MAX, second: i64::MAX, id: i64::MAX }
    }

    /// Returns the position of a row in a list sorted by creation.
    pub const fn at_row(at: Timestamp, id: i64) -> Self {
        Self { sort: Sort::Created, level: 0, second: at.second(), id }
    }

    /// Encodes the cursor for its list: opaque to clients, of `[A-Za-z0-9-]`.
    pub fn text(&self, list: ListName) -> String {
        let (list, sort) = (list.letter(), &self.sort.as_str()[..1]);
        format!("{list}{sort}-{:x}-{:x}-{:x}", self.level, self.second, self.id)
    }

    /// Parses a cursor; none if it belongs to another list or sort order.
    pub fn parse(text: &str, list: ListName, sort: Sort) -> Option<Self> {
        let (_, numbers) = text.split_once('-')?;
        let mut parts = numbers.split('-');
        // Negative times are encoded as their two's complement.
        let mut number = || u64::from_str_radix(parts.next()?, 16).ok().map(u64::cast_signed);
        let cursor = Self { sort, level: number()?, second: number()?, id: number()? };
        (cursor.text(list) == text).then_some(cursor)
    }
}

/// Page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Position of the next page; none at the end.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Builds a page from up to `limit` + 1 rows; the extra row shows that another page follows.
    pub fn from_rows(mut rows: Vec<T>, limit: u32, cursor: impl Fn(&T) -> Cursor) -> Self {
        let limit = limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { rows, next }
    }
}

/// Filter for tickets. An empty list matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// Any of these statuses.
    pub statuses: Vec<Status>,
    /// Any of these service types.
    pub services: Vec<ServiceType>,
    /// Any of these issue types.
    pub issues: Vec<IssueType>,
    /// Any of these levels.
    pub levels: Vec<Level>,
    /// Any of these owners.
    pub owners: Vec<CustomerId>,
    /// Any of these customers, as owner or group member.
    pub customers: Vec<CustomerId>,
    /// Earliest time, inclusive, of the last change when sorted by it, else of creation.
    pub since: Option<Timestamp>,
    /// Latest time, inclusive; see `since`.
    pub until: Option<Timestamp>,
    /// Words in the description.
    pub search: Option<SearchQuery>,
}

impl TicketFilter {
    /// Rejects the sort order by rank without a search.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub fn check_sort(&self, sort: Sort) -> Result<(), Error> {
        match sort {
            Sort::Rank if self.search.is_none() => {
                Err(Error::invalid(Code::InvalidTicket, "sort", Message::new("validation.rank")))
            }
            Sort::Rank | Sort::Created | Sort::Updated | Sort::Level => Ok(()),
        }
    }
}

/// Requested page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// Maximum number of rows, from 1.
    pub limit: u32,
    /// Position before the first row.
    pub after: Cursor,
}

impl PageRequest {
    /// Parses `limit` and `cursor`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with `INVALID_TICKET` for a limit outside 1 to 100, or a cursor of another list.
    pub fn parse(limit: Option<&str>, cursor: Option<&str>, list: ListName, sort: Sort) -> Result<Self, Error> {
        let mut errors = ValidationErrors::default();
        let number = |text: &str| text.parse::<u32>().ok().filter(|_| !text.starts_with('+'));
        let limit = limit.map_or(Some(DEFAULT_LIMIT), number).filter(|limit| (1..=MAX_LIMIT).contains(limit));
        if limit.is_none() {
            errors.add(Code::InvalidTicket, "limit", Message::new("validation.limit"));
        }
        let after = cursor.map_or(Some(Cursor::start(sort)), |text| Cursor::parse(text, list, sort));
        if after.is_none() {
            errors.add(Code::InvalidTicket, "cursor", Message::new("validation.cursor"));
        }
        let page = limit.zip(after).map(|(limit, after)| Self { limit, after });
        page.ok_or_else(|| Error::Invalid(errors.into_sorted()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoded_cursor_parses_to_the_same_cursor() {
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
    fn a_cursor_is_valid_for_its_own_list_only() {
        use ListName::{Audit, Deliveries, Ledger, Mails, Notifications, OwnTickets, Tickets, Tokens, Webhooks};
        let lists = [Tickets, OwnTickets, Notifications, Mails, Audit, Tokens, Ledger, Webhooks, Deliveries];
        let cursor = Cursor { id: 42, ..Cursor::start(Sort::Created) };
        for (of, by) in lists.iter().flat_map(|of| lists.iter().map(move |by| (*of, *by))) {
            assert_eq!(Cursor::parse(&cursor.text(of), by, Sort::Created).is_some(), of == by, "{of:?} {by:?}");
        }
    }

    #[test]
    fn a_page_has_a_cursor_if_another_follows() {
        let cursor = |row: &i64| Cursor { id: *row, ..Cursor::start(Sort::Created) };
        assert_eq!(Page::from_rows(vec![3, 2, 1], 2, cursor).next.map(|next| next.id), Some(2));
        assert_eq!(Page::from_rows(vec![3, 2], 2, cursor).next, None);
    }

    #[test]
    fn a_limit_is_from_1_to_100() {
        assert_eq!(PageRequest::parse(None, None, ListName::OwnTickets, Sort::Created).unwrap().limit, 50);
        assert_eq!(PageRequest::parse(Some("100"), None, ListName::OwnTickets, Sort::Created).unwrap().limit, 100);
        for limit in ["0", "101", "-1", "+5", "x", "", "1.0"] {
            assert!(PageRequest::parse(Some(limit), None, ListName::OwnTickets, Sort::Created).is_err(), "{limit:?}");
        }
    }
}
