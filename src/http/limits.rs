//! Limits on the size and time of a request.

use std::time::Duration;

/// Maximum length of a request target, in bytes.
pub(super) const MAX_TARGET: usize = 2 * 1024;
/// Maximum number of request headers.
pub(super) const MAX_HEADERS: usize = 64;
/// Maximum total size of the request headers, in bytes.
pub(super) const MAX_HEADERS_SIZE: usize = 16 * 1024;
/// Maximum size of a request body, in bytes.
pub(super) const MAX_BODY: usize = 64 * 1024;
/// Maximum time to receive a body.
pub(super) const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// Default for the maximum idle time of a connection; longer than a proxy keeps an idle connection (nginx: 60 s).
pub(super) const DEFAULT_KEEP_ALIVE: Duration = Duration::from_secs(75);
