//! Customers of the platform.

use super::{CustomerId, EmailAddress};

/// Customer of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    pub id: CustomerId,
    pub name: String,
    /// Language as a BCP 47 tag: `fr`, `pt-BR`.
    pub locale: String,
    /// True if the rewards account accepts points.
    pub rewards_active: bool,
    /// Mail address, if any.
    pub email: Option<EmailAddress>,
}
