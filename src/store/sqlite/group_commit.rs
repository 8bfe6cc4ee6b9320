//! Group commit: many jobs in one transaction. A job that fails after a write, panics or finds a version changed rolls
//! the group back; each of its jobs then runs in a transaction of its own.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use super::error::{self, closed};
use super::unit::SqliteUnit;
use super::writer_thread::{QueuedJob, WriterThread, execute};
use crate::model::error::chain;
use crate::model::{Error, StoreError};

/// Result of a job inside a transaction.
enum JobOutcome {
    /// The transaction is intact: the job succeeded, or failed before its first write.
    Valid(Result<(), Error>),
    /// The transaction must be rolled back: it has a part of the job's writes, or the job is to run again.
    Aborted(Error),
}

impl WriterThread {
    /// Runs a group's jobs in the open transaction, commits, and completes them.
    pub(super) fn run_group(&mut self, mut group: VecDeque<QueuedJob>) {
        let outcomes = match self.run_each(&mut group) {
            Ok(outcomes) => outcomes,
            Err(error) => {
                self.roll_back(&error);
                return match group.len() {
                    1 if !matches!(error, Error::Changed(_)) => complete_all(group, [Err(error)]),
                    _ => group.into_iter().for_each(|queued| self.run_alone(queued)),
                };
            }
        };
        match self.commit(group.len()) {
            Ok(()) => complete_all(group, outcomes),
            Err(error) => {
                tracing::error!(error = chain(&error), jobs = group.len(), "a commit failed");
                self.roll_back(&error);
                // A connection with displaced files is kept: its WAL has commits that no other file has.
                if self.files_are_valid {
                    self.connection = None;
                }
                for queued in group {
                    queued.job.complete(Err(copy_error(&error)));
                }
            }
        }
    }

    /// Fails the jobs that have waited for the busy timeout; all of them if the error is not [`StoreError::Busy`].
    pub(super) fn fail_expired(&self, jobs: &mut VecDeque<QueuedJob>, error: &Error) {
        tracing::warn!(error = chain(error), "no transaction could begin");
        let busy = matches!(error, Error::Store { error: StoreError::Busy, .. });
        let timeout = self.connector.settings.busy_timeout;
        while let Some(next) = jobs.pop_front() {
            if busy && next.since.elapsed() < timeout {
                return jobs.push_front(next);
            }
            next.job.complete(Err(copy_error(error)));
        }
    }

    /// Runs jobs, and then writes the head of the audit log and the commit's tag.
    ///
    /// # Errors
    /// The error for which the transaction must be rolled back.
    fn run_each<'j>(
        &mut self,
        group: impl IntoIterator<Item = &'j mut QueuedJob>,
    ) -> Result<Vec<Result<(), Error>>, Error> {
        let mut outcomes = Vec::new();
        for queued in group {
            match self.run(queued) {
                JobOutcome::Valid(outcome) => outcomes.push(outcome),
                JobOutcome::Aborted(error) => return Err(error),
            }
        }
        let Some(connection) = &self.connection else { return Err(closed()) };
        let written = self.notifier.has_written(connection);
        SqliteUnit::new(connection, self.connector.name()).with_audit_head(self.audit_head.take()).finish(written)?;
        Ok(outcomes)
    }

    /// Runs one job in a transaction of its own.
    fn run_alone(&mut self, mut queued: QueuedJob) {
        let outcome = self.begin(queued.since).and_then(|()| {
            self.run_each([&mut queued])?.into_iter().collect::<Result<(), _>>()?;
            self.commit(1)
        });
        if let Err(error) = &outcome {
            self.roll_back(error);
        }
        complete_all([queued], [outcome]);
    }

    fn run(&mut self, queued: &mut QueuedJob) -> JobOutcome {
        let Some(connection) = &self.connection else { return JobOutcome::Aborted(closed()) };
        let changes_before = connection.total_changes();
        let mut unit = SqliteUnit::new(connection, self.connector.name()).with_audit_head(self.audit_head);
        let outcome = catch_unwind(AssertUnwindSafe(|| queued.job.run(&mut unit)))
            .unwrap_or_else(|panic| Err(Error::panicked(&*panic)));
        self.audit_head = unit.audit_head();
        // SQLite rolls back by itself after some errors, such as a full disk.
        let rolled_back = connection.is_autocommit();
        match outcome {
            Ok(()) if rolled_back => {
                JobOutcome::Aborted(Error::store(StoreError::Failed, "the engine rolled the transaction back"))
            }
            Err(error)
                if rolled_back
                    || connection.total_changes() != changes_before
                    || matches!(error, Error::Panicked(_) | Error::Changed(_))
                    || error::is_broken(&error) =>
            {
                JobOutcome::Aborted(error)
            }
            outcome => JobOutcome::Valid(outcome),
        }
    }

    /// Commits a transaction of this many jobs, and checks that the files have the commit.
    fn commit(&mut self, jobs: usize) -> Result<(), Error> {
        let Some(connection) = &self.connection else { return Err(closed()) };
        let metrics = self.connector.settings.commit_metrics.as_ref().map(|metrics| (metrics, Instant::now()));
        execute(connection, "COMMIT").map_err(|error| error::from_sqlite(self.connector.name(), error))?;
        if let Some((metrics, started)) = metrics {
            metrics.committed(jobs, started.elapsed());
        }
        self.notifier.notify_commit(connection);
        let checked = connection.check_commit(self.connector.paths());
        self.files_are_valid = checked.is_ok();
        checked
    }

    /// Rolls the transaction back, if it is still open. Drops the connection if that fails or `cause` is an error below
    /// SQL.
    fn roll_back(&mut self, cause: &Error) {
        let ended = self
            .connection
            .as_ref()
            .is_some_and(|connection| connection.is_autocommit() || execute(connection, "ROLLBACK").is_ok());
        if !ended || error::is_broken(cause) {
            self.connection = None;
        }
    }
}

/// Completes each job with its outcome, and logs internal errors, since a client does not receive their text.
fn complete_all(group: impl IntoIterator<Item = QueuedJob>, outcomes: impl IntoIterator<Item = Result<(), Error>>) {
    for (queued, outcome) in group.into_iter().zip(outcomes) {
        match &outcome {
            Err(error @ Error::Panicked(_)) => tracing::error!(error = chain(error), "a unit of work panicked"),
            Err(error @ Error::Store { .. }) => tracing::warn!(error = chain(error), "a unit of work failed"),
            Ok(()) | Err(_) => {}
        }
        queued.job.complete(outcome);
    }
}

/// Copies an error for a further job, with its source as text.
fn copy_error(error: &Error) -> Error {
    let reason = match error {
        Error::Store { error, .. } => error.clone(),
        _ => StoreError::Failed,
    };
    Error::store(reason, chain(error))
}
