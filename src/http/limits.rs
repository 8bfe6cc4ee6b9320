//! Limits on the size and time of a request.

use std::time::Duration;

/// Maximum length of a request's target, in bytes.
pub(super) const MAX_TARGET: usize = 2 * 1024;
/// Maximum number of a request's headers.
pub(super) const MAX_HEADERS: usize = 64;
/// Maximum size of a request's headers together, in bytes.
pub(super) const HEADERS_SIZE: usize = 16 * 1024;
/// Maximum size of a body, in bytes.
pub(super) const MAX_BODY: usize = 64 * 1024;
/// Maximum time in which a body arrives.
pub(super) const BODY_TIME: Duration = Duration::from_secs(10);
/// Time that an idle client may stay after an answer, by default: longer than a proxy keeps a connection (nginx 60 s).
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(75);
