//! Ledger: rows, balances, manual grants, and reasons for which an award is not made.

use super::actor::Actor;
use super::audit::AuditAction;
use super::award::{Action, Award, Cents};
use super::key::Key;
use super::rate::Rate;
use super::ticket::Reason;
use super::{Code, CustomerId, Error, Message, TicketId, Timestamp, ValidationError};

/// Maximum points of a manual grant.
pub const MAX_GRANT_POINTS: i64 = 1_000_000;
/// Maximum credit of a manual grant, in cents.
pub const MAX_GRANT_CENTS: i64 = 1_000_000;

/// Row of the ledger before it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    pub customer: CustomerId,
    pub award: Award,
    /// Ticket and operation that earned the award, at most once each. None for a grant.
    pub occasion: Option<(TicketId, AuditAction)>,
    /// Reason that the agent entered.
    pub reason: Option<Reason>,
    pub by: Actor,
    /// Idempotency key of a grant, unique for each customer.
    pub key: Option<Key>,
    pub at: Timestamp,
}

/// Row of the ledger as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerLine {
    pub id: i64,
    pub award: Award,
    /// Ticket that earned the award.
    pub ticket: Option<TicketId>,
    /// Reason that the agent entered.
    pub reason: Option<String>,
    pub by: Actor,
    pub at: Timestamp,
}

/// Sum of a customer's ledger rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    /// Points.
    pub points: i64,
    /// Credit.
    pub credit: Cents,
}

impl Balance {
    /// Returns the balance after another row of the ledger.
    #[must_use]
    pub const fn plus(self, award: Award) -> Self {
        let credit = Cents(self.credit.0.saturating_add(award.credit.0));
        Self { points: self.points.saturating_add(award.points), credit }
    }
}

/// State of the ledger that decides an award, read before the operation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AwardStanding {
    /// True if the customer's rewards account accepts points.
    pub rewards_active: bool,
    /// True if the ticket already earned an award for this operation.
    pub earned_before: bool,
    /// Number of the customer's awards in the period of the limit, without grants.
    pub recent: u32,
}

/// Decision on the award of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AwardDecision {
    /// The operation earns its award.
    Earned,
    /// No award is due: the agent requested none, or the ticket already earned one for this operation.
    NotDue,
    /// The award is due and cannot be made.
    Refused(NoAward),
}

impl AwardDecision {
    /// Decides on a requested award; no `standing` means that the store does not know the customer.
    pub const fn decide(customer: CustomerId, standing: Option<AwardStanding>, limit: Option<Rate>) -> Self {
        match (standing, limit) {
            (None, _) => Self::Refused(NoAward::Failed),
            (Some(AwardStanding { earned_before: true, .. }), _) => Self::NotDue,
            (Some(AwardStanding { rewards_active: false, .. }), _) => Self::Refused(NoAward::AccountInactive(customer)),
            (Some(AwardStanding { recent, .. }), Some(limit)) if recent >= limit.amount => {
                Self::Refused(NoAward::LimitReached(customer))
            }
            (Some(AwardStanding { rewards_active: true, earned_before: false, .. }), _) => Self::Earned,
        }
    }
}

/// Reason for which a due award was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAward {
    /// The customer's rewards account is not active.
    AccountInactive(CustomerId),
    /// The customer earned the maximum number of awards of the period.
    LimitReached(CustomerId),
    /// The ledger did not store the award.
    Failed,
}

impl NoAward {
    /// Returns the stable code.
    pub const fn code(self) -> Code {
        match self {
            Self::AccountInactive(_) => Code::RewardsInactive,
            Self::LimitReached(_) => Code::AwardLimitReached,
            Self::Failed => Code::AwardFailed,
        }
    }

    /// Returns the message for users.
    pub fn message(self) -> Message {
        match self {
            Self::AccountInactive(id) => Message::new("error.rewards_inactive").with("id", id),
            Self::LimitReached(id) => Message::new("error.award_limit").with("id", id),
            Self::Failed => Message::new("error.award_failed"),
        }
    }
}

