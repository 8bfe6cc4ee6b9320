//! The write-ahead log: keeps it short, and proves that what was committed stands in it.
//!
//! A checkpoint moves it into the database after every few commits, once their waiters are answered, as far as the oldest
//! snapshot lets it; the log begins anew once nobody reads from it. Where readers overlap without end, that is never: so
//! the writer waits for them, once the log is long, for a moment at a time, since those who write wait as well.

use std::cell::Cell;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::model::error::chain;

/// Pages in the log that cause a checkpoint.
pub(super) const CHECKPOINT_PAGES: u32 = 2_000;
/// How long to wait for the readers of a log that is too long.
const MOMENT: Duration = Duration::from_millis(10);
/// The same, where the log has grown by half as much again: rather slow than without bounds.
const LONG_MOMENT: Duration = Duration::from_millis(100);
/// How long not to speak of it again.
const SILENCE: Duration = Duration::from_mins(1);
/// Bytes of the log's header (file format, 4.1).
const HEADER: usize = 32;
/// Bytes of a frame's header, before its page.
const FRAME: usize = 24;
/// Bytes of the largest page (file format, 1.3.2).
const LARGEST_PAGE: u32 = 65_536;
/// The first bytes of a log but for the last bit, which tells the order of the bytes in its checksums.
const MAGIC: u32 = 0x377F_0682;

thread_local! {
    /// Frames in the log after this thread's last commit.
    static FRAMES: Cell<u32> = const { Cell::new(0) };
}

/// Counts the log's frames at each commit of a connection, in place of a checkpoint there.
pub(super) fn follow(connection: &Connection) {
    connection.wal_hook(Some(|_, frames| {
        FRAMES.set(u32::try_from(frames).unwrap_or_default());
        Ok(())
    }));
}

/// Frames in the log after this thread's last commit; 0 where a checkpoint has looked at it since.
pub(super) fn committed_frames() -> u32 {
    FRAMES.get()
}

/// The log's length by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// Committed frames.
    pub(super) frames: u32,
    /// How many of them the database has.
    pub(super) moved: u32,
}

impl Extent {
    /// Asks the engine; takes no lock and moves nothing.
    pub(super) fn of(connection: &Connection) -> rusqlite::Result<Self> {
        connection.prepare_cached("PRAGMA wal_checkpoint(NOOP)")?.query_row([], |row| {
            let frames = |column| row.get::<_, i64>(column).map(|frames| u32::try_from(frames).unwrap_or_default());
            Ok(Self { frames: frames(1)?, moved: frames(2)? })
        })
    }
}

/// Whether a log of this file holds a commit that ends with its frame of this number, counted from 1. The frames before
/// it are there too, unless somebody overwrote them in place: the file is long enough, and all since its header is of one
/// generation.
pub(super) fn ends_a_commit(log: &File, frame: u32) -> bool {
    let mut header = [0; HEADER];
    let mut last = [0; FRAME];
    if log.read_exact_at(&mut header, 0).is_err() || number(&header, 0) | 1 != MAGIC | 1 {
        return false;
    }
    let page = u64::from(number(&header, 8));
    let start = HEADER as u64 + u64::from(frame.saturating_sub(1)) * (FRAME as u64 + page);
    let is_whole = log.metadata().is_ok_and(|log| log.len() >= start + FRAME as u64 + page);
    let salts = 16..24;
    is_whole && log.read_exact_at(&mut last, start).is_ok() && number(&last, 4) > 0 && header[salts] == last[8..16]
}

/// The pages of a log's last generation, in order.
pub(super) fn pages(log: &File) -> impl Iterator<Item = Vec<u8>> {
    let mut header = [0; HEADER];
    let is_log = log.read_exact_at(&mut header, 0).is_ok() && number(&header, 0) | 1 == MAGIC | 1;
    let page = number(&header, 8).min(LARGEST_PAGE);
    let mut start = HEADER as u64;
    std::iter::from_fn(move || {
        let mut frame = vec![0; FRAME + page as usize];
        log.read_exact_at(&mut frame, start).ok()?;
        start += frame.len() as u64;
        let is_of_generation = is_log && frame[8..16] == header[16..24];
        is_of_generation.then(|| frame.split_off(FRAME))
    })
}

fn number(bytes: &[u8], offset: usize) -> u32 {
    let bytes = bytes.get(offset..offset + 4).and_then(|bytes| bytes.try_into().ok());
    u32::from_be_bytes(bytes.unwrap_or_default())
}

/// The writer's view of the log's length.
pub(super) struct Wal {
    file: PathBuf,
    most: u64,
    /// How long it was when a reader last kept it.
    kept: u64,
    told: Option<Instant>,
}

impl Wal {
    /// The log of this path, whose checkpoints wait for readers once it has more than `most` bytes.
    pub(super) fn new(file: PathBuf, most: u64) -> Self {
        Self { file, most, kept: 0, told: None }
    }

    /// Moves a log of some length to the database as far as readers let it, without a wait for them; one that is too
    /// long with one.
    pub(super) fn shorten(&mut self, connection: &Connection) {
        if FRAMES.take() >= CHECKPOINT_PAGES
            && let Err(error) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
        {
            tracing::warn!(error = chain(&error), "the log was not moved into the store's file");
        }
        let size = fs::metadata(&self.file).map_or(0, |file| file.len());
        // One that was kept is left alone until it has grown, so that its writers are held up in proportion.
        if size <= self.most.max(self.kept + self.most / 8) {
            self.kept = self.kept.min(size);
            return;
        }
        let moment = if size > self.most + self.most / 2 { LONG_MOMENT } else { MOMENT };
        self.kept = 0;
        match checkpoint(connection, moment) {
            Ok(true) => return,
            Ok(false) => {}
            Err(error) => tracing::warn!(error = chain(&error), "the log was not moved into the store's file"),
        }
        self.kept = size;
        if size > 2 * self.most && self.told.is_none_or(|told| told.elapsed() >= SILENCE) {
            self.told = Some(Instant::now());
            tracing::warn!(bytes = size, "the log grows, since somebody reads an old state of the store");
        }
    }
}

/// Moves the whole log into the database and cuts it to nothing; false where somebody still reads from it after so long.
pub(super) fn checkpoint(connection: &Connection, patience: Duration) -> rusqlite::Result<bool> {
    connection.busy_timeout(patience)?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0).map(|busy| !busy))
}
