//! Writes lines on a thread of their own, so that a descriptor that fails or blocks never delays whoever has a line to
//! say. A line that finds the queue full or cannot be written is dropped and counted.

use std::io::{self, ErrorKind, Write};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::metrics::Counter;

/// Maximum number of lines that wait to be written.
const QUEUE: usize = 4_096;
/// Maximum time that [`BackgroundWriter::flush`] and [`within_deadline`] take.
const DEADLINE: Duration = Duration::from_secs(1);
/// Pause between two attempts to enter a full queue at the end.
const PAUSE: Duration = Duration::from_millis(10);

/// Work of the thread.
enum Item {
    Line(Vec<u8>),
    /// Answered once every line before it was written or dropped.
    Flush(SyncSender<()>),
}

/// Sink of lines that never blocks and never fails.
pub(super) struct BackgroundWriter {
    queue: SyncSender<Item>,
    lost: Counter,
}

impl BackgroundWriter {
    /// Starts the thread. `recovered` is called with the number of lines lost so far, once lines can be written again
    /// and none waits.
    ///
    /// # Errors
    /// The system starts no thread.
    pub(super) fn start(sink: impl Write + Send + 'static, lost: Counter, recovered: fn(u64)) -> io::Result<Self> {
        let (queue, items) = sync_channel(QUEUE);
        let counter = lost.clone();
        let mut writer = Writer { sink, torn: false, working: true, lost: counter };
        thread::Builder::new().name("log".to_owned()).spawn(move || writer.run(&items, recovered))?;
        Ok(Self { queue, lost })
    }

    /// Waits until every line was written or dropped, for at most 1 s.
    pub(super) fn flush(&self) {
        let until = Instant::now() + DEADLINE;
        let (done, wait) = sync_channel(1);
        while let Err(TrySendError::Full(_)) = self.queue.try_send(Item::Flush(done.clone())) {
            if Instant::now() >= until {
                return;
            }
            thread::sleep(PAUSE);
        }
        // A time-out is an end as well: the thread ends with the process.
        let _ = wait.recv_timeout(until.saturating_duration_since(Instant::now()));
    }
}

impl Write for &BackgroundWriter {
    /// Takes one whole line, as `tracing-subscriber` hands it over.
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

/// The thread's side.
struct Writer<W> {
    sink: W,
    /// Part of a line was written, and its end was not.
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

    /// Ends a line that broke off, so that the next one is a line of its own.
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

/// Does work that may block for ever on a descriptor, and waits for at most 1 s. The thread ends with the process.
pub(super) fn within_deadline(work: impl FnOnce() + Send + 'static) {
    let (done, wait) = sync_channel(1);
    let started = thread::Builder::new().name("output".to_owned()).spawn(move || {
        work();
        let _ = done.try_send(());
    });
    if started.is_ok() {
        let _ = wait.recv_timeout(DEADLINE);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Takes up to so many bytes in all, then fails until it is given room again.
    #[derive(Clone, Default)]
    struct Disk(Arc<Mutex<(Vec<u8>, usize)>>);

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let (written, room) = &mut *self.0.lock().unwrap();
            let fits = bytes.len().min(*room);
            if fits == 0 {
                return Err(ErrorKind::StorageFull.into());
            }
            *room -= fits;
            written.extend(&bytes[..fits]);
            Ok(fits)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_that_breaks_off_is_counted_and_the_next_begins_on_a_line_of_its_own() {
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
