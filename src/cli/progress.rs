//! Progress on a terminal, for commands that take longer than a second.

use std::io::{IsTerminal, stderr};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Delay before the progress is shown.
const SHOW_DELAY: Duration = Duration::from_secs(1);
/// Interval between two frames of the spinner.
const TICK: Duration = Duration::from_millis(100);

/// Progress spinner or bar that appears after a second and is cleared on drop.
pub(crate) struct Progress {
    bar: ProgressBar,
    thread: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Starts the progress with a description of the activity. `quiet` disables it, for output on the same terminal.
    pub(crate) fn start(activity: String, quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if quiet || !stderr().is_terminal() {
            return Self { bar, thread: None };
        }
        let style = ProgressStyle::with_template("{spinner} {msg} {human_pos} [{elapsed}]");
        bar.set_style(style.expect("the template is valid"));
        bar.set_message(activity);
        let (stop, stopped) = channel();
        let shown = bar.clone();
        let thread = std::thread::spawn(move || {
            if stopped.recv_timeout(SHOW_DELAY) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(TICK);
            }
        });
        Self { bar, thread: Some((stop, thread)) }
    }

    /// Sets the total, and changes the spinner to a bar.
    pub(crate) fn set_total(&self, total: usize) {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {percent}% [{elapsed}]");
        self.bar.set_style(style.expect("the template is valid"));
        self.bar.set_length(total as u64);
    }

    /// Adds completed items.
    pub(crate) fn advance(&self, count: usize) {
        self.bar.inc(count as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.thread.take() {
            drop(stop);
            // The thread only draws the progress, so a panic in it is harmless.
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}
