//! Limits of `serve`: those of its options, within the system's limit on open files.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::cli::LimitArgs;
use crate::http::Limits;

/// Number of file descriptors kept for the store, outgoing connections and health checks.
const RESERVED_DESCRIPTORS: u64 = 192;

/// Raises the soft limit on open files to the hard limit, which was set for all processes that do not use `select`.
pub(super) fn raise_descriptor_limit() {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit })
    {
        tracing::warn!(%error, "the limit on open files could not be raised");
    }
}

/// Returns the limits of these options, with fewer connections if the process may not open as many files.
pub(super) fn limits(args: &LimitArgs) -> Limits {
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let connections = max_connections(args.max_connections, files);
    if connections < args.max_connections {
        tracing::warn!(
            connections,
            open_files = files,
            "fewer connections than --max-connections, because of the limit on open files (ulimit -n)"
        );
    }
    Limits {
        connections,
        connections_per_address: per_address(args, connections),
        head_timeout: args.head_timeout.0,
        body_timeout: args.body_timeout.0,
        response_timeout: args.response_timeout.0,
        write_timeout: args.write_timeout.0,
        keep_alive: args.keep_alive.0,
        response_memory: args.response_memory as usize * 1024 * 1024,
    }
}

/// Returns the number of connections for which a process with this number of files has descriptors.
fn max_connections(requested: u32, files: u64) -> u32 {
    let available = files.saturating_sub(RESERVED_DESCRIPTORS).max(files / 2);
    requested.min(u32::try_from(available).unwrap_or(u32::MAX)).max(1)
}

/// Returns the limit of one address: the option's, or half of all connections, also if their number was lowered.
fn per_address(args: &LimitArgs, connections: u32) -> u32 {
    let half = Limits::half(connections);
    match args.max_connections_per_address {
        Some(requested) if connections == args.max_connections => requested,
        Some(requested) => requested.min(half),
        None => half,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_the_rest_of_the_server() {
        assert_eq!(max_connections(12_000, 20_000), 12_000);
        assert_eq!(max_connections(12_000, 1_024), 832);
        assert_eq!(max_connections(12_000, 64), 32);
        assert_eq!(max_connections(100, 1_024), 100);
    }
}
