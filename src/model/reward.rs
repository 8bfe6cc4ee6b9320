//! Points and credit: what an action earns, what a ledger row may hold, and what a balance is.

use std::fmt;

use serde::Serialize;
use serde::ser::SerializeStruct;

use super::event::Happening;
use super::key::Key;
use super::kind::closed_list;
use super::person::{Actor, Customer};
use super::ticket::Reason;
use super::{Code, CustomerId, Error, Fault, Message, TicketId, Timestamp};

/// The most points one manual grant may hold.
pub const GRANT_POINTS_MAX: i64 = 1_000_000;
/// The most credit one manual grant may hold, in cents.
pub const GRANT_CENTS_MAX: i64 = 1_000_000;

closed_list!(
    /// What a ledger row is for.
    Action {
        /// Opening or escalating a ticket.
        SupportInteraction = "support_interaction",
        /// Closing a ticket.
        TicketClosure = "ticket_closure",
        /// A grant by an agent.
        ManualGrant = "manual_grant",
    }
);

/// An amount of credit in whole cents of a US dollar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cents(pub i64);

impl Cents {
    /// Reads dollars with at most two decimals: `1.50`, `2`, `0.2`; not negative.
    pub fn parse(text: &str) -> Option<Self> {
        let (dollars, cents) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(dollars) || !digits(cents) || cents.len() > 2 {
            return None;
        }
        let cents: i64 = format!("{cents:0<2}").parse().ok()?;
        dollars.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents).map(Self)
    }
}

impl fmt::Display for Cents {
    /// Dollars with two decimals: `0.20`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}{}.{:02}", if self.0 < 0 { "-" } else { "" }, self.0.abs() / 100, self.0.abs() % 100))
    }
}

impl Serialize for Cents {
    /// `{"amount":"0.20","currency":"USD"}`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut money = serializer.serialize_struct("Money", 2)?;
        money.serialize_field("amount", &self.to_string())?;
        money.serialize_field("currency", "USD")?;
        money.end()
    }
}

/// What an action earns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Award {
    /// For what.
    pub action: Action,
    /// Points.
    pub points: i64,
    /// Credit.
    pub credit: Cents,
}

impl Award {
    /// The contract's awards; a manual grant has no fixed one and earns nothing by itself.
    pub const fn of(action: Action) -> Self {
        let (points, cents) = match action {
            Action::SupportInteraction => (10, 20),
            Action::TicketClosure => (5, 0),
            Action::ManualGrant => (0, 0),
        };
        Self { action, points, credit: Cents(cents) }
    }
}

/// A row of the ledger before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Whose.
    pub customer: CustomerId,
    /// How much, for what.
    pub award: Award,
    /// The ticket and what happened to it: a ticket earns once for each.
    pub occasion: Option<(TicketId, Happening)>,
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

/// Why an award was not made, though the ticket's operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAward {
    /// The customer's rewards account takes no points.
    AccountInactive(CustomerId),
    /// The ticket earned it before.
    AlreadyMade(TicketId),
    /// The ledger did not take it.
    Failed,
}

impl NoAward {
    /// What a client switches on.
    pub const fn code(self) -> Code {
        match self {
            Self::AccountInactive(_) => Code::RewardsInactive,
            Self::AlreadyMade(_) => Code::AwardAlreadyMade,
            Self::Failed => Code::AwardFailed,
        }
    }

    /// What to tell a person.
    pub fn message(self) -> Message {
        match self {
            Self::AccountInactive(id) => Message::new("error.rewards_inactive").with("id", id),
            Self::AlreadyMade(id) => Message::new("error.award_made").with("id", id),
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
        let mut faults = Vec::new();
        let mut fault = |field: &str, key| {
            faults.push(Fault { code: Code::InvalidGrant, field: field.to_owned(), message: Message::new(key) });
        };
        if !(0..=GRANT_POINTS_MAX).contains(&points) {
            fault("points", "fault.grant_points");
        }
        if !(0..=GRANT_CENTS_MAX).contains(&credit.0) {
            fault("credit", "fault.grant_credit");
        }
        if points == 0 && credit.0 == 0 {
            fault("points", "fault.grant_nothing");
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        Ok(Self { customer, award: Award { action: Action::ManualGrant, points, credit }, reason, key })
    }
}

impl Customer {
    /// Refuses an award to an account that takes no points.
    ///
    /// # Errors
    /// [`NoAward::AccountInactive`].
    pub fn earns(&self) -> Result<(), NoAward> {
        if self.rewards_active { Ok(()) } else { Err(NoAward::AccountInactive(self.id)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_is_whole_cents() {
        assert_eq!(Cents::parse("1.50"), Some(Cents(150)));
        assert_eq!(Cents::parse("2"), Some(Cents(200)));
        assert_eq!(Cents::parse("0.2"), Some(Cents(20)));
        for text in ["", ".", "1.", ".5", "-1", "+1", "1.005", "1e2", "99999999999999999999"] {
            assert_eq!(Cents::parse(text), None, "{text:?}");
        }
        assert_eq!(Cents(60).to_string(), "0.60");
    }

    #[test]
    fn the_contract_s_awards() {
        let interaction = Happening::Created.award();
        assert_eq!((interaction.points, interaction.credit), (10, Cents(20)));
        assert_eq!(Happening::Escalated.award(), interaction);
        let closure = Happening::Closed.award();
        assert_eq!((closure.action, closure.points, closure.credit), (Action::TicketClosure, 5, Cents(0)));
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
        assert!(grant(GRANT_POINTS_MAX + 1, 0).is_err());
        assert!(grant(1, GRANT_CENTS_MAX + 1).is_err());
    }
}
