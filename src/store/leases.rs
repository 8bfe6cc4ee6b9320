//! Leases: which server works what off, as a use case asks a store for them.

#![expect(clippy::missing_errors_doc, reason = "each fails with the store's own faults")]

use crate::model::kind::closed_list;
use crate::model::{Error, Timestamp};

closed_list!(
    /// What one server at a time works off.
    Errand {
        /// Deliveries to webhooks.
        Webhooks = "webhooks",
        /// Mails to customers.
        Mail = "mail",
    }
);

/// Who works an errand off, and the number by which others see that they live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Who: 32 hexadecimal digits.
    pub holder: String,
    /// Raised as long as they live.
    pub beat: i64,
}

/// Leases, one for each errand.
pub trait Leases {
    /// Who works the errand off.
    fn find(&mut self, errand: Errand) -> Result<Option<Lease>, Error>;
    /// Takes it over where nobody has it, or where the lease is still as it was `seen`. False where it is not.
    fn take(&mut self, errand: Errand, holder: &str, seen: Option<&Lease>, now: Timestamp) -> Result<bool, Error>;
    /// Shows that the holder lives. False where it is another's.
    fn renew(&mut self, errand: Errand, holder: &str, now: Timestamp) -> Result<bool, Error>;
    /// Leaves it to whoever comes.
    fn leave(&mut self, errand: Errand, holder: &str) -> Result<(), Error>;
}
