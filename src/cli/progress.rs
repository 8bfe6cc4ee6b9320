//! A sign of life on a terminal, for whatever takes longer than a second.

use std::io::{IsTerminal, stderr};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long a command may take without a sign of life.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the sign moves.
const TICK: Duration = Duration::from_millis(100);

/// A sign of life that shows itself after a second and vanishes when it is dropped.
pub(crate) struct Progress {
    bar: ProgressBar,
    watch: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins to wait, with what is being done; `quiet` where the sign would disturb what is printed on the same terminal.
    pub(crate) fn start(doing: String, quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if quiet || !stderr().is_terminal() {
            return Self { bar, watch: None };
        }
        let style = ProgressStyle::with_template("{spinner} {msg} {human_pos} [{elapsed}]");
        bar.set_style(style.expect("the template is a good one"));
        bar.set_message(doing);
        let (stop, stopped) = channel();
        let shown = bar.clone();
        let watch = std::thread::spawn(move || {
            if stopped.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(TICK);
            }
        });
        Self { bar, watch: Some((stop, watch)) }
    }

    /// There is so much to do: the sign becomes a bar.
    pub(crate) fn expect(&self, all: usize) {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {percent}% [{elapsed}]");
        self.bar.set_style(style.expect("the template is a good one"));
        self.bar.set_length(all as u64);
    }

    /// So many more are done.
    pub(crate) fn advance(&self, count: usize) {
        self.bar.inc(count as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, watch)) = self.watch.take() {
            drop(stop);
            // The watch only shows a bar: whether it ended well matters to nobody.
            let _ = watch.join();
        }
        self.bar.finish_and_clear();
    }
}
