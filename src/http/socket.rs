//! A connection's socket as hyper uses it: holds the client to its times, keeps the beginning of a head that hyper may
//! refuse, and drops the bare answer that hyper gives to such a head by itself.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::exchange::Exchange;

/// Maximum time that a client takes over a request's head.
pub(super) const HEAD_TIME: Duration = Duration::from_secs(15);
/// Maximum time in which a client takes nothing of its answer.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// The same while the server ends.
const LAST_WRITE_TIME: Duration = Duration::from_secs(1);
/// Bytes of a head that are kept until its request begins.
const HEAD_KEPT: usize = 8 * 1024;
/// Maximum time, in all, to go on reading after the last answer.
const LINGER: Duration = Duration::from_secs(10);
/// Maximum silence in that time.
const LINGER_SILENCE: Duration = Duration::from_secs(2);
/// The same two while the server ends.
const LAST_LINGER: Duration = Duration::from_secs(1);

/// A socket with its times.
pub(super) struct Socket {
    stream: TcpStream,
    exchange: Arc<Exchange>,
    keep_alive: Duration,
    /// Requests that had begun when all answers were last sent to their end.
    sent: u64,
    /// Requests that had begun when the kept head began.
    head_after: u64,
    head: Vec<u8>,
    /// Nothing that hyper wrote waits to be sent.
    is_flushed: bool,
    /// Bytes wait for the client to take them.
    is_blocked: bool,
    is_at_end: bool,
    deadline: Instant,
    sleep: Pin<Box<Sleep>>,
}

impl Socket {
    /// The socket of a new connection, on which an idle client may stay for `keep_alive` after an answer.
    pub(super) fn new(stream: TcpStream, exchange: Arc<Exchange>, keep_alive: Duration) -> Self {
        let deadline = Instant::now() + HEAD_TIME;
        let sleep = Box::pin(sleep_until(deadline));
        Self {
            stream,
            exchange,
            keep_alive,
            sent: 0,
            head_after: 0,
            head: Vec::new(),
            is_flushed: true,
            is_blocked: false,
            is_at_end: false,
            deadline,
            sleep,
        }
    }

    /// The beginning of the head that hyper refused, where it came after the last answer.
    pub(super) fn head(&self) -> Option<&[u8]> {
        (self.head_after == self.exchange.begun() && !self.head.is_empty()).then_some(&self.head)
    }

    /// Sends the last bytes, if any, ends our side of the connection, and reads on for a while, so that a client that is
    /// still sending sees its answer.
    pub(super) async fn close_after(&mut self, bytes: &[u8]) {
        let is_ending = self.exchange.is_ending();
        let (time, silence) = if is_ending { (LAST_LINGER, LAST_LINGER) } else { (LINGER, LINGER_SILENCE) };
        let last = async {
            self.stream.write_all(bytes).await?;
            self.stream.shutdown().await?;
            let mut unread = [0; 4 * 1024];
            while !self.is_at_end {
                match tokio::time::timeout(silence, self.stream.read(&mut unread)).await {
                    Ok(Ok(1..)) => {}
                    Ok(Ok(0) | Err(_)) | Err(_) => break,
                }
            }
            io::Result::Ok(())
        };
        let _ = tokio::time::timeout(time, last).await;
    }

    /// Every answer was sent to its end, and none is being made: what hyper writes now is its own answer to a head.
    fn is_sent(&self) -> bool {
        self.sent == self.exchange.begun()
    }

    /// The same, and no body is being drained: what comes now is a head.
    fn is_idle(&self) -> bool {
        self.is_sent() && !self.exchange.is_draining()
    }

    /// Notes the end of the last answer, from which the time of an idle client counts.
    fn note_idle(&mut self) {
        if self.is_flushed && !self.is_sent() && self.exchange.is_answered() {
            self.sent = self.exchange.begun();
            self.deadline = Instant::now() + self.keep_alive;
        }
    }

    /// Comes at the deadline, which may have moved since the timer was set.
    fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.sleep.deadline() > self.deadline {
            self.sleep.as_mut().reset(self.deadline);
        }
        loop {
            ready!(self.sleep.as_mut().poll(cx));
            if self.sleep.deadline() >= self.deadline {
                return Poll::Ready(());
            }
            self.sleep.as_mut().reset(self.deadline);
        }
    }

    /// Takes note of bytes that came while no request was being answered: the beginning of the next head.
    fn keep_head(&mut self, bytes: &[u8]) {
        let begun = self.exchange.begun();
        if self.head_after != begun || self.head.is_empty() {
            self.head.clear();
            self.head_after = begun;
            self.deadline = Instant::now() + HEAD_TIME;
        }
        let room = HEAD_KEPT - self.head.len();
        self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if read.is_pending() {
            self.exchange.wake_when_drained(cx.waker());
        }
        self.note_idle();
        let is_idle = self.is_idle();
        if read.is_pending() && is_idle {
            return self.poll_deadline(cx).map(|()| Err(ErrorKind::TimedOut.into()));
        }
        let came = &buf.filled()[before..];
        match read {
            Poll::Ready(Ok(())) if came.is_empty() => self.is_at_end = true,
            Poll::Ready(Ok(())) if is_idle => self.keep_head(came),
            Poll::Ready(_) | Poll::Pending => {}
        }
        read
    }
}

impl Socket {
    /// Moves the deadline while the client takes nothing.
    fn wait_for_client(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let time = if self.exchange.is_ending() { LAST_WRITE_TIME } else { WRITE_TIME };
        let latest = Instant::now() + time;
        self.deadline = if self.is_blocked { self.deadline.min(latest) } else { latest };
        self.is_blocked = true;
        self.poll_deadline(cx).map(|()| ErrorKind::TimedOut.into())
    }

    fn wrote(&mut self, wrote: Poll<io::Result<usize>>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if wrote.is_pending() {
            return self.wait_for_client(cx).map(Err);
        }
        self.is_blocked = false;
        wrote
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.is_sent() {
            return Poll::Ready(Ok(bytes.len()));
        }
        self.is_flushed = false;
        let wrote = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.wrote(wrote, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.is_sent() {
            return Poll::Ready(Ok(parts.iter().map(|part| part.len()).sum()));
        }
        self.is_flushed = false;
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.wrote(wrote, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Called when hyper has nothing more to write.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.is_flushed = true;
        self.note_idle();
        if self.is_idle() {
            // Hyper does not read again where the last read found nothing: the timer is set here, and the read ends by it.
            let _ = self.poll_deadline(cx);
        }
        Poll::Ready(Ok(()))
    }

    /// Does nothing: [`Self::close_after`] ends our side once the last answer was written.
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
