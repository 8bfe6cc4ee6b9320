//! The ledger.

use rusqlite::{ErrorCode, Row, params};

use super::row::{Columns, actor_columns};
use super::sql;
use super::tickets::one_more;
use super::unit::SqliteUnit;
use crate::model::error::chain;
use crate::model::event::AuditId;
use crate::model::key::Key;
use crate::model::page::Ask;
use crate::model::reward::{Action, Award, Balance, Cents, LedgerEntry, LedgerLine};
use crate::model::ticket::Reason;
use crate::model::{CustomerId, Error, TicketId};
use crate::store::{LedgerOutcome, Points};

impl Points for SqliteUnit<'_> {
    fn award(&mut self, entry: &LedgerEntry, audit: AuditId) -> Result<LedgerOutcome, Error> {
        match self.append(entry, audit) {
            Ok(()) => Ok(LedgerOutcome::Written),
            Err(error) if earned_before(&error) => Ok(LedgerOutcome::EarnedBefore),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                tracing::warn!(error = chain(&error), customer = %entry.customer, "the ledger refused an award");
                Ok(LedgerOutcome::Failed)
            }
            Err(error) => Err(self.fault(error)),
        }
    }

    fn grant(&mut self, entry: &LedgerEntry, audit: AuditId) -> Result<(), Error> {
        self.append(entry, audit).map_err(|error| self.fault(error))
    }

    fn granted(&mut self, customer: CustomerId, key: &str) -> Result<Option<LedgerLine>, Error> {
        self.one(sql!("points/granted"), params![customer.get(), key], line)
    }

    fn balance(&mut self, customer: CustomerId) -> Result<Balance, Error> {
        let sum = self.one(sql!("points/balance"), [customer.get()], |row| {
            Ok(Balance { points: row.get(0)?, credit: Cents(row.get(1)?) })
        })?;
        Ok(sum.unwrap_or_default())
    }

    fn history(&mut self, customer: CustomerId, ask: Ask) -> Result<Vec<LedgerLine>, Error> {
        self.all(sql!("points/history"), params![customer.get(), ask.after.id, one_more(ask)], line)
    }
}

impl SqliteUnit<'_> {
    fn append(&self, entry: &LedgerEntry, audit: AuditId) -> rusqlite::Result<()> {
        let (actor_kind, actor_id, actor_name) = actor_columns(&entry.by);
        self.try_run(
            sql!("points/insert"),
            params![
                audit.0,
                entry.customer.get(),
                entry.award.action.as_str(),
                entry.award.points,
                entry.award.credit.0,
                entry.occasion.map(|(ticket, _)| ticket.get()),
                entry.occasion.map(|(_, happening)| happening.as_str()),
                entry.reason.as_ref().map(Reason::as_str),
                actor_kind,
                actor_id,
                actor_name,
                entry.key.as_ref().map(Key::as_str),
                entry.at.second(),
            ],
        )?;
        Ok(())
    }
}

/// Whether the row was kept out by the index that lets a ticket earn once for each happening.
fn earned_before(error: &rusqlite::Error) -> bool {
    let rusqlite::Error::SqliteFailure(failure, Some(text)) = error else { return false };
    failure.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE && text.contains("ledger.happening")
}

fn line(row: &Row<'_>) -> rusqlite::Result<LedgerLine> {
    let mut columns = Columns::of(row);
    Ok(LedgerLine {
        id: columns.plain()?,
        award: award(&mut columns)?,
        ticket: columns.checked_if_any("ticket id", TicketId::new)?,
        reason: columns.plain()?,
        by: columns.actor()?,
        at: columns.time()?,
    })
}

/// Three columns: an action, its points and its cents.
pub(super) fn award(columns: &mut Columns<'_>) -> rusqlite::Result<Award> {
    Ok(Award {
        action: columns.word("action", Action::parse)?,
        points: columns.plain()?,
        credit: Cents(columns.plain()?),
    })
}
