//! Writes log lines on a separate thread, so that a descriptor that fails or blocks never delays the caller. A line
//! that does not fit in the queue or cannot be written is dropped and counted.

use std::io::{self, ErrorKind, Write};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::metrics::Counter;

/// Maximum number of queued lines.
const QUEUE_LENGTH: usize = 4_096;
/// Maximum time that [`BackgroundWriter::flush`] and [`within_deadline`] take.
const MAX_WAIT: Duration = Duration::from_secs(1);
/// Pause between two attempts to enqueue a flush.
const RETRY_DELAY: Duration = Duration::from_millis(10);

/// Item of the queue.
enum Item {
    Line(Vec<u8>),
    /// Signalled once every line before it is written or dropped.
    Flush(SyncSender<()>),
}

/// Sink of lines that never blocks and never fails.
pub(super) struct BackgroundWriter {
    queue: SyncSender<Item>,
    lost: Counter,
}

impl BackgroundWriter {
    /// Starts the thread. Calls `recovered` with the total number of lost lines once writing succeeds again and the
    /// queue is empty.
    ///
    /// # Errors
    /// The system cannot start a thread.
    pub(super) fn start(sink: impl Write + Send + 'static, lost: Counter, recovered: fn(u64)) -> io::Result<Self> {
        let (queue, items) = sync_channel(QUEUE_LENGTH);
        let counter = lost.clone();
        let mut writer = Writer { sink, torn: false, working: true, lost: counter };
        thread::Builder::new().name("log".to_owned()).spawn(move || writer.run(&items, recovered))?;
        Ok(Self { queue, lost })
    }

    /// Waits until every line is written or dropped, for at most 1 s.
    pub(super) fn flush(&self) {
        let until = Instant::now() + MAX_WAIT;
        let (done, wait) = sync_channel(1);
        while let Err(TrySendError::Full(_)) = self.queue.try_send(Item::Flush(done.clone())) {
            if Instant::now() >= until {
                return;
            }
            thread::sleep(RETRY_DELAY);
        }
        // On a timeout the lines are abandoned; the thread ends with the process.
        let _ = wait.recv_timeout(until.saturating_duration_since(Instant::now()));
    }
}

impl Write for &BackgroundWriter {
    /// Enqueues one complete line, as `tracing-subscriber` passes it.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.queue.try_send(Item::Line(line.to_vec())).is_err() {
            self.lost.inc();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// State of the writer thread.
struct Writer<W> {
    sink: W,
    /// True if only part of a line was written.
    torn: bool,
    working: bool,
    lost: Counter,
}

impl<W: Write> Writer<W> {
    fn run(&mut self, items: &Receiver<Item>, recovered: fn(u64)) {
        let mut reported = 0;
        loop {
            let item = match items.try_recv() {
                Err(TryRecvError::Empty) => {
                    let lost = self.lost.get();
                    if self.working && lost > reported {
                        reported = lost;
                        recovered(lost);
                    }
                    items.recv().ok()
                }
                item => item.ok(),
            };
            match item {
                Some(Item::Line(line)) => self.write(&line),
                Some(Item::Flush(done)) => {
                    let _ = done.try_send(());
                }
                None => return,
            }
        }
    }

    fn write(&mut self, line: &[u8]) {
        self.working = self.end_torn_line() && self.write_whole(line).is_ok();
        if !self.working {
            self.lost.inc();
        }
    }

    /// Terminates a partly written line, so that the next one starts on a new line.
    fn end_torn_line(&mut self) -> bool {
        if self.torn && matches!(self.sink.write(b"\n"), Ok(1)) {
            self.torn = false;
        }
        !self.torn
    }

    fn write_whole(&mut self, line: &[u8]) -> io::Result<()> {
        let mut rest = line;
        while !rest.is_empty() {
            match self.sink.write(rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => {
                    rest = &rest[written..];
                    self.torn = !rest.is_empty();
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Runs work that may block forever on a descriptor, and waits for it at most 1 s. The thread ends with the process.
pub(super) fn within_deadline(work: impl FnOnce() + Send + 'static) {
    let (done, wait) = sync_channel(1);
    let started = thread::Builder::new().name("output".to_owned()).spawn(move || {
        work();
        let _ = done.try_send(());
    });
    if started.is_ok() {
        let _ = wait.recv_timeout(MAX_WAIT);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Sink that accepts a limited number of bytes, then fails until the limit is raised.
    #[derive(Clone, Default)]
    struct Disk(Arc<Mutex<(Vec<u8>, usize)>>);

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let (written, free) = &mut *self.0.lock().unwrap();
            let fits = bytes.len().min(*free);
            if fits == 0 {
                return Err(ErrorKind::StorageFull.into());
            }
            *free -= fits;
            written.extend(&bytes[..fits]);
            Ok(fits)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_torn_line_is_counted_as_lost_and_the_next_one_starts_on_a_new_line() {
        let disk = Disk::default();
        let lost = Counter::default();
        let writer = BackgroundWriter::start(disk.clone(), lost.clone(), |_| {}).unwrap();
        disk.0.lock().unwrap().1 = 8;
        for line in [b"first\n", b"other\n", b"third\n"] {
            (&writer).write_all(line).unwrap();
        }
        writer.flush();
        assert_eq!(lost.get(), 2);
        disk.0.lock().unwrap().1 = 100;
        (&writer).write_all(b"fourth\n").unwrap();
        writer.flush();
        assert_eq!(disk.0.lock().unwrap().0, b"first\not\nfourth\n");
        assert_eq!(lost.get(), 2);
    }
}
