//! Standard output. A closed pipe ends the output without an error.

use std::cell::Cell;
use std::io::{self, BufWriter, ErrorKind, Stdout, Write};
use std::rc::Rc;

/// Buffered standard output. Unflushed bytes are lost at exit.
pub(crate) struct Out(BufWriter<Pipe>);

struct Pipe {
    stdout: Stdout,
    closed: Rc<Cell<bool>>,
}

impl Out {
    /// Returns the standard output of the process.
    pub(crate) fn stdout() -> Self {
        Self(BufWriter::new(Pipe { stdout: io::stdout(), closed: Rc::default() }))
    }

    /// Returns a flag that becomes true when the reader has closed the pipe.
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
    /// Converts a broken pipe to a success, and sets the flag.
    fn ignore_broken_pipe<T>(&self, result: io::Result<T>, substitute: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed.set(true);
                Ok(substitute)
            }
            result => result,
        }
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed.get() {
            return Ok(bytes.len());
        }
        let result = self.stdout.write(bytes);
        self.ignore_broken_pipe(result, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed.get() {
            return Ok(());
        }
        let flushed = self.stdout.flush();
        self.ignore_broken_pipe(flushed, ())
    }
}
