//! Principals: the parties that may ask the desk for something, and the caller that each becomes.

use std::fmt;

use super::actor::{Actor, AgentName, ServiceName};
use super::permission::{Permission, Permissions};
use super::request_id::RequestId;
use super::{CustomerId, Error, Timestamp};

/// Party that a token names, that a rate limit counts and that an idempotency key belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Principal {
    /// A customer, by a token of this store or of the platform.
    Customer(CustomerId),
    /// A registered agent, by a token.
    Agent(AgentName),
    /// Another program of the platform, by a token.
    Service(ServiceName),
    /// Someone with access to the store's file, under the name they give; the audit log has them as an agent.
    Operator(AgentName),
    /// This program itself: its workers and clocks.
    System,
}

impl Principal {
    /// The word for its kind: `customer`, `agent`, `service`, `operator` or `system`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Customer(_) => "customer",
            Self::Agent(_) => "agent",
            Self::Service(_) => "service",
            Self::Operator(_) => "operator",
            Self::System => "system",
        }
    }

    /// The most that it may ever do.
    pub const fn allowed(&self) -> Permissions {
        match self {
            Self::Customer(_) => Permissions::CUSTOMER,
            Self::Operator(_) => Permissions::ALL,
            Self::System => Permissions::SYSTEM,
            // No door lets these in yet.
            Self::Agent(_) | Self::Service(_) => Permissions::NONE,
        }
    }

    /// The customer, where it is one.
    ///
    /// # Errors
    /// [`Error::WrongRole`] for any other.
    pub fn customer(&self) -> Result<CustomerId, Error> {
        match self {
            Self::Customer(id) => Ok(*id),
            Self::Agent(_) | Self::Service(_) | Self::Operator(_) | Self::System => Err(Error::WrongRole),
        }
    }

    /// The same as the audit log keeps it.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Customer(id) => Actor::Customer(*id),
            Self::Agent(name) | Self::Operator(name) => Actor::Agent(name.clone()),
            Self::Service(name) => Actor::Service(name.clone()),
            Self::System => Actor::System,
        }
    }
}

impl fmt::Display for Principal {
    /// As the log names it: `customer:11`, `agent:maria`, `service:catalog`, `operator:maria`, `system`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer(id) => write!(f, "customer:{id}"),
            Self::Agent(name) => write!(f, "agent:{}", name.as_str()),
            Self::Service(name) => write!(f, "service:{}", name.as_str()),
            Self::Operator(name) => write!(f, "operator:{}", name.as_str()),
            Self::System => f.write_str("system"),
        }
    }
}

/// A principal with what it may do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    principal: Principal,
    permissions: Permissions,
    /// Whether what they do earns the ticket's owner an award.
    pub rewarding: bool,
    /// The request they came with, where there is one.
    pub request: Option<RequestId>,
}

impl Caller {
    /// A principal with these permissions, as far as its kind may hold them.
    pub fn new(principal: Principal, permissions: Permissions) -> Self {
        let rewarding = matches!(principal, Principal::Customer(_));
        Self { permissions: permissions.among(principal.allowed()), principal, rewarding, request: None }
    }

    /// A customer with a good token.
    pub fn customer(id: CustomerId, permissions: Permissions) -> Self {
        Self::new(Principal::Customer(id), permissions)
    }

    /// An operator: may do everything, and earns the customer an award only where they say so.
    pub fn operator(name: AgentName, rewarding: bool) -> Self {
        Self { rewarding, ..Self::new(Principal::Operator(name), Permissions::ALL) }
    }

    /// The program itself.
    pub fn system() -> Self {
        Self::new(Principal::System, Permissions::SYSTEM)
    }

    /// The same caller without this permission.
    #[must_use]
    pub fn without(self, permission: Permission) -> Self {
        let permissions = self.permissions.iter().filter(|held| *held != permission).collect();
        Self { permissions, ..self }
    }

    /// The same caller, known by the request they came with.
    #[must_use]
    pub fn asking(self, request: RequestId) -> Self {
        Self { request: Some(request), ..self }
    }

    /// Who they are.
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    /// What they may do.
    pub const fn permissions(&self) -> Permissions {
        self.permissions
    }

    /// The same as the audit log keeps it.
    pub fn actor(&self) -> Actor {
        self.principal.actor()
    }

    /// Refuses a caller who does not hold the permission.
    ///
    /// # Errors
    /// [`Error::MissingPermission`].
    pub fn require(&self, permission: Permission) -> Result<(), Error> {
        if self.permissions.hold(permission) { Ok(()) } else { Err(Error::MissingPermission(permission)) }
    }
}

/// Caller that a good token names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The caller, with the token's permissions.
    pub caller: Caller,
    /// Instant from which the token is no longer good.
    pub until: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer() -> Principal {
        Principal::Customer(CustomerId::FIRST)
    }

    fn operator() -> Principal {
        Principal::Operator(AgentName::new("maria").unwrap())
    }

    #[test]
    fn a_permission_taken_away_is_refused() {
        for taken in Permission::ALL {
            let caller = Caller::new(operator(), Permissions::ALL).without(*taken);
            for permission in Permission::ALL {
                assert_eq!(caller.require(*permission).is_ok(), permission != taken, "{permission} without {taken}");
            }
        }
    }

    #[test]
    fn no_principal_holds_more_than_its_kind_may() {
        for (principal, most) in [
            (customer(), Permissions::CUSTOMER),
            (Principal::Agent(AgentName::new("maria").unwrap()), Permissions::NONE),
            (Principal::Service(ServiceName::new("catalog").unwrap()), Permissions::NONE),
            (operator(), Permissions::ALL),
            (Principal::System, Permissions::SYSTEM),
        ] {
            let caller = Caller::new(principal.clone(), Permissions::ALL);
            for permission in Permission::ALL {
                assert_eq!(caller.require(*permission).is_ok(), most.hold(*permission), "{principal}, {permission}");
            }
        }
    }

    #[test]
    fn only_a_customer_is_a_customer() {
        assert_eq!(customer().customer().unwrap(), CustomerId::FIRST);
        for other in [operator(), Principal::System] {
            assert!(matches!(other.customer(), Err(Error::WrongRole)), "{other}");
        }
    }
}
