//! The log on standard error: one line an event, panics included.

use std::io::{self, IsTerminal};
use std::panic::{self, PanicHookInfo};
use std::sync::Arc;
use std::thread;

use tracing_subscriber::EnvFilter;

use super::background_writer::BackgroundWriter;
use crate::cli::LogFormat;
use crate::metrics::Counter;

/// The log of a server: its lines are written in the background, and lost lines are counted.
pub(super) struct ServerLog {
    writer: Arc<BackgroundWriter>,
    /// Lines that could not be written.
    pub(super) lost: Counter,
}

impl ServerLog {
    /// Starts the log in this format, at level `info` unless `RUST_LOG` says otherwise. From now on a panic is one line.
    ///
    /// # Errors
    /// The system starts no thread.
    pub(super) fn start(format: LogFormat) -> io::Result<Self> {
        let lost = Counter::default();
        let writer = Arc::new(BackgroundWriter::start(io::stderr(), lost.clone(), report_lost)?);
        let (filter, unread) = filter("info");
        let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Arc::clone(&writer));
        let log = log.with_ansi(is_coloured());
        match format {
            LogFormat::Text => log.init(),
            LogFormat::Json => log.json().flatten_event(true).with_current_span(false).with_span_list(false).init(),
        }
        panic::set_hook(Box::new(log_panic));
        if unread {
            warn_of_filter();
        }
        Ok(Self { writer, lost })
    }

    /// Waits until every line was written or dropped, for at most 1 s.
    pub(super) fn flush(&self) {
        self.writer.flush();
    }
}

/// Starts the log of a command, which is silent unless `RUST_LOG` says otherwise.
pub(super) fn start_for_command() {
    let (filter, unread) = filter("off");
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(is_coloured()).init();
    if unread {
        warn_of_filter();
    }
}

/// The filter of `RUST_LOG`, else this level and above; true where `RUST_LOG` is not understood.
fn filter(level: &str) -> (EnvFilter, bool) {
    let wanted = std::env::var(EnvFilter::DEFAULT_ENV).ok().filter(|wanted| !wanted.trim().is_empty());
    let read = wanted.as_deref().map(EnvFilter::try_new);
    let unread = matches!(read, Some(Err(_)));
    (read.and_then(Result::ok).unwrap_or_else(|| EnvFilter::new(level)), unread)
}

fn warn_of_filter() {
    tracing::warn!("RUST_LOG is not understood: write it like info or support=debug");
}

fn is_coloured() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn report_lost(lines: u64) {
    tracing::warn!(lines, "the log could not be written for a while: so many lines were lost since the start");
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let thread = thread::current();
    tracing::error!(
        thread = thread.name().unwrap_or("unnamed"),
        location = panic.location().map(ToString::to_string),
        panic = panic.payload_as_str().unwrap_or("no words"),
        "panicked"
    );
}
