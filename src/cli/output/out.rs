//! Standard output, whose reader may go away: that ends the printing quietly, and is no error.

use std::cell::Cell;
use std::io::{self, BufWriter, ErrorKind, Stdout, Write};
use std::rc::Rc;

/// Standard output, buffered. Flush it before the end: what the buffer holds is lost otherwise.
pub(crate) struct Out(BufWriter<Pipe>);

struct Pipe {
    stdout: Stdout,
    closed: Rc<Cell<bool>>,
}

impl Out {
    /// The process's own.
    pub(crate) fn stdout() -> Self {
        Self(BufWriter::new(Pipe { stdout: io::stdout(), closed: Rc::default() }))
    }

    /// Becomes true when the reader has gone: nothing more needs to be printed.
    pub(crate) fn closed(&self) -> Rc<Cell<bool>> {
        Rc::clone(&self.0.get_ref().closed)
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Pipe {
    /// Takes a broken pipe for a success, and remembers it.
    fn quietly<T>(&self, wrote: io::Result<T>, instead: T) -> io::Result<T> {
        match wrote {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed.set(true);
                Ok(instead)
            }
            wrote => wrote,
        }
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed.get() {
            return Ok(bytes.len());
        }
        let wrote = self.stdout.write(bytes);
        self.quietly(wrote, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed.get() {
            return Ok(());
        }
        let flushed = self.stdout.flush();
        self.quietly(flushed, ())
    }
}
