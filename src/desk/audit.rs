//! Lists, exports and verifies the audit log.

use std::collections::VecDeque;

use serde::Serialize;

use crate::model::Error;
use crate::model::audit::{AuditFilter, AuditId, AuditLine, Head};
use crate::model::audit_verify::{Decoded, DecodedRow, Finding, OperationRow, RowsOfEntry, Table, TableTotals};
use crate::model::pagination::{Cursor, Page, PageRequest};
use crate::model::permission::Permission;
use crate::model::principal::Caller;
use crate::model::retention::PurgeMark;
use crate::store::{AuditLog, Unit};

/// Permission that this use case requires.
pub const REQUIRES: Permission = Permission::ReadAuditLog;

/// Number of rows read in one query.
const BATCH: u32 = 1_000;

/// Query for the rows of a table whose number is greater than the one passed in.
type Fetch<T> = fn(&mut dyn AuditLog, i64) -> Result<Vec<Decoded<T>>, Error>;

/// Returns the entries that match the filter, newest first.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn list(
    unit: &mut dyn Unit,
    caller: &Caller,
    filter: &AuditFilter,
    page: PageRequest,
) -> Result<Page<AuditLine>, Error> {
    caller.require(REQUIRES)?;
    let rows = unit.audit_log().list(filter, page)?;
    Ok(Page::from_rows(rows, page.limit, |line| Cursor::at_row(line.entry.at, line.id.0)))
}

/// Passes every entry to `write` in batches, oldest first, until `write` returns false. Returns the number of entries
/// read.
///
/// # Errors
/// [`Error::MissingPermission`], and any error that `write` returns.
pub fn export<E: From<Error>>(
    unit: &mut dyn Unit,
    caller: &Caller,
    mut write: impl FnMut(&[AuditLine]) -> Result<bool, E>,
) -> Result<usize, E> {
    caller.require(REQUIRES)?;
    let (mut after, mut count) = (0, 0);
    loop {
        let lines = unit.audit_log().lines(after, BATCH)?;
        let Some(last) = lines.last() else { return Ok(count) };
        after = last.id.0;
        count += lines.len();
        if !write(&lines)? {
            return Ok(count);
        }
    }
}

/// Result of a successful verification.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verified {
    /// Number of tickets that agree with the audit log.
    pub tickets: i64,
    /// Number of tokens.
    pub tokens: i64,
    /// Number of webhooks.
    pub webhooks: i64,
    /// Number of ledger rows.
    pub ledger: i64,
    /// Number of notifications.
    pub notifications: i64,
    /// Number of events.
    pub events: i64,
    /// Number of notifications deleted by retention.
    pub notifications_purged: i64,
    /// Number of events deleted by retention.
    pub events_purged: i64,
    /// Head of the audit log.
    pub head: Head,
}

/// Verifies the hash chain of the audit log against its stored head and against `expected_head`, a head recorded
/// outside the store, if one is passed. Compares every ticket, token, webhook, ledger row, notification and event with
/// the log, in both directions. `begin` receives the total number of rows to verify, `done` the number verified since
/// its last call.
///
/// # Errors
/// [`Error::MissingPermission`]; [`Error::AuditBroken`] with the first inconsistency.
pub fn verify(
    unit: &mut dyn Unit,
    caller: &Caller,
    expected_head: Option<Head>,
    begin: impl FnOnce(usize),
    done: impl FnMut(usize),
) -> Result<Verified, Error> {
    caller.require(REQUIRES)?;
    let (verified, findings) = verify_each(unit, caller, expected_head.as_slice(), begin, done)?;
    findings.first().map_or(Ok(verified), |finding| Err(broken(*finding)))
}

/// Runs [`verify`] to its end: returns the first inconsistency of the log with its rows, of the tickets, of the tokens
/// and of the webhooks. The result of a part with an inconsistency is zero.
///
/// # Errors
/// [`Error::MissingPermission`].
pub fn verify_each(
    unit: &mut dyn Unit,
    caller: &Caller,
    expected_heads: &[Head],
    begin: impl FnOnce(usize),
    mut done: impl FnMut(usize),
) -> Result<(Verified, Vec<Finding>), Error> {
    caller.require(REQUIRES)?;
    let log = unit.audit_log();
    let extent = log.extent()?;
    begin(usize::try_from(extent.audit + extent.tickets).unwrap_or(usize::MAX));
    let mut findings = Vec::new();
    let verified = or_finding(verify_entries(log, &extent, expected_heads, &mut done), &mut findings)?;
    let tickets = verify_table(
        log,
        Table::Tickets,
        |log, after| log.tickets(after, BATCH),
        |ticket| {
            ticket.verify()?;
            Ok(ticket.id.get())
        },
        &mut done,
    );
    let tickets = or_finding(tickets, &mut findings)?;
    let tokens = verify_table(
        log,
        Table::Tokens,
        |log, after| log.tokens(after, BATCH),
        |token| {
            token.verify()?;
            Ok(token.id.get())
        },
        &mut |_| {},
    );
    let tokens = or_finding(tokens, &mut findings)?;
    let webhooks = verify_table(
        log,
        Table::Webhooks,
        |log, after| log.webhooks(after, BATCH),
        |webhook| {
            webhook.verify()?;
            Ok(webhook.id.get())
        },
        &mut |_| {},
    );
    let webhooks = or_finding(webhooks, &mut findings)?;
    Ok((Verified { tickets, tokens, webhooks, ..verified }, findings))
}

