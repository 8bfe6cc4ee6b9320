//! Log on standard error: one line for each event, panics included.

use std::io::{self, IsTerminal};
use std::panic::{self, PanicHookInfo};
use std::sync::Arc;
use std::thread;

use tracing_subscriber::EnvFilter;

use super::background_writer::BackgroundWriter;
use crate::cli::LogFormat;
use crate::metrics::Counter;

/// Log of a server. Its lines are written in the background, and lost lines are counted.
pub(super) struct ServerLog {
    writer: Arc<BackgroundWriter>,
    /// Number of lines that could not be written.
    pub(super) lost: Counter,
}

impl ServerLog {
    /// Starts the log in this format, at level `info` unless `RUST_LOG` sets another. A panic becomes a single line
    /// too.
    ///
    /// # Errors
    /// The system cannot start a thread.
    pub(super) fn start(format: LogFormat) -> io::Result<Self> {
        let lost = Counter::default();
        let writer = Arc::new(BackgroundWriter::start(io::stderr(), lost.clone(), report_lost)?);
        let (filter, is_invalid) = filter("info");
        let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Arc::clone(&writer));
        let log = log.with_ansi(is_coloured());
        match format {
            LogFormat::Text => log.init(),
            LogFormat::Json => log.json().flatten_event(true).with_current_span(false).with_span_list(false).init(),
        }
        panic::set_hook(Box::new(log_panic));
        if is_invalid {
            warn_of_filter();
        }
        Ok(Self { writer, lost })
    }

    /// Waits until every line is written or dropped, for at most 1 s.
    pub(super) fn flush(&self) {
        self.writer.flush();
    }
}

/// Starts the log of a command, which is off unless `RUST_LOG` enables it.
pub(super) fn start_for_command() {
    let (filter, is_invalid) = filter("off");
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(is_coloured()).init();
    if is_invalid {
        warn_of_filter();
    }
}

/// Returns the filter of `RUST_LOG`, or this level by default, and true if `RUST_LOG` is invalid.
fn filter(level: &str) -> (EnvFilter, bool) {
    let wanted = std::env::var(EnvFilter::DEFAULT_ENV).ok().filter(|wanted| !wanted.trim().is_empty());
    let read = wanted.as_deref().map(EnvFilter::try_new);
    let is_invalid = matches!(read, Some(Err(_)));
    (read.and_then(Result::ok).unwrap_or_else(|| EnvFilter::new(level)), is_invalid)
}

fn warn_of_filter() {
    tracing::warn!("RUST_LOG is not understood: write it like info or support=debug");
}

fn is_coloured() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn report_lost(lines: u64) {
    tracing::warn!(lines, "lines were lost since the start, because the log could not be written");
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let thread = thread::current();
    tracing::error!(
        thread = thread.name().unwrap_or("unnamed"),
        location = panic.location().map(ToString::to_string),
        panic = panic.payload_as_str().unwrap_or("no message"),
        "panicked"
    );
}
