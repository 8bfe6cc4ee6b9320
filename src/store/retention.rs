//! Purging of rows whose retention period is over.

#![expect(
    clippy::missing_errors_doc,
    reason = "each method fails with the errors of the store; others are documented at the method"
)]

use crate::model::retention::{PurgeCandidate, PurgeMark, RetentionClass};
use crate::model::{Error, Timestamp};

/// Purging of rows whose retention period is over.
pub trait Retention {
    /// Returns the id up to which rows of this class are purged; [`PurgeMark::START`] for classes that never are.
    fn mark(&mut self, class: RetentionClass) -> Result<PurgeMark, Error>;
    /// Returns the oldest events or notifications with ids above `after`, at most `limit` of them.
    fn oldest(&mut self, class: RetentionClass, after: i64, limit: u32) -> Result<Vec<PurgeCandidate>, Error>;
    /// Returns the first event that has a delivery, or that an enabled webhook has not queued yet, if any.
    fn needed_event(&mut self) -> Result<Option<i64>, Error>;
    /// Deletes deliveries that ended before this time, or that wait for a webhook disabled before it; at most `limit`
    /// of them. Returns their number.
    fn purge_deliveries(&mut self, before: Timestamp, limit: u32) -> Result<usize, Error>;
    /// Deletes the rows of this class with ids above `after` and up to `mark.through`, and stores `mark`. Returns their
    /// number.
    ///
    /// # Errors
    /// [`Error::Changed`] if the stored mark is no longer at `after`.
    fn purge(&mut self, class: RetentionClass, after: i64, mark: PurgeMark) -> Result<usize, Error>;
}