/// Adds the inconsistency of a part to the findings, and returns the default in place of its result.
fn or_finding<T: Default>(part: Result<T, Error>, findings: &mut Vec<Finding>) -> Result<T, Error> {
    match part {
        Err(Error::AuditBroken(finding)) => {
            findings.push(finding);
            Ok(T::default())
        }
        part => part,
    }
}

/// Verifies the entries of the audit log in order, together with the rows of every table that references them.
fn verify_entries(
    log: &mut dyn AuditLog,
    extent: &TableTotals,
    expected_heads: &[Head],
    done: &mut impl FnMut(usize),
) -> Result<Verified, Error> {
    let mut head = Head::START;
    let mut ledger = RowsInOrder::new(PurgeMark::START, |log, after| log.ledger(after, BATCH));
    let mut notifications = RowsInOrder::new(extent.purged_notifications, |log, after| log.notifications(after, BATCH));
    let mut events = RowsInOrder::new(extent.purged_events, |log, after| log.events(after, BATCH));
    let mut sums = (0_i64, 0_i64);
    let mut missing_heads: Vec<_> = expected_heads.iter().filter(|expected| **expected != head).collect();
    let mut after = i64::MIN;
    loop {
        let page = log.entries(after, BATCH)?;
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
                ledger: ledger.rows_of(log, id)?,
                notifications: notifications.rows_of(log, id)?,
                events: events.rows_of(log, id)?,
                notifications_purged: id <= extent.purged_notifications.audit,
                events_purged: id <= extent.purged_events.audit,
            };
            entry.verify_rows(&rows).map_err(broken)?;
            for DecodedRow { row, .. } in &rows.ledger {
                sums = (sums.0.saturating_add(row.award.points), sums.1.saturating_add(row.award.credit.0));
            }
            head = head.then(entry.line.hash);
            missing_heads.retain(|expected| **expected != head);
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
    if let Some(missing) = missing_heads.first() {
        return Err(broken(Finding::HeadNotFound(missing.entries)));
    }
    let (ledger, notifications, events) = (
        ledger.finish(log, extent.ledger)?,
        notifications.finish(log, extent.notifications)?,
        events.finish(log, extent.outbox)?,
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
        notifications_purged: extent.purged_notifications.through,
        events_purged: extent.purged_events.through,
    })
}

/// Verifies every row of a table with `check` and returns the number of rows.
fn verify_table<T>(
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

/// Reader of a table parallel to the audit log: its rows are in the order of the entries that they reference.
struct RowsInOrder<T> {
    fetch: Fetch<DecodedRow<T>>,
    page: VecDeque<Decoded<DecodedRow<T>>>,
    started: bool,
    exhausted: bool,
    /// Number of rows purged before the first one that remains.
    purged: i64,
    last: i64,
}

impl<T: OperationRow> RowsInOrder<T> {
    fn new(purged: PurgeMark, fetch: Fetch<DecodedRow<T>>) -> Self {
        let PurgeMark { through, .. } = purged;
        Self { fetch, page: VecDeque::new(), started: false, exhausted: false, purged: through, last: through }
    }

    /// Returns the rows that reference this entry.
    fn rows_of(&mut self, log: &mut dyn AuditLog, entry: AuditId) -> Result<Vec<DecodedRow<T>>, Error> {
        let mut rows = Vec::new();
        while let Some(row) = self.next(log, |row| row.audit <= entry)? {
            if row.audit < entry {
                return Err(broken(Finding::Stray(T::TABLE, row.id)));
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// Returns the number of rows after the last entry was read; `last_assigned` is the last row number that the table
    /// assigned.
    fn finish(mut self, log: &mut dyn AuditLog, last_assigned: i64) -> Result<i64, Error> {
        if let Some(row) = self.next(log, |_| true)? {
            return Err(broken(Finding::Stray(T::TABLE, row.id)));
        }
        if self.last < last_assigned {
            return Err(broken(Finding::Missing(T::TABLE, self.last + 1)));
        }
        Ok(self.last - self.purged)
    }

    /// Returns the next row if it is `wanted`. Rejects gaps and rows out of order.
    fn next(
        &mut self,
        log: &mut dyn AuditLog,
        wanted: impl Fn(&DecodedRow<T>) -> bool,
    ) -> Result<Option<DecodedRow<T>>, Error> {
        let table = T::TABLE;
        if self.page.is_empty() && !self.exhausted {
            // The first read starts before the mark, so that a row whose number was purged or never assigned is found
            // too.
            let after = if std::mem::replace(&mut self.started, true) { self.last } else { i64::MIN };
            self.page = (self.fetch)(log, after)?.into();
            self.exhausted = self.page.len() < BATCH as usize;
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
