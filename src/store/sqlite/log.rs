//! Keeps the write-ahead log short. It is folded into the file after every few commits, once their waiters are answered,
//! as far as the oldest snapshot lets it, and begins anew once nobody reads from it: where readers overlap without end,
//! that is never. So the writer waits for them, once the log is long: for a moment at a time, since those who write wait
//! as well.

use std::cell::Cell;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::check::beside;
use super::connect::Connector;
use crate::model::error::chain;

/// After how many pages the log is folded.
pub(super) const FOLDED: u32 = 2_000;
/// How long to wait for the readers of a log that is too long.
const MOMENT: Duration = Duration::from_millis(10);
/// The same, where the log has grown by half as much again: rather slow than without bounds.
const LONG_MOMENT: Duration = Duration::from_millis(100);
/// How long not to speak of it again.
const SILENCE: Duration = Duration::from_mins(1);

thread_local! {
    /// How many pages the log had after this thread's last commit.
    static PAGES: Cell<u32> = const { Cell::new(0) };
}

/// Counts the log's pages at each commit of a connection, in place of folding it there.
pub(super) fn follow(connection: &Connection) {
    connection.wal_hook(Some(|_, pages| {
        PAGES.set(u32::try_from(pages).unwrap_or_default());
        Ok(())
    }));
}

/// The writer's view of the log.
pub(super) struct Log {
    file: PathBuf,
    most: u64,
    /// How long it was when a reader last kept it.
    kept: u64,
    told: Option<Instant>,
}

impl Log {
    pub(super) fn of(connector: &Connector) -> Self {
        Self { file: beside(connector.path(), "-wal"), most: connector.settings.log, kept: 0, told: None }
    }

    /// Folds a log of some length as far as readers let it, without a wait for them; one that is too long with one.
    pub(super) fn shorten(&mut self, connection: &Connection) {
        if PAGES.take() >= FOLDED
            && let Err(error) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
        {
            tracing::warn!(error = chain(&error), "the log was not folded into the store's file");
        }
        let size = fs::metadata(&self.file).map_or(0, |file| file.len());
        // One that was kept is left alone until it has grown, so that its writers are held up in proportion.
        if size <= self.most.max(self.kept + self.most / 8) {
            self.kept = self.kept.min(size);
            return;
        }
        let moment = if size > self.most + self.most / 2 { LONG_MOMENT } else { MOMENT };
        let kept = connection
            .busy_timeout(moment)
            .and_then(|()| connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0)));
        self.kept = 0;
        match kept {
            Ok(false) => return,
            Ok(true) => {}
            Err(error) => tracing::warn!(error = chain(&error), "the log was not folded into the store's file"),
        }
        self.kept = size;
        if size > 2 * self.most && self.told.is_none_or(|told| told.elapsed() >= SILENCE) {
            self.told = Some(Instant::now());
            tracing::warn!(bytes = size, "the log grows, since somebody reads an old state of the store");
        }
    }
}
