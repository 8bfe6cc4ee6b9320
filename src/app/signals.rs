//! Signals that end a process by default, and that this program survives.

use std::sync::Arc;

use signal_hook::consts::SIGXFSZ;

/// Handles SIGXFSZ, so that a write beyond the limit on file sizes (`ulimit -f`) fails like one to a full disk.
pub(super) fn survive_file_size_limit() {
    // The flag is not read: the write returns EFBIG. A handler, unlike SIG_IGN, does not reach child processes.
    if let Err(error) = signal_hook::flag::register(SIGXFSZ, Arc::default()) {
        tracing::warn!(%error, "SIGXFSZ is not handled: a write beyond the limit on file sizes ends the process");
    }
}
