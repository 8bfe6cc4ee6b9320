//! Principals: authenticated parties, and callers with their permissions.

use std::fmt;

use super::actor::{Actor, AgentName, ServiceName};
use super::customer_limits::CustomerLimits;
use super::permission::{Permission, Permissions};
use super::request_id::RequestId;
use super::{CustomerId, Error, Timestamp};

/// Authenticated party: subject of a token, of a rate limit and of an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Principal {
    /// Customer with a token of this store or of the platform.
    Customer(CustomerId),
    /// Registered agent with a token.
    Agent(AgentName),
    /// Another program of the platform with a token.
    Service(ServiceName),
    /// User with access to the store's file, under a name of their choice; an agent in the audit log.
    Operator(AgentName),
    /// This program: its background tasks.
    System,
}

impl Principal {
    /// Returns the kind: `customer`, `agent`, `service`, `operator` or `system`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Customer(_) => "customer",
            Self::Agent(_) => "agent",
            Self::Service(_) => "service",
            Self::Operator(_) => "operator",
            Self::System => "system",
        }
    }

    /// Returns the permissions that this kind of principal may hold.
    pub const fn allowed(&self) -> Permissions {
        match self {
            Self::Customer(_) => Permissions::CUSTOMER,
            Self::Operator(_) => Permissions::ALL,
            Self::System => Permissions::SYSTEM,
            // No endpoint accepts these yet.
            Self::Agent(_) | Self::Service(_) => Permissions::NONE,
        }
    }

    /// Returns the customer.
    ///
    /// # Errors
    /// [`Error::WrongRole`] for any other kind.
    pub fn customer(&self) -> Result<CustomerId, Error> {
        match self {
            Self::Customer(id) => Ok(*id),
            Self::Agent(_) | Self::Service(_) | Self::Operator(_) | Self::System => Err(Error::WrongRole),
        }
    }

    /// Returns the actor for the audit log.
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
    /// Writes the form used in logs: `customer:11`, `agent:maria`, `service:catalog`, `operator:maria`, `system`.
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

/// Principal with its permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    principal: Principal,
    permissions: Permissions,
    /// True if operations of the caller earn awards for the ticket's owner.
    pub earns_awards: bool,
    /// Limits on the customer of the operation.
    pub limits: CustomerLimits,
    /// Id of the request, if any.
    pub request: Option<RequestId>,
}

impl Caller {
    /// Builds a caller with those permissions that its kind may hold.
    pub fn new(principal: Principal, permissions: Permissions) -> Self {
        let earns_awards = matches!(principal, Principal::Customer(_));
        Self {
            permissions: permissions.intersection(principal.allowed()),
            principal,
            earns_awards,
            limits: CustomerLimits::default(),
            request: None,
        }
    }

    /// Builds the caller of a customer's token.
    pub fn customer(id: CustomerId, permissions: Permissions) -> Self {
        Self::new(Principal::Customer(id), permissions)
    }

    /// Builds an operator with all permissions.
    pub fn operator(name: AgentName, earns_awards: bool) -> Self {
        Self { earns_awards, ..Self::new(Principal::Operator(name), Permissions::ALL) }
    }

    /// Builds the caller of the program's own tasks.
    pub fn system() -> Self {
        Self::new(Principal::System, Permissions::SYSTEM)
    }

    /// Removes a permission.
    #[must_use]
    pub fn without(self, permission: Permission) -> Self {
        let permissions = self.permissions.iter().filter(|held| *held != permission).collect();
        Self { permissions, ..self }
    }

    /// Sets the limits.
    #[must_use]
    pub fn with_limits(self, limits: CustomerLimits) -> Self {
        Self { limits, ..self }
    }

    /// Sets the id of the request.
    #[must_use]
    pub fn with_request(self, request: RequestId) -> Self {
        Self { request: Some(request), ..self }
    }

    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    pub const fn permissions(&self) -> Permissions {
        self.permissions
    }

    /// Returns the actor for the audit log.
    pub fn actor(&self) -> Actor {
        self.principal.actor()
    }

    /// Rejects a caller without the permission.
    ///
    /// # Errors
    /// [`Error::MissingPermission`].
    pub fn require(&self, permission: Permission) -> Result<(), Error> {
        if self.permissions.contains(permission) { Ok(()) } else { Err(Error::MissingPermission(permission)) }
    }
}

/// Holder of a valid token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Caller with the token's permissions.
    pub caller: Caller,
    /// Expiry of the token.
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
    fn a_removed_permission_is_rejected() {
        for removed in Permission::ALL {
            let caller = Caller::new(operator(), Permissions::ALL).without(*removed);
            for permission in Permission::ALL {
                assert_eq!(
                    caller.require(*permission).is_ok(),
                    permission != removed,
                    "{permission} without {removed}"
                );
            }
        }
    }

    #[test]
    fn no_principal_exceeds_the_permissions_of_its_kind() {
        for (principal, allowed) in [
            (customer(), Permissions::CUSTOMER),
            (Principal::Agent(AgentName::new("maria").unwrap()), Permissions::NONE),
            (Principal::Service(ServiceName::new("catalog").unwrap()), Permissions::NONE),
            (operator(), Permissions::ALL),
            (Principal::System, Permissions::SYSTEM),
        ] {
            let caller = Caller::new(principal.clone(), Permissions::ALL);
            for permission in Permission::ALL {
                assert_eq!(
                    caller.require(*permission).is_ok(),
                    allowed.contains(*permission),
                    "{principal}, {permission}"
                );
            }
        }
    }

    #[test]
    fn other_principals_are_not_customers() {
        assert_eq!(customer().customer().unwrap(), CustomerId::FIRST);
        for other in [operator(), Principal::System] {
            assert!(matches!(other.customer(), Err(Error::WrongRole)), "{other}");
        }
    }
}
