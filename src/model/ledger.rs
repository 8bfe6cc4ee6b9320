//! The ledger: what a row holds, what a balance is, what an agent may grant, and why an award is not made.

use super::actor::Actor;
use super::audit::AuditAction;
use super::award::{Action, Award, Cents};
use super::key::Key;
use super::ticket::Reason;
use super::{Code, CustomerId, Error, Message, TicketId, Timestamp, ValidationError};

/// The most points one manual grant may hold.
pub const MAX_GRANT_POINTS: i64 = 1_000_000;
/// The most credit one manual grant may hold, in cents.
pub const MAX_GRANT_CENTS: i64 = 1_000_000;

/// A row of the ledger before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Whose.
    pub customer: CustomerId,
    /// How much, for what.
    pub award: Award,
    /// Ticket and operation that earned it: a ticket earns once for each. None for a grant.
    pub occasion: Option<(TicketId, AuditAction)>,
    /// Why, in the agent's words.
    pub reason: Option<Reason>,
    /// By whom.
    pub by: Actor,
    /// The agent's key, which grants once for each customer.
    pub key: Option<Key>,
    /// When.
    pub at: Timestamp,
}

/// A row of the ledger as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerLine {
    /// Its number.
    pub id: i64,
    /// How much, for what.
    pub award: Award,
    /// The ticket it was earned with.
    pub ticket: Option<TicketId>,
    /// Why, in the agent's words.
    pub reason: Option<String>,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// What a customer has: the sum of their ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    /// Points.
    pub points: i64,
    /// Credit.
    pub credit: Cents,
}

impl Balance {
    /// The balance after one more row of the ledger.
    #[must_use]
    pub const fn plus(self, award: Award) -> Self {
        let credit = Cents(self.credit.0.saturating_add(award.credit.0));
        Self { points: self.points.saturating_add(award.points), credit }
    }
}

/// State of the ledger that an award depends on, read before the operation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AwardStanding {
    /// The customer's rewards account takes points.
    pub rewards_active: bool,
    /// The ticket earned for this operation before.
    pub earned_before: bool,
}

/// Decision on the award of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AwardDecision {
    /// The operation earns its award.
    Earned,
    /// The operation earns none: by an agent who asked for none, or of a kind that the ticket earned for before.
    NotDue,
    /// The award is due and cannot be made.
    Refused(NoAward),
}

impl AwardDecision {
    /// Decides on an award that was asked for; no `standing` means that the store knows no such customer.
    pub const fn of(customer: CustomerId, standing: Option<AwardStanding>) -> Self {
        match standing {
            None => Self::Refused(NoAward::Failed),
            Some(AwardStanding { earned_before: true, .. }) => Self::NotDue,
            Some(AwardStanding { rewards_active: false, .. }) => Self::Refused(NoAward::AccountInactive(customer)),
            Some(AwardStanding { rewards_active: true, earned_before: false }) => Self::Earned,
        }
    }
}

/// Why an award was not made, though the ticket's operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAward {
    /// The customer's rewards account takes no points.
    AccountInactive(CustomerId),
    /// The ledger did not take it.
    Failed,
}

impl NoAward {
    /// What a client switches on.
    pub const fn code(self) -> Code {
        match self {
            Self::AccountInactive(_) => Code::RewardsInactive,
            Self::Failed => Code::AwardFailed,
        }
    }

    /// What to tell a person.
    pub fn message(self) -> Message {
        match self {
            Self::AccountInactive(id) => Message::new("error.rewards_inactive").with("id", id),
            Self::Failed => Message::new("error.award_failed"),
        }
    }
}

/// A manual grant: 0 to 1,000,000 points and 0.00 to 10,000.00 of credit, not both nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// To whom.
    pub customer: CustomerId,
    /// How much.
    pub award: Award,
    /// Why.
    pub reason: Reason,
    /// Grants once for each customer.
    pub key: Option<Key>,
}

impl Grant {
    /// The grant, where its amounts are in range.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every amount that is not.
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
    fn a_balance_after_a_row_is_their_sum() {
        let row = Award { action: Action::ManualGrant, points: 5, credit: Cents(150) };
        let balance = Balance { points: 10, credit: Cents(20) };
        assert_eq!(balance.plus(row), Balance { points: 15, credit: Cents(170) });
        assert_eq!(Balance::default().plus(row), Balance { points: 5, credit: Cents(150) });
    }

    #[test]
    fn an_award_is_decided_by_what_the_store_knows() {
        let customer = CustomerId::FIRST;
        let decided = |rewards_active, earned_before| {
            AwardDecision::of(customer, Some(AwardStanding { rewards_active, earned_before }))
        };
        assert_eq!(decided(true, false), AwardDecision::Earned);
        assert_eq!(decided(true, true), AwardDecision::NotDue);
        assert_eq!(decided(false, true), AwardDecision::NotDue);
        assert_eq!(decided(false, false), AwardDecision::Refused(NoAward::AccountInactive(customer)));
        assert_eq!(AwardDecision::of(customer, None), AwardDecision::Refused(NoAward::Failed));
    }

    #[test]
    fn a_grant_of_nothing_is_refused() {
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
