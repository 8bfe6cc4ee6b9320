//! Write-ahead log: checkpoints it, and verifies that commits are in it.
//!
//! A passive checkpoint copies the WAL into the database every few commits, after the jobs are completed, up to the
//! oldest snapshot. SQLite restarts the WAL once no reader uses it, which overlapping readers can prevent forever. A
//! WAL above its limit is therefore truncated by a checkpoint that waits for readers, briefly, since writers wait
//! meanwhile.

use std::cell::Cell;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::model::error::chain;

/// Number of pages in the WAL that causes a checkpoint.
pub(super) const CHECKPOINT_PAGES: u32 = 2_000;
/// Maximum wait for the readers of a WAL above its limit.
const READER_TIMEOUT: Duration = Duration::from_millis(10);
/// Maximum wait for the readers of a WAL above one and a half times its limit: slow writes are better than a WAL
/// without bounds.
const LONG_READER_TIMEOUT: Duration = Duration::from_millis(100);
/// Minimum interval between two warnings about the size of the WAL.
const WARNING_INTERVAL: Duration = Duration::from_mins(1);
/// Size of the WAL header (SQLite file format, 4.1).
const HEADER_BYTES: usize = 32;
/// Size of a frame header, which precedes the page.
const FRAME_HEADER_BYTES: usize = 24;
/// Maximum page size (SQLite file format, 1.3.2).
const MAX_PAGE_BYTES: u32 = 65_536;
/// First four bytes of a WAL without the last bit, which is the byte order of the checksums.
const MAGIC: u32 = 0x377F_0682;

thread_local! {
    /// Number of frames in the WAL after this thread's last commit.
    static COMMITTED_FRAMES: Cell<u32> = const { Cell::new(0) };
}

/// Registers a hook that counts the frames of the WAL at each commit. It replaces SQLite's automatic checkpoint.
pub(super) fn count_frames(connection: &Connection) {
    connection.wal_hook(Some(|_, frames| {
        COMMITTED_FRAMES.set(u32::try_from(frames).unwrap_or_default());
        Ok(())
    }));
}

/// Returns the number of frames in the WAL after this thread's last commit; 0 if [`Wal::checkpoint_if_due`] has run
/// since.
pub(super) fn committed_frames() -> u32 {
    COMMITTED_FRAMES.get()
}

/// Length of the WAL according to its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WalExtent {
    /// Number of committed frames.
    pub(super) frames: u32,
    /// Number of frames that the database has.
    pub(super) checkpointed: u32,
}

impl WalExtent {
    /// Reads the length, without a lock or a checkpoint.
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        connection.prepare_cached("PRAGMA wal_checkpoint(NOOP)")?.query_row([], |row| {
            let frames = |column| row.get::<_, i64>(column).map(|frames| u32::try_from(frames).unwrap_or_default());
            Ok(Self { frames: frames(1)?, checkpointed: frames(2)? })
        })
    }
}

/// Returns true if the WAL has a commit that ends with this frame, counted from 1. Checks that the file is long enough
/// and that the frame has the salts of the header; it does not detect frames before it that were overwritten in place.
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

/// Returns the pages of the frames that have the header's salts, in order.
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

/// State of the checkpoints.
pub(super) struct Wal {
    file: PathBuf,
    limit: u64,
    /// Size of the WAL when a reader last prevented its truncation; 0 if none did.
    blocked_bytes: u64,
    warned_at: Option<Instant>,
}

impl Wal {
    /// Returns the state for the WAL at this path, whose checkpoints wait for readers above `limit` bytes.
    pub(super) fn new(file: PathBuf, limit: u64) -> Self {
        Self { file, limit, blocked_bytes: 0, warned_at: None }
    }

    /// Runs a passive checkpoint after [`CHECKPOINT_PAGES`], and a truncating checkpoint that waits for readers above
    /// the limit.
    pub(super) fn checkpoint_if_due(&mut self, connection: &Connection) {
        if COMMITTED_FRAMES.take() >= CHECKPOINT_PAGES
            && let Err(error) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
        {
            tracing::warn!(error = chain(&error), "the checkpoint failed");
        }
        let size = fs::metadata(&self.file).map_or(0, |file| file.len());
        // After a blocked truncation the WAL must grow by an eighth of the limit first, so that writers rarely wait.
        if size <= self.limit.max(self.blocked_bytes + self.limit / 8) {
            self.blocked_bytes = self.blocked_bytes.min(size);
            return;
        }
        let timeout = if size > self.limit + self.limit / 2 { LONG_READER_TIMEOUT } else { READER_TIMEOUT };
        self.blocked_bytes = 0;
        match checkpoint(connection, timeout) {
            Ok(true) => return,
            Ok(false) => {}
            Err(error) => tracing::warn!(error = chain(&error), "the checkpoint failed"),
        }
        self.blocked_bytes = size;
        if size > 2 * self.limit && self.warned_at.is_none_or(|warned_at| warned_at.elapsed() >= WARNING_INTERVAL) {
            self.warned_at = Some(Instant::now());
            tracing::warn!(bytes = size, "the write-ahead log grows, since a reader holds an old snapshot");
        }
    }
}

/// Runs a checkpoint that truncates the WAL. Returns false if readers or writers prevent it for this long.
pub(super) fn checkpoint(connection: &Connection, timeout: Duration) -> rusqlite::Result<bool> {
    connection.busy_timeout(timeout)?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0).map(|busy| !busy))
}
