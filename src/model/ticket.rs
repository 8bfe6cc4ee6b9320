//! Tickets: visibility, ownership and transitions.

use std::collections::HashSet;

use super::actor::Actor;
use super::blank::is_blank;
use super::principal::Caller;
use super::reference::{Booking, Order, Reference, Ride};
use super::{CustomerId, Error, EscalationRefusal, IssueType, Level, ServiceType, Status, TicketId, Timestamp};

/// Maximum length of a description, in Unicode characters after trimming.
pub const MAX_DESCRIPTION: usize = 5_000;
/// Maximum number of group members, owner excluded.
pub const MAX_GROUP_MEMBERS: usize = 50;
/// Maximum length of an agent's reason, in Unicode characters.
pub const MAX_REASON: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub id: TicketId,
    /// Number of changes plus one; an update names the version that it read.
    pub version: i64,
    /// Customer who opened it, or for whom it was opened.
    pub owner: CustomerId,
    pub service: ServiceType,
    pub issue: IssueType,
    pub description: Description,
    /// References to a ride, order and booking.
    pub reference: Reference,
    /// Group members, in the order of the request.
    pub members: Vec<CustomerId>,
    pub status: Status,
    pub level: Level,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

/// Ticket with the objects that it refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketDetails {
    pub ticket: Ticket,
    pub ride: Option<Ride>,
    pub order: Option<Order>,
    pub booking: Option<Booking>,
}

/// Ticket before it is stored; it has passed every check that needs no store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTicket {
    pub owner: CustomerId,
    pub service: ServiceType,
    pub issue: IssueType,
    pub description: Description,
    /// References, at least those that the service type requires.
    pub reference: Reference,
    /// Group members: at most 50, without repeats and without the owner.
    pub members: Vec<CustomerId>,
}

