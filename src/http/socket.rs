//! Socket adapter between Tokio and hyper: enforces timeouts on the client, keeps the beginning of a head that hyper
//! may reject, and discards the bare response that hyper writes to such a head.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::exchange::Exchange;
use super::limits::Limits;
use super::response_memory::ResponseMemory;

/// Maximum time without progress of a write while other responses wait for memory.
const SHORT_WRITE_TIMEOUT: Duration = Duration::from_secs(2);
/// Interval in which a blocked write checks if memory is short.
const MEMORY_CHECK_INTERVAL: Duration = Duration::from_secs(1);
/// Maximum time without progress of a write during the shutdown.
const SHUTDOWN_WRITE_TIMEOUT: Duration = Duration::from_secs(1);
/// Maximum number of bytes of a head that are kept for the response to an invalid one.
const MAX_KEPT_HEAD: usize = 8 * 1024;
/// Maximum time to read and discard input after the last response.
const LINGER_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum time without input in that phase.
const LINGER_IDLE_TIMEOUT: Duration = Duration::from_secs(2);
/// Both of these limits during the shutdown.
const SHUTDOWN_LINGER_TIMEOUT: Duration = Duration::from_secs(1);

/// TCP socket with timeouts.
pub(super) struct Socket {
    stream: TcpStream,
    exchange: Arc<Exchange>,
    limits: Limits,
    memory: Arc<ResponseMemory>,
    /// Number of requests whose responses were sent completely.
    sent_requests: u64,
    /// Number of requests before the kept head.
    requests_before_head: u64,
    head: Vec<u8>,
    /// True if everything that hyper wrote is sent.
    is_flushed: bool,
    /// True if a write waits for the client.
    is_blocked: bool,
    is_read_closed: bool,
    deadline: Instant,
    sleep: Pin<Box<Sleep>>,
}

impl Socket {
    /// Wraps the socket of a new connection.
    pub(super) fn new(stream: TcpStream, exchange: Arc<Exchange>, limits: Limits, memory: Arc<ResponseMemory>) -> Self {
        let deadline = Instant::now() + limits.head_timeout;
        let sleep = Box::pin(sleep_until(deadline));
        Self {
            stream,
            exchange,
            limits,
            memory,
            sent_requests: 0,
            requests_before_head: 0,
            head: Vec::new(),
            is_flushed: true,
            is_blocked: false,
            is_read_closed: false,
            deadline,
            sleep,
        }
    }

    /// Returns the beginning of the head that hyper rejected, if it came after the last response.
    pub(super) fn head(&self) -> Option<&[u8]> {
        (self.requests_before_head == self.exchange.begun() && !self.head.is_empty()).then_some(&self.head)
    }

    /// Sends the last bytes, if any, shuts down the write side, and reads for a while, so that a client that is still
    /// sending can read its response.
    pub(super) async fn close_after(&mut self, bytes: &[u8]) {
        let is_ending = self.exchange.is_ending();
        let (timeout, idle_timeout) = if is_ending {
            (SHUTDOWN_LINGER_TIMEOUT, SHUTDOWN_LINGER_TIMEOUT)
        } else {
            (LINGER_TIMEOUT, LINGER_IDLE_TIMEOUT)
        };
        let closing = async {
            self.stream.write_all(bytes).await?;
            self.stream.shutdown().await?;
            let mut unread = [0; 4 * 1024];
            while !self.is_read_closed {
                match tokio::time::timeout(idle_timeout, self.stream.read(&mut unread)).await {
                    Ok(Ok(1..)) => {}
                    Ok(Ok(0) | Err(_)) | Err(_) => break,
                }
            }
            io::Result::Ok(())
        };
        let _ = tokio::time::timeout(timeout, closing).await;
    }

    /// Returns true if every response was sent completely and no request is in flight: what hyper writes now is its own
    /// response to a head.
    fn is_sent(&self) -> bool {
        self.sent_requests == self.exchange.begun()
    }

    /// Returns true if, in addition, no body is being drained: the next input is a head.
    fn is_idle(&self) -> bool {
        self.is_sent() && !self.exchange.is_draining()
    }

    /// Starts the idle timeout at the end of the last response.
    fn start_idle_deadline(&mut self) {
        if self.is_flushed && !self.is_sent() && self.exchange.is_answered() {
            self.sent_requests = self.exchange.begun();
            self.deadline = Instant::now() + self.limits.keep_alive;
        }
    }

    /// Polls the deadline, which may have moved since the timer was set.
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

    /// Keeps the beginning of the next head, received while no request is in flight.
    fn keep_head(&mut self, bytes: &[u8]) {
        let begun = self.exchange.begun();
        if self.requests_before_head != begun || self.head.is_empty() {
            self.head.clear();
            self.requests_before_head = begun;
            self.deadline = Instant::now() + self.limits.head_timeout;
        }
        let room = MAX_KEPT_HEAD - self.head.len();
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
        self.start_idle_deadline();
        let is_idle = self.is_idle();
        if read.is_pending() && is_idle {
            return self.poll_deadline(cx).map(|()| Err(ErrorKind::TimedOut.into()));
        }
        let received = &buf.filled()[before..];
        match read {
            Poll::Ready(Ok(())) if received.is_empty() => self.is_read_closed = true,
            Poll::Ready(Ok(())) if is_idle => self.keep_head(received),
            Poll::Ready(_) | Poll::Pending => {}
        }
        read
    }
}

impl Socket {
    /// Polls the write timeout while the client does not read.
    fn poll_write_deadline(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        loop {
            let now = Instant::now();
            let latest = now + self.write_timeout();
            self.deadline = if self.is_blocked { self.deadline.min(latest) } else { latest };
            self.is_blocked = true;
            if now >= self.deadline {
                return Poll::Ready(ErrorKind::TimedOut.into());
            }
            let next_check = self.deadline.min(now + MEMORY_CHECK_INTERVAL);
            self.sleep.as_mut().reset(next_check);
            ready!(self.sleep.as_mut().poll(cx));
        }
    }

    /// Returns the maximum time without progress of a write.
    fn write_timeout(&self) -> Duration {
        let timeout = self.limits.write_timeout;
        if self.exchange.is_ending() {
            SHUTDOWN_WRITE_TIMEOUT.min(timeout)
        } else if self.memory.is_short() {
            SHORT_WRITE_TIMEOUT.min(timeout)
        } else {
            timeout
        }
    }

    fn finish_write(&mut self, wrote: Poll<io::Result<usize>>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if wrote.is_pending() {
            return self.poll_write_deadline(cx).map(Err);
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
        self.finish_write(wrote, cx)
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
        self.finish_write(wrote, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Called when hyper has nothing more to write.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.is_flushed = true;
        self.start_idle_deadline();
        if self.is_idle() {
            // hyper does not poll the read again after one that found nothing: the timer is set here and wakes that
            // read.
            let _ = self.poll_deadline(cx);
        }
        Poll::Ready(Ok(()))
    }

    /// Does nothing: [`Self::close_after`] shuts down the write side after the last response.
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
