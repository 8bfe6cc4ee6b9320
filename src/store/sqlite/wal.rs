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
const READER_TIMEOUT: Duration = Duration::from_millis(10);
/// The same, where the log has grown by half as much again: rather slow than without bounds.
const LONG_READER_TIMEOUT: Duration = Duration::from_millis(100);
/// How long not to speak of it again.
const WARNING_INTERVAL: Duration = Duration::from_mins(1);
/// Bytes of the log's header (file format, 4.1).
const HEADER_BYTES: usize = 32;
/// Bytes of a frame's header, before its page.
const FRAME_HEADER_BYTES: usize = 24;
/// Bytes of the largest page (file format, 1.3.2).
const MAX_PAGE_BYTES: u32 = 65_536;
/// The first bytes of a log but for the last bit, which tells the order of the bytes in its checksums.
const MAGIC: u32 = 0x377F_0682;

thread_local! {
    /// Frames in the log after this thread's last commit.
    static COMMITTED_FRAMES: Cell<u32> = const { Cell::new(0) };
}

/// Counts the log's frames at each commit of a connection, in place of a checkpoint there.
pub(super) fn count_frames(connection: &Connection) {
    connection.wal_hook(Some(|_, frames| {
        COMMITTED_FRAMES.set(u32::try_from(frames).unwrap_or_default());
        Ok(())
    }));
}

/// Frames in the log after this thread's last commit; 0 where a checkpoint has looked at it since.
pub(super) fn committed_frames() -> u32 {
    COMMITTED_FRAMES.get()
}

/// The log's length by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WalExtent {
    /// Committed frames.
    pub(super) frames: u32,
    /// How many of them the database has.
    pub(super) checkpointed: u32,
}

impl WalExtent {
    /// Asks the engine; takes no lock and moves nothing.
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        connection.prepare_cached("PRAGMA wal_checkpoint(NOOP)")?.query_row([], |row| {
            let frames = |column| row.get::<_, i64>(column).map(|frames| u32::try_from(frames).unwrap_or_default());
            Ok(Self { frames: frames(1)?, checkpointed: frames(2)? })
        })
    }
}

/// Whether a log of this file holds a commit that ends with its frame of this number, counted from 1. The frames before
/// it are there too, unless somebody overwrote them in place: the file is long enough, and all since its header is of one
/// generation.
pub(super) fn has_commit_at(wal: &File, frame: u32) -> bool {
    let mut header = [0; HEADER_BYTES];
    let mut last = [0; FRAME_HEADER_BYTES];
    if wal.read_exact_at(&mut header, 0).is_err() || be_u32(&header, 0) | 1 != MAGIC | 1 {
        return false;
    }
    let page = u64::from(be_u32(&header, 8));
    let start = HEADER_BYTES as u64 + u64::from(frame.saturating_sub(1)) * (FRAME_HEADER_BYTES as u64 + page);
    let is_long_enough = wal.metadata().is_ok_and(|wal| wal.len() >= start + FRAME_HEADER_BYTES as u64 + page);
    let salts = 16..24;
    is_long_enough
        && wal.read_exact_at(&mut last, start).is_ok()
        && be_u32(&last, 4) > 0
        && header[salts] == last[8..16]
}

/// The pages of a log's last generation, in order.
pub(super) fn last_generation_pages(wal: &File) -> impl Iterator<Item = Vec<u8>> {
    let mut header = [0; HEADER_BYTES];
    let is_wal = wal.read_exact_at(&mut header, 0).is_ok() && be_u32(&header, 0) | 1 == MAGIC | 1;
    let page = be_u32(&header, 8).min(MAX_PAGE_BYTES);
    let mut start = HEADER_BYTES as u64;
    std::iter::from_fn(move || {
        let mut frame = vec![0; FRAME_HEADER_BYTES + page as usize];
        wal.read_exact_at(&mut frame, start).ok()?;
        start += frame.len() as u64;
        let has_same_salts = is_wal && frame[8..16] == header[16..24];
        has_same_salts.then(|| frame.split_off(FRAME_HEADER_BYTES))
    })
}

fn be_u32(bytes: &[u8], offset: usize) -> u32 {
    let bytes = bytes.get(offset..offset + 4).and_then(|bytes| bytes.try_into().ok());
    u32::from_be_bytes(bytes.unwrap_or_default())
}

/// The writer's view of the log's length.
pub(super) struct Wal {
    file: PathBuf,
    limit: u64,
    /// How long it was when a reader last blocked_bytes it.
    blocked_bytes: u64,
    warned_at: Option<Instant>,
}

impl Wal {
    /// The log of this path, whose checkpoints wait for readers once it has more than `most` bytes.
    pub(super) fn new(file: PathBuf, limit: u64) -> Self {
        Self { file, limit, blocked_bytes: 0, warned_at: None }
    }

    /// Moves a log of some length to the database as far as readers let it, without a wait for them; one that is too
    /// long with one.
    pub(super) fn checkpoint_if_due(&mut self, connection: &Connection) {
        if COMMITTED_FRAMES.take() >= CHECKPOINT_PAGES
            && let Err(error) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
        {
            tracing::warn!(error = chain(&error), "the log was not checkpointed into the store's file");
        }
        let size = fs::metadata(&self.file).map_or(0, |file| file.len());
        // One that was blocked_bytes is left alone until it has grown, so that its writers are held up in proportion.
        if size <= self.limit.max(self.blocked_bytes + self.limit / 8) {
            self.blocked_bytes = self.blocked_bytes.min(size);
            return;
        }
        let timeout = if size > self.limit + self.limit / 2 { LONG_READER_TIMEOUT } else { READER_TIMEOUT };
        self.blocked_bytes = 0;
        match checkpoint(connection, timeout) {
            Ok(true) => return,
            Ok(false) => {}
            Err(error) => tracing::warn!(error = chain(&error), "the log was not checkpointed into the store's file"),
        }
        self.blocked_bytes = size;
        if size > 2 * self.limit && self.warned_at.is_none_or(|warned_at| warned_at.elapsed() >= WARNING_INTERVAL) {
            self.warned_at = Some(Instant::now());
            tracing::warn!(bytes = size, "the log grows, since somebody reads an old state of the store");
        }
    }
}

/// Moves the whole log into the database and cuts it to nothing; false where somebody still reads from it after so long.
pub(super) fn checkpoint(connection: &Connection, timeout: Duration) -> rusqlite::Result<bool> {
    connection.busy_timeout(timeout)?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0).map(|busy| !busy))
}
