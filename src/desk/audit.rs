//! Lists, exports and verifies the audit log.

use std::collections::VecDeque;

use serde::Serialize;

use crate::model::Error;
use crate::model::audit::{AuditFilter, AuditId, AuditLine, Head};
use crate::model::audit_verify::{Decoded, DecodedRow, Extent, Finding, OperationRow, RowsOfEntry, Table};
use crate::model::pagination::{Cursor, Page, PageRequest};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::retention::PurgeMark;
use crate::store::{AuditLog, Unit};

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ReadAuditLog;

/// Rows read at once.
const STRIDE: u32 = 1_000;

/// Reads the rows of a table after a number.
type Fetch<T> = fn(&mut dyn AuditLog, i64) -> Result<Vec<Decoded<T>>, Error>;

/// The entries that pass the filter, newest first.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn list(
    unit: &mut dyn Unit,
    caller: &Caller,
    filter: &AuditFilter,
    ask: PageRequest,
) -> Result<Page<AuditLine>, Error> {
    caller.require(REQUIRES)?;
    let rows = unit.audit_log().list(filter, ask)?;
    Ok(Page::from_rows(rows, ask.limit, |line| Cursor::newest(line.entry.at, line.id.0)))
}

/// Hands over every entry, oldest first, a few at a time, as long as `take` says to go on; returns how many there were.
///
/// # Errors
/// [`Error::MissingPermission`], and whatever stops `take`.
pub fn export<E: From<Error>>(
    unit: &mut dyn Unit,
    caller: &Caller,
    mut take: impl FnMut(&[AuditLine]) -> Result<bool, E>,
) -> Result<usize, E> {
    caller.require(REQUIRES)?;
    let (mut after, mut count) = (0, 0);
    loop {
        let lines = unit.audit_log().lines(after, STRIDE)?;
        let Some(last) = lines.last() else { return Ok(count) };
        after = last.id.0;
        count += lines.len();
        if !take(&lines)? {
            return Ok(count);
        }
    }
}

/// What was found whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verified {
    /// How many tickets agree with the log.
    pub tickets: i64,
    /// How many tokens.
    pub tokens: i64,
    /// How many webhooks.
    pub webhooks: i64,
    /// How many rows of the ledger.
    pub ledger: i64,
    /// How many notifications.
    pub notifications: i64,
    /// How many events.
    pub events: i64,
    /// How many notifications were let go since they were old.
    pub notifications_purged: i64,
    /// How many events were.
    pub events_purged: i64,
    /// Where the log ends.
    pub head: Head,
}

/// Holds every entry against its seal and the one before it, the whole log against its head and, where one is given,
/// a head that was kept elsewhere, and everything in the store against the log, in both directions. `begin` hears how
/// much there is to do, `done` how much more of it is done.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::AuditBroken`] with the first thing that does not fit.
pub fn verify(
    unit: &mut dyn Unit,
    caller: &Caller,
    kept: Option<Head>,
    begin: impl FnOnce(usize),
    mut done: impl FnMut(usize),
) -> Result<Verified, Error> {
    caller.require(REQUIRES)?;
    let log = unit.audit_log();
    let extent = log.extent()?;
    begin(usize::try_from(extent.audit + extent.tickets).unwrap_or(usize::MAX));
    let verified = verify_entries(log, &extent, kept, &mut done)?;
    let tickets = each(
        log,
        Table::Tickets,
        |log, after| log.tickets(after, STRIDE),
        |ticket| {
            ticket.verify()?;
            Ok(ticket.id.get())
        },
        &mut done,
    )?;
    let tokens = each(
        log,
        Table::Tokens,
        |log, after| log.tokens(after, STRIDE),
        |token| {
            token.verify()?;
            Ok(token.id.get())
        },
        &mut |_| {},
    )?;
    let webhooks = each(
        log,
        Table::Webhooks,
        |log, after| log.webhooks(after, STRIDE),
        |webhook| {
            webhook.verify()?;
            Ok(webhook.id.get())
        },
        &mut |_| {},
    )?;
    Ok(Verified { tickets, tokens, webhooks, ..verified })
}

