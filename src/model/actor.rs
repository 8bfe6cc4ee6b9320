//! Actors: the customers, agents and programs that an audit entry can name.

use std::fmt;

use super::CustomerId;
use super::role::Role;

/// Name of an agent at the command line: 1 to 100 characters without control characters. Tags of other actors in the
/// audit log (`customer:9`, `service:catalog`, `fixtures`, `system`) are not valid names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AgentName(String);

impl AgentName {
    /// Parses a name after trimming it.
    pub fn new(name: &str) -> Option<Self> {
        let name = name.trim();
        let length = name.chars().count();
        let anothers =
            matches!(name, "fixtures" | "system") || ["customer:", "service:"].iter().any(|tag| name.starts_with(tag));
        ((1..=100).contains(&length) && !anothers && !name.chars().any(char::is_control)).then(|| Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Name of another program of the platform: 1 to 32 of `[a-z0-9_-]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ServiceName(String);

impl ServiceName {
    /// Parses a name.
    pub fn new(name: &str) -> Option<Self> {
        Role::new(name).map(|role| Self(role.as_str().to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Participants that performed an action, as stored in the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Customer, through the API.
    Customer(CustomerId),
    /// Agent, at the command line.
    Agent(AgentName),
    /// Another program of the platform.
    Service(ServiceName),
    /// This program.
    System,
    /// Fixture file.
    Fixtures,
}

impl Actor {
    /// Returns the kind: `customer`, `agent`, `service`, `system` or `fixtures`.
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
    /// Returns the machine-readable, unique form: `customer:11`, `agent:maria`, `service:catalog`, `system`,
    /// `fixtures`.
    pub fn tag(&self) -> String {
        match self {
            Self::Customer(id) => format!("customer:{id}"),
            Self::Agent(name) => format!("agent:{}", name.as_str()),
            Self::Service(name) => format!("service:{}", name.as_str()),
            Self::System => "system".to_owned(),
            Self::Fixtures => "fixtures".to_owned(),
        }
    }

    /// Parses a tag; a bare name is an agent.
    pub fn from_tag(text: &str) -> Option<Self> {
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
    /// Writes an agent's name, or the tag of any other actor.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agent(name) => f.write_str(name.as_str()),
            Self::Customer(_) | Self::Service(_) | Self::System | Self::Fixtures => f.write_str(&self.tag()),
        }
    }
}
