//! A ticket, who may see and move it, and where it may go from where it stands.

use std::collections::HashSet;

use super::actor::Actor;
use super::blank::is_blank;
use super::principal::Caller;
use super::reference::{Booking, Order, Reference, Ride};
use super::{CustomerId, Error, EscalationRefusal, IssueType, Level, ServiceType, Status, TicketId, Timestamp};

/// The longest description, in Unicode characters, after trimming.
pub const MAX_DESCRIPTION: usize = 5_000;
/// The most group members, after repeats and the owner are dropped.
pub const MAX_GROUP_MEMBERS: usize = 50;
/// The longest reason that an agent can give, in Unicode characters.
pub const MAX_REASON: usize = 500;

/// A support ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// Counts its changes, from 1; an update names the version that it read.
    pub version: i64,
    /// Who opened it, or for whom it was opened.
    pub owner: CustomerId,
    /// What part of the platform it is about.
    pub service: ServiceType,
    /// What went wrong.
    pub issue: IssueType,
    /// The customer's words.
    pub description: Description,
    /// The ride, order and booking.
    pub reference: Reference,
    /// The other customers it concerns, in the order they were named.
    pub members: Vec<CustomerId>,
    /// Where it stands.
    pub status: Status,
    /// How far up.
    pub level: Level,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
}

/// A ticket together with what it refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketDetails {
    /// The ticket.
    pub ticket: Ticket,
    /// Its ride.
    pub ride: Option<Ride>,
    /// Its order.
    pub order: Option<Order>,
    /// Its booking.
    pub booking: Option<Booking>,
}

/// A ticket about to be opened: every check that needs no store has passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTicket {
    /// For whom.
    pub owner: CustomerId,
    /// What part of the platform.
    pub service: ServiceType,
    /// What went wrong.
    pub issue: IssueType,
    /// The customer's words.
    pub description: Description,
    /// At least what the service type needs.
    pub reference: Reference,
    /// At most 50, without repeats and without the owner.
    pub members: Vec<CustomerId>,
}

/// A customer's words: trimmed, 1 to 5,000 characters, no control character but tab and line breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    /// The words, trimmed.
    ///
    /// # Errors
    /// The key of the sentence that says what is wrong with them.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if is_blank(text) {
            return Err("validation.description_blank");
        }
        if !is_plain(text) {
            return Err("validation.description_control");
        }
        // No text has more characters than bytes.
        if text.len() > MAX_DESCRIPTION && text.chars().count() > MAX_DESCRIPTION {
            return Err("validation.description_long");
        }
        Ok(Self(text.to_owned()))
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why an agent did something: trimmed, 1 to 500 characters, no control character but tab and line breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// The reason, where it may be one.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!is_blank(text) && text.chars().count() <= MAX_REASON && is_plain(text)).then(|| Self(text.to_owned()))
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// No control character but tab, line feed and carriage return.
fn is_plain(text: &str) -> bool {
    // Nearly no text has a byte that could begin one: those beyond ASCII are U+0080 to U+009F. All bytes are looked at,
    // without a way out in between, so that the machine takes many at once.
    let odd = |byte: u8| byte < b' ' || byte == 0x7f || byte == 0xc2;
    let control = |sign: char| sign.is_control() && !matches!(sign, '\t' | '\n' | '\r');
    !text.bytes().fold(false, |any, byte| any | odd(byte)) || !text.chars().any(control)
}

impl Ticket {
    /// Whether this customer opened it or is one of its group.
    pub fn concerns(&self, customer: CustomerId) -> bool {
        self.owner == customer || self.members.contains(&customer)
    }

    /// Refuses a caller who has no part in it as if there were no such ticket.
    ///
    /// # Errors
    /// [`Error::TicketNotFound`].
    pub fn require_visible_to(&self, caller: &Caller) -> Result<(), Error> {
        match caller.actor() {
            Actor::Customer(customer) if !self.concerns(customer) => Err(Error::TicketNotFound(self.id)),
            Actor::Customer(_) | Actor::Agent(_) | Actor::Service(_) | Actor::System | Actor::Fixtures => Ok(()),
        }
    }

    /// Lets the customer who opened it, and agents, move it; a group member may only read.
    ///
    /// # Errors
    /// [`Error::TicketNotFound`] for a stranger, [`Error::NotYours`] for a group member.
    pub fn require_owned_by(&self, caller: &Caller) -> Result<(), Error> {
        self.require_visible_to(caller)?;
        match caller.actor() {
            Actor::Customer(customer) if customer != self.owner => Err(Error::NotYours(self.id)),
            Actor::Customer(_) | Actor::Agent(_) | Actor::Service(_) | Actor::System | Actor::Fixtures => Ok(()),
        }
    }