/// Walks along the log, and beside it along every table whose rows name its entries.
fn verify_entries(
    log: &mut dyn AuditLog,
    extent: &Extent,
    kept: Option<Head>,
    done: &mut impl FnMut(usize),
) -> Result<Verified, Error> {
    let mut head = Head::START;
    let mut ledger = RowsInOrder::new(PurgeMark::START, |log, after| log.ledger(after, STRIDE));
    let mut notifications = RowsInOrder::new(extent.gone_notifications, |log, after| log.notifications(after, STRIDE));
    let mut events = RowsInOrder::new(extent.gone_events, |log, after| log.events(after, STRIDE));
    let mut sums = (0_i64, 0_i64);
    let mut passed = kept.is_none_or(|kept| kept == head);
    let mut after = i64::MIN;
    loop {
        let page = log.entries(after, STRIDE)?;
        if page.is_empty() {
            break;
        }
        let read = page.len();
        for stored in page {
            let next = AuditId(head.entries + 1);
            let entry = stored.map_err(|id| broken(Finding::Unreadable(Table::Audit, id)))?;
            let id = entry.line.id;
            if id < next {
                return Err(broken(Finding::Inserted(id)));
            }
            if id > next {
                return Err(broken(Finding::EntryMissing(next)));
            }
            if extent.head.is_some_and(|end| id.0 > end.entries) {
                return Err(broken(Finding::Inserted(id)));
            }
            entry.verify().map_err(broken)?;
            let rows = RowsOfEntry {
                ledger: ledger.of(log, id)?,
                notifications: notifications.of(log, id)?,
                events: events.of(log, id)?,
                notifications_purged: id <= extent.gone_notifications.audit,
                events_purged: id <= extent.gone_events.audit,
            };
            entry.verify_rows(&rows).map_err(broken)?;
            for DecodedRow { row, .. } in &rows.ledger {
                sums = (sums.0.saturating_add(row.award.points), sums.1.saturating_add(row.award.credit.0));
            }
            head = head.then(entry.line.hash);
            passed |= kept == Some(head);
            after = id.0;
        }
        done(read);
    }
    if head.entries < extent.audit.max(extent.head.map_or(0, |end| end.entries)) {
        return Err(broken(Finding::EntryMissing(AuditId(head.entries + 1))));
    }
    if extent.head != Some(head) {
        return Err(broken(Finding::HeadDiffers));
    }
    if let (Some(kept), false) = (kept, passed) {
        return Err(broken(Finding::NotPassed(kept.entries)));
    }
    let (ledger, notifications, events) = (
        ledger.end(log, extent.ledger)?,
        notifications.end(log, extent.notifications)?,
        events.end(log, extent.outbox)?,
    );
    if sums != extent.sums {
        return Err(broken(Finding::Sums));
    }
    Ok(Verified {
        head,
        tickets: 0,
        tokens: 0,
        webhooks: 0,
        ledger,
        notifications,
        events,
        notifications_purged: extent.gone_notifications.through,
        events_purged: extent.gone_events.through,
    })
}

/// Walks along a table that is held against the log row by row, and counts its rows.
fn each<T>(
    log: &mut dyn AuditLog,
    table: Table,
    fetch: Fetch<T>,
    check: fn(&T) -> Result<i64, Finding>,
    done: &mut impl FnMut(usize),
) -> Result<i64, Error> {
    let (mut after, mut count) = (i64::MIN, 0);
    loop {
        let page = fetch(log, after)?;
        if page.is_empty() {
            return Ok(count);
        }
        done(page.len());
        for stored in page {
            let row = stored.map_err(|id| broken(Finding::Unreadable(table, id)))?;
            after = check(&row).map_err(broken)?;
            count += 1;
        }
    }
}

fn broken(finding: Finding) -> Error {
    Error::AuditBroken(finding)
}

/// A table that is walked along beside the log: its rows stand in the order of the entries they name.
struct RowsInOrder<T> {
    fetch: Fetch<DecodedRow<T>>,
    page: VecDeque<Decoded<DecodedRow<T>>>,
    begun: bool,
    ended: bool,
    /// How many went before the first that is there.
    gone: i64,
    last: i64,
}

impl<T: OperationRow> RowsInOrder<T> {
    fn new(gone: PurgeMark, fetch: Fetch<DecodedRow<T>>) -> Self {
        let PurgeMark { through, .. } = gone;
        Self { fetch, page: VecDeque::new(), begun: false, ended: false, gone: through, last: through }
    }

    /// The rows that name this entry.
    fn of(&mut self, log: &mut dyn AuditLog, entry: AuditId) -> Result<Vec<DecodedRow<T>>, Error> {
        let mut rows = Vec::new();
        while let Some(row) = self.next(log, |row| row.audit <= entry)? {
            if row.audit < entry {
                return Err(broken(Finding::Stray(T::TABLE, row.id)));
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// How many rows there were, once the log has ended; `given` is the last number that was given to one.
    fn end(mut self, log: &mut dyn AuditLog, given: i64) -> Result<i64, Error> {
        if let Some(row) = self.next(log, |_| true)? {
            return Err(broken(Finding::Stray(T::TABLE, row.id)));
        }
        if self.last < given {
            return Err(broken(Finding::Missing(T::TABLE, self.last + 1)));
        }
        Ok(self.last - self.gone)
    }

    /// The next row, where it is wanted; none is passed over.
    fn next(
        &mut self,
        log: &mut dyn AuditLog,
        wanted: impl Fn(&DecodedRow<T>) -> bool,
    ) -> Result<Option<DecodedRow<T>>, Error> {
        let table = T::TABLE;
        if self.page.is_empty() && !self.ended {
            // A row that has a number which was never given, or was let go, is found as well.
            let after = if std::mem::replace(&mut self.begun, true) { self.last } else { i64::MIN };
            self.page = (self.fetch)(log, after)?.into();
            self.ended = self.page.len() < STRIDE as usize;
        }
        match self.page.front() {
            Some(Err(id)) => return Err(broken(Finding::Unreadable(table, *id))),
            Some(Ok(row)) if row.id <= self.last => return Err(broken(Finding::Stray(table, row.id))),
            Some(Ok(row)) if row.id != self.last + 1 => return Err(broken(Finding::Missing(table, self.last + 1))),
            Some(Ok(row)) if wanted(row) => self.last += 1,
            Some(Ok(_)) | None => return Ok(None),
        }
        Ok(self.page.pop_front().and_then(Result::ok))
    }
}
