//! Customers of the platform.

use super::{CustomerId, EmailAddress};

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
