//! Actors: the customers, agents and programs that an audit entry can name.

use std::fmt;

use super::CustomerId;
use super::role::Role;

/// The name of whoever works at the command line: 1 to 100 characters, none of them a control character. What the audit
/// log calls others by (`customer:9`, `service:catalog`, `fixtures`, `system`) is nobody's name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AgentName(String);

impl AgentName {
    /// The name, trimmed, where it may be one.
    pub fn new(name: &str) -> Option<Self> {
        let name = name.trim();
        let length = name.chars().count();
        let anothers =
            matches!(name, "fixtures" | "system") || ["customer:", "service:"].iter().any(|tag| name.starts_with(tag));
        ((1..=100).contains(&length) && !anothers && !name.chars().any(char::is_control)).then(|| Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Name of another program of the platform: 1 to 32 of `[a-z0-9_-]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ServiceName(String);

impl ServiceName {
    /// The name, where it may be one.
    pub fn new(name: &str) -> Option<Self> {
        Role::new(name).map(|role| Self(role.as_str().to_owned()))
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
    /// Another program of the platform.
    Service(ServiceName),
    /// This program itself.
    System,
    /// A fixture file.
    Fixtures,
}

impl Actor {
    /// The word for its kind: `customer`, `agent`, `service`, `system` or `fixtures`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Customer(_) => "customer",
            Self::Agent(_) => "agent",
            Self::Service(_) => "service",
            Self::System => "system",
            Self::Fixtures => "fixtures",
        }
    }
}

impl Actor {
    /// The actor as programs read it, no two of them alike: `customer:11`, `agent:maria`, `service:catalog`,
    /// `system`, `fixtures`.
    pub fn tag(&self) -> String {
        match self {
            Self::Customer(id) => format!("customer:{id}"),
            Self::Agent(name) => format!("agent:{}", name.as_str()),
            Self::Service(name) => format!("service:{}", name.as_str()),
            Self::System => "system".to_owned(),
            Self::Fixtures => "fixtures".to_owned(),
        }
    }

    /// The actor of this tag; a bare name is an agent's.
    pub fn of_tag(text: &str) -> Option<Self> {
        match text.split_once(':') {
            Some(("customer", id)) => id.parse().ok().map(Self::Customer),
            Some(("agent", name)) => AgentName::new(name).map(Self::Agent),
            Some(("service", name)) => ServiceName::new(name).map(Self::Service),
            _ if text == "fixtures" => Some(Self::Fixtures),
            _ if text == "system" => Some(Self::System),
            _ => AgentName::new(text).map(Self::Agent),
        }
    }
}

impl fmt::Display for Actor {
    /// An agent by name, any other as [`Self::tag`] writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agent(name) => f.write_str(name.as_str()),
            Self::Customer(_) | Self::Service(_) | Self::System | Self::Fixtures => f.write_str(&self.tag()),
        }
    }
}
