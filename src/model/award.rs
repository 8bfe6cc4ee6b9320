//! Awards: points and credit that an action earns.

use std::fmt;

use serde::Serialize;
use serde::ser::SerializeStruct;

use super::closed_list::closed_list;

closed_list!(
    /// Reason of a ledger row.
    Action {
        /// Opening or escalating a ticket.
        SupportInteraction = "support_interaction",
        /// Closing a ticket.
        TicketClosure = "ticket_closure",
        /// A grant by an agent.
        ManualGrant = "manual_grant",
    }
);

/// Amount of credit in whole cents of a US dollar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cents(pub i64);

impl Cents {
    /// Parses a non-negative number of dollars with at most two decimals: `1.50`, `2`, `0.2`.
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
    /// Writes dollars with two decimals: `0.20`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}{}.{:02}", if self.0 < 0 { "-" } else { "" }, self.0.abs() / 100, self.0.abs() % 100))
    }
}

impl Serialize for Cents {
    /// Serializes to `{"amount":"0.20","currency":"USD"}`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut money = serializer.serialize_struct("Money", 2)?;
        money.serialize_field("amount", &self.to_string())?;
        money.serialize_field("currency", "USD")?;
        money.end()
    }
}

/// Points and credit for an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Award {
    pub action: Action,
    /// Points.
    pub points: i64,
    /// Credit.
    pub credit: Cents,
}

impl Award {
    /// Returns the fixed award of an action; zero for a manual grant, which has none.
    pub const fn for_action(action: Action) -> Self {
        let (points, cents) = match action {
            Action::SupportInteraction => (10, 20),
            Action::TicketClosure => (5, 0),
            Action::ManualGrant => (0, 0),
        };
        Self { action, points, credit: Cents(cents) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_is_parsed_into_whole_cents() {
        assert_eq!(Cents::parse("1.50"), Some(Cents(150)));
        assert_eq!(Cents::parse("2"), Some(Cents(200)));
        assert_eq!(Cents::parse("0.2"), Some(Cents(20)));
        for text in ["", ".", "1.", ".5", "-1", "+1", "1.005", "1e2", "99999999999999999999"] {
            assert_eq!(Cents::parse(text), None, "{text:?}");
        }
        assert_eq!(Cents(60).to_string(), "0.60");
    }
}