    /// One level up. A customer escalates an open ticket once; an agent goes on up to the top.
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
                match self.level.up() {
                    Some(level) => Ok(Self { level, ..self.moved(Status::Escalated, now) }),
                    None => refuse(EscalationRefusal::TopLevel),
                }
            }
        }
    }

    /// Done for good.
    ///
    /// # Errors
    /// [`Error::AlreadyClosed`].
    pub fn close(&self, now: Timestamp) -> Result<Self, Error> {
        match self.status {
            Status::Open | Status::Escalated => Ok(self.moved(Status::Closed, now)),
            Status::Closed => Err(Error::AlreadyClosed(self.id)),
        }
    }

    /// The next version; time never runs backwards on a ticket, even where the machine's clock does.
    fn moved(&self, status: Status, now: Timestamp) -> Self {
        Self { status, version: self.version + 1, updated_at: now.max(self.updated_at), ..self.clone() }
    }
}

impl NewTicket {
    /// The ticket it becomes under this id.
    pub fn opened(self, id: TicketId, now: Timestamp) -> Ticket {
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

/// The members of a group without repeats and without the owner, in the order they were named; none where over 50 stay.
pub fn members(owner: Option<CustomerId>, named: impl IntoIterator<Item = CustomerId>) -> Option<Vec<CustomerId>> {
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
        Ticket { status, level: Level::new(level).unwrap(), ..new.opened(TicketId::new(7).unwrap(), at(NOW)) }
    }

    fn agent() -> Actor {
        Actor::Agent(AgentName::new("maria").unwrap())
    }

    #[test]
    fn a_customer_escalates_an_open_ticket_alone() {
        let by = Actor::Customer(customer(1));
        let raised = ticket(Status::Open, 1).escalate(&by, at(NOW + 5)).unwrap();
        assert_eq!((raised.status, raised.level.get(), raised.version), (Status::Escalated, 2, 2));
        assert_eq!(raised.updated_at, at(NOW + 5));
        assert!(ticket(Status::Escalated, 2).escalate(&by, at(NOW)).is_err());
        assert!(ticket(Status::Closed, 1).escalate(&by, at(NOW)).is_err());
    }

    #[test]
    fn an_agent_escalates_up_to_the_top() {
        assert_eq!(ticket(Status::Open, 1).escalate(&agent(), at(NOW)).unwrap().level, Level::SECOND);
        assert_eq!(ticket(Status::Escalated, 2).escalate(&agent(), at(NOW)).unwrap().level, Level::TOP);
        assert!(ticket(Status::Escalated, 3).escalate(&agent(), at(NOW)).is_err());
        assert!(ticket(Status::Closed, 1).escalate(&agent(), at(NOW)).is_err());
    }

    #[test]
    fn a_ticket_closes_once() {
        let closed = ticket(Status::Escalated, 2).close(at(NOW)).unwrap();
        assert_eq!((closed.status, closed.level), (Status::Closed, Level::SECOND));
        assert!(matches!(closed.close(at(NOW)), Err(Error::AlreadyClosed(_))));
    }

    #[test]
    fn a_ticket_never_moves_back_in_time() {
        assert_eq!(ticket(Status::Open, 1).close(at(NOW - 100)).unwrap().updated_at, at(NOW));
    }

    #[test]
    fn a_member_reads_and_the_owner_moves() {
        let ticket = ticket(Status::Open, 1);
        let caller = |id| Caller::customer(customer(id), Permissions::CUSTOMER);
        assert!(ticket.require_owned_by(&caller(1)).is_ok());
        assert!(ticket.require_visible_to(&caller(2)).is_ok());
        assert!(matches!(ticket.require_owned_by(&caller(2)), Err(Error::NotYours(_))));
        assert!(matches!(ticket.require_owned_by(&caller(3)), Err(Error::TicketNotFound(_))));
    }

    #[test]
    fn a_description_is_held_to_its_bounds() {
        assert_eq!(Description::new("  charged\ttwice\r\n ").unwrap().as_str(), "charged\ttwice");
        assert!(Description::new(&"é".repeat(MAX_DESCRIPTION)).is_ok());
        assert_eq!(Description::new(&"é".repeat(MAX_DESCRIPTION + 1)), Err("validation.description_long"));
        assert_eq!(Description::new(" \n\u{3000}"), Err("validation.description_blank"));
        for control in ['\0', '\u{1b}', '\u{7f}', '\u{9b}'] {
            assert_eq!(Description::new(&format!("a{control}b")), Err("validation.description_control"), "{control:?}");
        }
    }

    #[test]
    fn a_group_drops_repeats_and_the_owner() {
        let named = [3, 1, 2, 3].map(customer);
        assert_eq!(members(Some(customer(1)), named), Some(vec![customer(3), customer(2)]));
        assert!(members(Some(customer(1)), (2..=51).map(customer)).is_some());
        assert!(members(Some(customer(1)), (2..=52).map(customer)).is_none());
    }
}
