//! Ledger of points and credit.

use rusqlite::{ErrorCode, Row, params};

use super::row::{Columns, actor_columns};
use super::sql;
use super::tickets::limit_plus_one;
use super::unit::SqliteUnit;
use crate::model::audit::{AuditAction, AuditId};
use crate::model::award::{Action, Award, Cents};
use crate::model::error::chain;
use crate::model::key::Key;
use crate::model::ledger::{AwardStanding, Balance, LedgerEntry, LedgerLine};
use crate::model::pagination::PageRequest;
use crate::model::ticket::Reason;
use crate::model::{CustomerId, Error, TicketId, Timestamp};
use crate::store::{Ledger, LedgerRefusal};

impl Ledger for SqliteUnit<'_> {
    fn award_standing(
        &mut self,
        customer: CustomerId,
        ticket: Option<TicketId>,
        action: AuditAction,
        since: Option<Timestamp>,
    ) -> Result<Option<AwardStanding>, Error> {
        self.query_optional(
            sql!("ledger/award_standing"),
            params![customer.get(), ticket.map(TicketId::get), action.verb(), since.map(Timestamp::second)],
            |row| Ok(AwardStanding { rewards_active: row.get(0)?, earned_before: row.get(1)?, recent: row.get(2)? }),
        )
    }

    fn granted(&mut self, customer: CustomerId, key: &str) -> Result<Option<LedgerLine>, Error> {
        self.query_optional(sql!("ledger/granted"), params![customer.get(), key], line)
    }

    fn balance(&mut self, customer: CustomerId) -> Result<Balance, Error> {
        let sum = self.query_optional(sql!("ledger/balance"), [customer.get()], |row| {
            Ok(Balance { points: row.get(0)?, credit: Cents(row.get(1)?) })
        })?;
        Ok(sum.unwrap_or_default())
    }

    fn history(&mut self, customer: CustomerId, page: PageRequest) -> Result<Vec<LedgerLine>, Error> {
        self.query_all(sql!("ledger/history"), params![customer.get(), page.after.id, limit_plus_one(page)], line)
    }
}

impl SqliteUnit<'_> {
    /// Inserts a ledger row. Returns the reason if a constraint rejects it, which undoes only this statement.
    pub(super) fn append_to_ledger(&self, entry: &LedgerEntry, audit: AuditId) -> Result<Option<LedgerRefusal>, Error> {
        let (actor_kind, actor_id, actor_name) = actor_columns(&entry.by);
        let appended = self.try_execute(
            sql!("ledger/insert"),
            params![
                audit.0,
                entry.customer.get(),
                entry.award.action.as_str(),
                entry.award.points,
                entry.award.credit.0,
                entry.occasion.map(|(ticket, _)| ticket.get()),
                entry.occasion.map(|(_, action)| action.verb()),
                entry.reason.as_ref().map(Reason::as_str),
                actor_kind,
                actor_id,
                actor_name,
                entry.key.as_ref().map(Key::as_str),
                entry.at.second(),
            ],
        );
        match appended {
            Ok(_) => Ok(None),
            Err(error) if is_duplicate(&error) => Ok(Some(LedgerRefusal::Duplicate)),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                tracing::warn!(error = chain(&error), customer = %entry.customer, "the ledger refused a row");
                Ok(Some(LedgerRefusal::Failed))
            }
            Err(error) => Err(self.error(error)),
        }
    }
}

/// Returns true if a unique index rejected the row: one award for a ticket and operation, or one grant for a key.
fn is_duplicate(error: &rusqlite::Error) -> bool {
    matches!(error, rusqlite::Error::SqliteFailure(failure, _)
        if failure.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE)
}

fn line(row: &Row<'_>) -> rusqlite::Result<LedgerLine> {
    let mut columns = Columns::new(row);
    Ok(LedgerLine {
        id: columns.value()?,
        award: award(&mut columns)?,
        ticket: columns.parse_optional("ticket id", TicketId::new)?,
        reason: columns.value()?,
        by: columns.actor()?,
        at: columns.time()?,
    })
}

/// Reads three columns: an action, its points and its cents.
pub(super) fn award(columns: &mut Columns<'_>) -> rusqlite::Result<Award> {
    Ok(Award {
        action: columns.parse_text("action", Action::parse)?,
        points: columns.value()?,
        credit: Cents(columns.value()?),
    })
}
