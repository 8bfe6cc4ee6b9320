//! People and programs on either side of the desk, by their names: customers, agents, services.

use std::fmt;

use super::CustomerId;
use super::EmailAddress;

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

/// A role's name: 1 to 32 of `[a-z0-9_-]`. A token opens something in the role of its principal's own kind alone.
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
}

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
        Role::new(name).map(|Role(name)| Self(name))
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
