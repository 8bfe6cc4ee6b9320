//! Where the log goes: standard error, one line an event.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use crate::cli::LogFormat;

/// Starts the log in this form. `RUST_LOG` says what is logged; else this level and above.
pub(super) fn start(format: LogFormat, level: &str) {
    let wanted = std::env::var(EnvFilter::DEFAULT_ENV).ok().filter(|wanted| !wanted.trim().is_empty());
    let read = wanted.as_deref().map(EnvFilter::try_new);
    let unread = matches!(read, Some(Err(_)));
    let filter = read.and_then(Result::ok).unwrap_or_else(|| EnvFilter::new(level));
    let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(colour);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).with_current_span(false).with_span_list(false).init(),
    }
    if unread {
        tracing::warn!("RUST_LOG is not understood: write it like info or support=debug");
    }
}