/// Description of a problem: trimmed, 1 to 5,000 characters, no control characters except tab and line breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    /// Trims and validates a description.
    ///
    /// # Errors
    /// The key of the message.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if is_blank(text) {
            return Err("validation.description_blank");
        }
        if !has_only_allowed_controls(text) {
            return Err("validation.description_control");
        }
        // A text has at most as many characters as bytes.
        if text.len() > MAX_DESCRIPTION && text.chars().count() > MAX_DESCRIPTION {
            return Err("validation.description_long");
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reason that an agent enters: trimmed, 1 to 500 characters, no control characters except tab and line breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// Trims and validates a reason.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!is_blank(text) && text.chars().count() <= MAX_REASON && has_only_allowed_controls(text))
            .then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns true if a text has no control characters except tab, line feed and carriage return.
fn has_only_allowed_controls(text: &str) -> bool {
    // In UTF-8, C1 controls (U+0080 to U+009F) begin with byte 0xC2, so most texts need no decoding. The loop has no
    // early exit, so that the compiler can vectorize it.
    let odd = |byte: u8| byte < b' ' || byte == 0x7f || byte == 0xc2;
    let control = |sign: char| sign.is_control() && !matches!(sign, '\t' | '\n' | '\r');
    !text.bytes().fold(false, |any, byte| any | odd(byte)) || !text.chars().any(control)
}

impl Ticket {
    /// Returns true if the customer is the owner or a group member.
    pub fn concerns(&self, customer: CustomerId) -> bool {
        self.owner == customer || self.members.contains(&customer)
    }

    /// Rejects a customer who is neither owner nor group member.
    ///
    /// # Errors
    /// [`Error::TicketNotFound`].
    pub fn require_visible_to(&self, caller: &Caller) -> Result<(), Error> {
        match caller.actor() {
            Actor::Customer(customer) if !self.concerns(customer) => Err(Error::TicketNotFound(self.id)),
            Actor::Customer(_) | Actor::Agent(_) | Actor::Service(_) | Actor::System | Actor::Fixtures => Ok(()),
        }
    }

    /// Rejects a customer who is not the owner; group members may only read.
    ///
    /// # Errors
    /// [`Error::TicketNotFound`] for an unrelated customer, [`Error::NotOwner`] for a group member.
    pub fn require_changeable_by(&self, caller: &Caller) -> Result<(), Error> {
        self.require_visible_to(caller)?;
        match caller.actor() {
            Actor::Customer(customer) if customer != self.owner => Err(Error::NotOwner(self.id)),
            Actor::Customer(_) | Actor::Agent(_) | Actor::Service(_) | Actor::System | Actor::Fixtures => Ok(()),
        }
    }

    /// Escalates the ticket by one level. A customer may escalate an open ticket once, an agent up to the highest
    /// level.
    ///
    /// # Errors
    /// [`Error::NotEscalatable`].
    pub fn escalate(&self, by: &Actor, now: Timestamp) -> Result<Self, Error> {
        let refuse = |why| Err(Error::NotEscalatable { id: self.id, why });
        match (self.status, by) {
            (Status::Closed, _) => refuse(EscalationRefusal::Closed),
            (Status::Escalated, Actor::Customer(_)) => refuse(EscalationRefusal::AlreadyEscalated),
            (Status::Open, _)
            | (Status::Escalated, Actor::Agent(_) | Actor::Service(_) | Actor::System | Actor::Fixtures) => {
                match self.level.next() {
                    Some(level) => Ok(Self { level, ..self.next_version(Status::Escalated, now) }),
                    None => refuse(EscalationRefusal::TopLevel),
                }
            }
        }
    }

    /// Closes the ticket.
    ///
    /// # Errors
    /// [`Error::AlreadyClosed`].
    pub fn close(&self, now: Timestamp) -> Result<Self, Error> {
        match self.status {
            Status::Open | Status::Escalated => Ok(self.next_version(Status::Closed, now)),
            Status::Closed => Err(Error::AlreadyClosed(self.id)),
        }
    }

    /// Returns the next version. Its time is never earlier than that of the previous version, even if the clock was set
    /// back.
    fn next_version(&self, status: Status, now: Timestamp) -> Self {
        Self { status, version: self.version + 1, updated_at: now.max(self.updated_at), ..self.clone() }
    }
}

impl NewTicket {
    /// Builds the ticket with its id.
    pub fn into_ticket(self, id: TicketId, now: Timestamp) -> Ticket {
        Ticket {
            id,
            version: 1,
            owner: self.owner,
            service: self.service,
            issue: self.issue,
            description: self.description,
            reference: self.reference,
            members: self.members,
            status: Status::Open,
            level: Level::FIRST,
            created_at: now,
            updated_at: now,
        }
    }
}

/// Removes repeats and the owner from a list of group members; none if more than 50 remain.
pub fn group_members(
    owner: Option<CustomerId>,
    named: impl IntoIterator<Item = CustomerId>,
) -> Option<Vec<CustomerId>> {
    let mut seen: HashSet<_> = owner.into_iter().collect();
    let members: Vec<_> = named.into_iter().filter(|member| seen.insert(*member)).collect();
    (members.len() <= MAX_GROUP_MEMBERS).then_some(members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::actor::AgentName;
    use crate::model::permission::Permissions;

    const NOW: i64 = 1_750_000_000;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn customer(id: i64) -> CustomerId {
        CustomerId::new(id).unwrap()
    }

    fn ticket(status: Status, level: i64) -> Ticket {
        let new = NewTicket {
            owner: customer(1),
            service: ServiceType::Ride,
            issue: IssueType::Other,
            description: Description::new("late").unwrap(),
            reference: Reference::default(),
            members: vec![customer(2)],
        };
        Ticket { status, level: Level::new(level).unwrap(), ..new.into_ticket(TicketId::new(7).unwrap(), at(NOW)) }
    }

    fn agent() -> Actor {
        Actor::Agent(AgentName::new("maria").unwrap())
    }

    #[test]
    fn a_customer_can_escalate_only_an_open_ticket() {
        let by = Actor::Customer(customer(1));
        let raised = ticket(Status::Open, 1).escalate(&by, at(NOW + 5)).unwrap();
        assert_eq!((raised.status, raised.level.get(), raised.version), (Status::Escalated, 2, 2));
        assert_eq!(raised.updated_at, at(NOW + 5));
        assert!(ticket(Status::Escalated, 2).escalate(&by, at(NOW)).is_err());
        assert!(ticket(Status::Closed, 1).escalate(&by, at(NOW)).is_err());
    }

    #[test]
    fn an_agent_can_escalate_up_to_the_highest_level() {
        assert_eq!(ticket(Status::Open, 1).escalate(&agent(), at(NOW)).unwrap().level, Level::SECOND);
        assert_eq!(ticket(Status::Escalated, 2).escalate(&agent(), at(NOW)).unwrap().level, Level::TOP);
        assert!(ticket(Status::Escalated, 3).escalate(&agent(), at(NOW)).is_err());
        assert!(ticket(Status::Closed, 1).escalate(&agent(), at(NOW)).is_err());
    }

    #[test]
    fn a_closed_ticket_cannot_be_closed_again() {
        let closed = ticket(Status::Escalated, 2).close(at(NOW)).unwrap();
        assert_eq!((closed.status, closed.level), (Status::Closed, Level::SECOND));
        assert!(matches!(closed.close(at(NOW)), Err(Error::AlreadyClosed(_))));
    }

    #[test]
    fn the_update_time_never_decreases() {
        assert_eq!(ticket(Status::Open, 1).close(at(NOW - 100)).unwrap().updated_at, at(NOW));
    }

    #[test]
    fn group_members_may_read_and_owners_may_change() {
        let ticket = ticket(Status::Open, 1);
        let caller = |id| Caller::customer(customer(id), Permissions::CUSTOMER);
        assert!(ticket.require_changeable_by(&caller(1)).is_ok());
        assert!(ticket.require_visible_to(&caller(2)).is_ok());
        assert!(matches!(ticket.require_changeable_by(&caller(2)), Err(Error::NotOwner(_))));
        assert!(matches!(ticket.require_changeable_by(&caller(3)), Err(Error::TicketNotFound(_))));
    }

    #[test]
    fn a_description_is_validated() {
        assert_eq!(Description::new("  charged\ttwice\r\n ").unwrap().as_str(), "charged\ttwice");
        assert!(Description::new(&"é".repeat(MAX_DESCRIPTION)).is_ok());
        assert_eq!(Description::new(&"é".repeat(MAX_DESCRIPTION + 1)), Err("validation.description_long"));
        assert_eq!(Description::new(" \n\u{3000}"), Err("validation.description_blank"));
        for control in ['\0', '\u{1b}', '\u{7f}', '\u{9b}'] {
            assert_eq!(Description::new(&format!("a{control}b")), Err("validation.description_control"), "{control:?}");
        }
    }

    #[test]
    fn group_members_exclude_repeats_and_the_owner() {
        let named = [3, 1, 2, 3].map(customer);
        assert_eq!(group_members(Some(customer(1)), named), Some(vec![customer(3), customer(2)]));
        assert!(group_members(Some(customer(1)), (2..=51).map(customer)).is_some());
        assert!(group_members(Some(customer(1)), (2..=52).map(customer)).is_none());
    }
}
