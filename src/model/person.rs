//! Who is on either side of the desk: customers, agents, and what a caller may do.

use std::fmt;

use super::kind::closed_list;
use super::mail::EmailAddress;
use super::{CustomerId, Error, Timestamp};

/// A customer of the platform, as this store knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Their id.
    pub id: CustomerId,
    /// Their name.
    pub name: String,
    /// The language they read, as BCP 47 writes it: `fr`, `pt-BR`.
    pub locale: String,
    /// Whether their rewards account takes points.
    pub rewards_active: bool,
    /// Where their mail goes, where they have an address.
    pub email: Option<EmailAddress>,
}

closed_list!(
    /// What a token may allow.
    Permission {
        /// Open a ticket.
        Create = "create_support_ticket",
        /// Read tickets.
        Track = "track_support_ticket",
        /// Raise a ticket.
        Escalate = "escalate_support_ticket",
        /// Close a ticket.
        Close = "close_support_ticket",
    }
);

/// A set of permissions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Permissions(u8);

impl Permissions {
    /// All four.
    pub const ALL: Self = Self(0b1111);

    /// Whether it holds this one.
    pub const fn hold(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u8) != 0
    }

    /// Those it holds, in the order of the contract.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.hold(*permission))
    }

    /// As the store keeps it: a number from 0 to 15, a bit for each in the order of the contract.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set that the store keeps as this number; bits beyond the fourth mean nothing.
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |bits, permission| bits | 1 << permission as u8))
    }
}

/// A role's name: 1 to 32 of `[a-z0-9_-]`. Only `customer` opens the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role(String);

impl Role {
    /// The role of this name, where it may be one.
    pub fn new(name: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
        ((1..=32).contains(&name.len()) && name.bytes().all(plain)).then(|| Self(name.to_owned()))
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the role that the endpoints ask for.
    pub fn is_customer(&self) -> bool {
        self.0 == "customer"
    }
}

/// The name of whoever works at the command line: 1 to 100 characters, none of them a control character. What the audit
/// log calls others by (`customer:9`, `fixtures`) is nobody's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentName(String);

impl AgentName {
    /// The name, trimmed, where it may be one.
    pub fn new(name: &str) -> Option<Self> {
        let name = name.trim();
        let length = name.chars().count();
        let anothers = name.starts_with("customer:") || name == "fixtures";
        ((1..=100).contains(&length) && !anothers && !name.chars().any(char::is_control)).then(|| Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who did something, as the trail keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A customer, through the API.
    Customer(CustomerId),
    /// An agent, at the command line.
    Agent(AgentName),
    /// A fixture file.
    Fixtures,
}

impl Actor {
    /// The word for its kind: `customer`, `agent` or `fixtures`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Customer(_) => "customer",
            Self::Agent(_) => "agent",
            Self::Fixtures => "fixtures",
        }
    }
}

impl Actor {
    /// The actor as programs read it, no two of them alike: `customer:11`, `agent:maria`, `fixtures`.
    pub fn tag(&self) -> String {
        match self {
            Self::Customer(id) => format!("customer:{id}"),
            Self::Agent(name) => format!("agent:{}", name.as_str()),
            Self::Fixtures => "fixtures".to_owned(),
        }
    }

    /// The actor of this tag; a bare name is an agent's.
    pub fn of_tag(text: &str) -> Option<Self> {
        match text.split_once(':') {
            Some(("customer", id)) => id.parse().ok().map(Self::Customer),
            Some(("agent", name)) => AgentName::new(name).map(Self::Agent),
            _ if text == "fixtures" => Some(Self::Fixtures),
            _ => AgentName::new(text).map(Self::Agent),
        }
    }
}

impl fmt::Display for Actor {
    /// An agent by name, a customer as `customer:11`, fixtures as `fixtures`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer(id) => write!(f, "customer:{id}"),
            Self::Agent(name) => f.write_str(name.as_str()),
            Self::Fixtures => f.write_str("fixtures"),
        }
    }
}

/// A request's name across logs and audit: 1 to 128 of `[A-Za-z0-9._-]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// The id of this text, where it may be one.
    pub fn new(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        ((1..=128).contains(&text.len()) && text.bytes().all(plain)).then(|| Self(text.to_owned()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whoever asks the desk for something, with what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Who.
    pub actor: Actor,
    /// What they may do.
    pub permissions: Permissions,
    /// Whether what they do earns the ticket's owner an award.
    pub rewarding: bool,
    /// The request they came with, where there is one.
    pub request: Option<RequestId>,
}

impl Caller {
    /// A customer with a good token.
    pub const fn customer(id: CustomerId, permissions: Permissions) -> Self {
        Self { actor: Actor::Customer(id), permissions, rewarding: true, request: None }
    }

    /// An agent: may do everything the desk offers; it earns the customer an award only where the agent says so.
    pub const fn agent(name: AgentName, rewarding: bool) -> Self {
        Self { actor: Actor::Agent(name), permissions: Permissions::ALL, rewarding, request: None }
    }

    /// The same caller, known by the request they came with.
    #[must_use]
    pub fn asking(self, request: RequestId) -> Self {
        Self { request: Some(request), ..self }
    }

    /// Refuses a caller whose token does not hold the permission.
    ///
    /// # Errors
    /// [`Error::MissingPermission`].
    pub fn may(&self, permission: Permission) -> Result<(), Error> {
        if self.permissions.hold(permission) { Ok(()) } else { Err(Error::MissingPermission(permission)) }
    }
}

/// Whoever a good token names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The customer.
    pub customer: CustomerId,
    /// The same as a caller, with the token's permissions.
    pub caller: Caller,
    /// The token is good until then; not at that instant itself.
    pub until: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_taken_away_is_refused() {
        let id = CustomerId::new(1).unwrap();
        for taken in Permission::ALL {
            let rest = Permission::ALL.iter().copied().filter(|permission| permission != taken).collect();
            let caller = Caller::customer(id, rest);
            for permission in Permission::ALL {
                assert_eq!(caller.may(*permission).is_ok(), permission != taken, "{permission} without {taken}");
            }
        }
    }

    #[test]
    fn permissions_survive_the_store() {
        let some: Permissions = [Permission::Track, Permission::Close].into_iter().collect();
        assert_eq!(Permissions::from_bits(some.bits()), some);
        assert_eq!(some.iter().collect::<Vec<_>>(), [Permission::Track, Permission::Close]);
    }
}
