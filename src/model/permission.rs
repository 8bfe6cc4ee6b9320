//! Permissions that use cases require, and that each kind of principal may hold.

use super::closed_list::closed_list;

closed_list!(
    /// Permission that a use case requires. Those of customers come first, since stored tokens hold them as bits.
    Permission {
        /// Open a ticket.
        CreateTicket = "create_support_ticket",
        /// Read one's own tickets and notifications.
        TrackTicket = "track_support_ticket",
        EscalateTicket = "escalate_support_ticket",
        /// Close a ticket.
        CloseTicket = "close_support_ticket",
        /// List the tickets of every customer.
        ListTickets = "list_support_tickets",
        /// Read any ticket with its customers and history.
        InspectTicket = "inspect_support_ticket",
        /// Read a customer's balance and ledger.
        ReadPoints = "read_points",
        /// Grant a customer points.
        GrantPoints = "grant_points",
        /// Read customers' notifications and the state of their mails.
        ReadNotifications = "read_notifications",
        /// Requeue a mail.
        ResendMail = "resend_mail",
        /// Issue, list and revoke tokens.
        ManageTokens = "manage_tokens",
        /// Add, list, rotate, test and remove webhooks, and requeue deliveries.
        ManageWebhooks = "manage_webhooks",
        /// List, export and verify the audit log.
        ReadAuditLog = "read_audit_log",
        /// Read the health report of the store.
        ReadHealthReport = "examine_store",
        /// Load a fixture or generated data.
        LoadFixtures = "load_fixtures",
        /// Deliver webhooks and mails, and record attempts.
        DeliverMessages = "deliver_messages",
        /// Purge expired rows.
        PurgeOldRows = "purge_old_rows",
        /// Copy the whole store.
        BackUpStore = "back_up_store",
    }
);

impl Permission {
    /// Permissions that a customer may hold.
    pub const OF_CUSTOMERS: &[Self] = &[Self::CreateTicket, Self::TrackTicket, Self::EscalateTicket, Self::CloseTicket];
}

/// Set of permissions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Permissions(u32);

const _: () = assert!(Permission::ALL.len() <= u32::BITS as usize, "a set has a bit for each permission");

impl Permissions {
    /// All permissions, as an operator with access to the store's file has them.
    pub const ALL: Self = Self::from_slice(Permission::ALL);
    pub const NONE: Self = Self(0);
    /// All permissions of a customer.
    pub const CUSTOMER: Self = Self::from_slice(Permission::OF_CUSTOMERS);
    /// Permissions of the program's own tasks.
    pub const SYSTEM: Self =
        Self::from_slice(&[Permission::DeliverMessages, Permission::PurgeOldRows, Permission::BackUpStore]);

    const fn from_slice(permissions: &[Permission]) -> Self {
        let (mut bits, mut rest) = (0, permissions);
        while let [first, others @ ..] = rest {
            (bits, rest) = (bits | Self::bit(*first), others);
        }
        Self(bits)
    }

    const fn bit(permission: Permission) -> u32 {
        1 << permission as u8
    }

    /// Returns true if the set contains the permission.
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & Self::bit(permission) != 0
    }

    /// Returns the intersection of both sets.
    #[must_use]
    pub const fn intersection(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    /// Returns the permissions, in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }

    /// Returns the stored form: a bit for each permission, in the order of the list.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Builds a set from its stored form; none if it contains others than allowed.
    pub const fn from_bits(bits: u32, allowed: Self) -> Option<Self> {
        if bits & !allowed.0 == 0 { Some(Self(bits)) } else { None }
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |bits, permission| bits | Self::bit(permission)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_contains_exactly_its_permissions() {
        for one in Permission::ALL {
            let set: Permissions = [*one].into_iter().collect();
            assert_eq!(set.iter().collect::<Vec<_>>(), [*one]);
            assert!(Permissions::ALL.contains(*one) && !Permissions::default().contains(*one));
        }
        assert_eq!(Permissions::ALL.iter().count(), Permission::ALL.len());
    }

    #[test]
    fn stored_permissions_are_limited_to_those_of_customers() {
        let some: Permissions = [Permission::TrackTicket, Permission::CloseTicket].into_iter().collect();
        assert_eq!(Permissions::from_bits(some.bits(), Permissions::CUSTOMER), Some(some));
        assert_eq!(Permissions::from_bits(0b1111, Permissions::CUSTOMER), Some(Permissions::CUSTOMER));
        for other in Permission::ALL.iter().copied().filter(|one| !Permissions::CUSTOMER.contains(*one)) {
            let wider: Permissions = Permissions::CUSTOMER.iter().chain([other]).collect();
            assert_eq!(Permissions::from_bits(wider.bits(), Permissions::CUSTOMER), None, "{other}");
        }
    }
}
