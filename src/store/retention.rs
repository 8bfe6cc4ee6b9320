//! What is let go when it is old, as a use case asks a store for it.

#![expect(clippy::missing_errors_doc, reason = "each fails with the store's own errors")]

use crate::model::retention::{PurgeCandidate, PurgeMark, RetentionClass};
use crate::model::{Error, Timestamp};

/// What is let go when it is old.
pub trait Retention {
    /// How far rows of this kind have been let go: the start, where they never are.
    fn mark(&mut self, what: RetentionClass) -> Result<PurgeMark, Error>;
    /// The oldest rows of this kind (events or notifications) after a number; at most `limit` of them.
    fn oldest(&mut self, what: RetentionClass, after: i64, limit: u32) -> Result<Vec<PurgeCandidate>, Error>;
    /// The first event that a webhook still needs.
    fn needed_event(&mut self) -> Result<Option<i64>, Error>;
    /// Lets at most so many deliveries go that ended before this instant, or never will since their webhook was disabled
    /// before it; says how many these were.
    fn purge_deliveries(&mut self, before: Timestamp, most: u32) -> Result<usize, Error>;
    /// Lets the rows of this kind go that follow the mark, up to another, which takes its place; says how many these were.
    ///
    /// # Errors
    /// [`Error::Changed`] where the mark is no longer at `after`.
    fn purge(&mut self, what: RetentionClass, after: i64, mark: PurgeMark) -> Result<usize, Error>;
}