/// Manual grant: 0 to 1,000,000 points and 0.00 to 10,000.00 of credit, at least one of them positive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub customer: CustomerId,
    pub award: Award,
    pub reason: Reason,
    /// Idempotency key, unique for each customer.
    pub key: Option<Key>,
}

impl Grant {
    /// Validates the amounts.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every amount out of range.
    pub fn new(
        customer: CustomerId,
        points: i64,
        credit: Cents,
        reason: Reason,
        key: Option<Key>,
    ) -> Result<Self, Error> {
        let mut errors = Vec::new();
        let mut error = |field: &str, key| {
            errors.push(ValidationError {
                code: Code::InvalidGrant,
                field: field.to_owned(),
                message: Message::new(key),
            });
        };
        if !(0..=MAX_GRANT_POINTS).contains(&points) {
            error("points", "validation.grant_points");
        }
        if !(0..=MAX_GRANT_CENTS).contains(&credit.0) {
            error("credit", "validation.grant_credit");
        }
        if points == 0 && credit.0 == 0 {
            error("points", "validation.grant_nothing");
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        Ok(Self { customer, award: Award { action: Action::ManualGrant, points, credit }, reason, key })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_added_to_the_balance() {
        let row = Award { action: Action::ManualGrant, points: 5, credit: Cents(150) };
        let balance = Balance { points: 10, credit: Cents(20) };
        assert_eq!(balance.plus(row), Balance { points: 15, credit: Cents(170) });
        assert_eq!(Balance::default().plus(row), Balance { points: 5, credit: Cents(150) });
    }

    #[test]
    fn an_award_depends_on_the_account_and_on_earlier_awards() {
        let customer = CustomerId::FIRST;
        let decided = |rewards_active, earned_before| {
            AwardDecision::decide(customer, Some(AwardStanding { rewards_active, earned_before, recent: 50 }), None)
        };
        assert_eq!(decided(true, false), AwardDecision::Earned);
        assert_eq!(decided(true, true), AwardDecision::NotDue);
        assert_eq!(decided(false, true), AwardDecision::NotDue);
        assert_eq!(decided(false, false), AwardDecision::Refused(NoAward::AccountInactive(customer)));
        assert_eq!(AwardDecision::decide(customer, None, None), AwardDecision::Refused(NoAward::Failed));
    }

    #[test]
    fn an_award_beyond_the_limit_is_refused() {
        let customer = CustomerId::FIRST;
        let limit = Rate { amount: 50, period: 86_400 };
        let decided = |rewards_active, earned_before, recent| {
            let standing = AwardStanding { rewards_active, earned_before, recent };
            AwardDecision::decide(customer, Some(standing), Some(limit))
        };
        let reached = AwardDecision::Refused(NoAward::LimitReached(customer));
        assert_eq!(decided(true, false, 49), AwardDecision::Earned);
        assert_eq!(decided(true, false, 50), reached);
        assert_eq!(decided(true, false, 51), reached);
        assert_eq!(decided(true, true, 50), AwardDecision::NotDue);
        assert_eq!(decided(false, false, 50), AwardDecision::Refused(NoAward::AccountInactive(customer)));
    }

    #[test]
    fn a_grant_out_of_range_or_of_nothing_is_rejected() {
        let grant = |points, cents| {
            let reason = Reason::new("sorry").unwrap();
            Grant::new(CustomerId::new(1).unwrap(), points, Cents(cents), reason, None)
        };
        assert!(grant(1, 0).is_ok());
        assert!(grant(0, 1).is_ok());
        assert!(grant(0, 0).is_err());
        assert!(grant(-1, 0).is_err());
        assert!(grant(MAX_GRANT_POINTS + 1, 0).is_err());
        assert!(grant(1, MAX_GRANT_CENTS + 1).is_err());
    }
}
