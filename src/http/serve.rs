//! Accept loop for HTTP/1.1 connections, with limits on their number and a graceful shutdown.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::Request;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tower_service::Service;
use warp::reply::Response;

use super::connection::{Phase, Settings, serve_connection};
use super::connections::Connections;
use super::limits::Limits;
use super::response_memory::ResponseMemory;
use super::routes::routes;
use super::unread_body::TrackedBody;
use super::{AppState, stream_supervisor};

/// Length of the kernel's queue of connections that are not accepted yet; the system may lower it (`somaxconn`).
const BACKLOG: u32 = 4_096;
/// Size of the kernel's send buffer of a connection, in bytes; Linux doubles it. A response that fits into it counts as
/// sent, although its client may never read it.
const SEND_BUFFER: u32 = 32 * 1024;
/// Time, after the shutdown begins, in which idle clients may still send a request and receive `Connection: close`.
const CLOSE_NOTICE_TIME: Duration = Duration::from_millis(500);
/// Maximum time for requests in flight after the shutdown begins.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// Delay before the next `accept` after one failed, as when the process has no file descriptor left.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(50);
/// Minimum interval between two log lines about refused connections.
const REFUSAL_LOG_INTERVAL: Duration = Duration::from_mins(1);
/// Response to a connection beyond the limits.
const REFUSED: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";

/// TCP listener that is bound to its port and does not accept connections yet.
pub struct BoundListener {
    socket: TcpListener,
    /// Local address, with the port that the system chose if port 0 was requested.
    pub address: SocketAddr,
}

impl BoundListener {
    /// Binds the address.
    ///
    /// # Errors
    /// I/O error of the system: the port is in use or requires a privilege.
    pub fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // A restarted server takes the port while connections of the previous one are in TIME_WAIT.
        socket.set_reuseaddr(true)?;
        // Accepted connections inherit the size.
        socket.set_send_buffer_size(SEND_BUFFER)?;
        socket.bind(address)?;
        let socket = socket.listen(BACKLOG)?;
        let address = socket.local_addr()?;
        Ok(Self { socket, address })
    }
}

/// Serves the API until `shutdown` resolves, then completes the requests in flight, for at most 10 s.
pub async fn serve(listener: BoundListener, state: Arc<AppState>, shutdown: impl Future<Output = ()>) {
    let supervisor = tokio::spawn(stream_supervisor::supervise(Arc::clone(&state)));
    let shutdown = async {
        shutdown.await;
        state.streams.end();
    };
    let settings = |phase| Settings {
        limits: state.limits,
        memory: Arc::clone(&state.response_memory),
        counts: state.metrics.as_ref().map(|metrics| Arc::clone(&metrics.requests)),
        trusted_proxies: Arc::clone(&state.trusted_proxies),
        phase,
    };
    accept_all(listener, warp::service(routes(&state)), settings, shutdown).await;
    supervisor.abort();
}

/// Serves any routes in the same way, so that a benchmark measures the accept loop alone.
pub async fn serve_routes<S>(listener: BoundListener, routes: S, shutdown: impl Future<Output = ()>)
where
    S: Service<Request<TrackedBody>, Response = Response, Error = Infallible> + Clone + Send + Unpin + 'static,
    S::Future: Send,
{
    let limits = Limits::default();
    let memory = Arc::new(ResponseMemory::new(limits.response_memory));
    let settings = |phase| Settings { limits, memory, counts: None, trusted_proxies: Arc::default(), phase };
    accept_all(listener, routes, settings, shutdown).await;
}

/// Accepts connections until `shutdown` resolves.
async fn accept_all<S>(
    listener: BoundListener,
    routes: S,
    settings: impl FnOnce(watch::Receiver<Phase>) -> Settings,
    shutdown: impl Future<Output = ()>,
) where
    S: Service<Request<TrackedBody>, Response = Response, Error = Infallible> + Clone + Send + Unpin + 'static,
    S::Future: Send,
{
    let mut refusals = Refusals::default();
    let (phase, phase_receiver) = watch::channel(Phase::Serving);
    let settings = settings(phase_receiver);
    let connections = Connections::new(settings.limits, Arc::clone(&settings.trusted_proxies));
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            (stream, peer) = accept(&listener.socket) => match connections.admit(peer.ip()) {
                Some(permit) => {
                    let connection = serve_connection(stream, peer.ip(), routes.clone(), settings.clone(), permit.class);
                    tokio::spawn(async move {
                        connection.await;
                        drop(permit);
                    });
                }
                None => refusals.refuse(&stream, peer),
            },
        }
    }
    drop(listener);
    let closed = async {
        let mut all_closed = pin!(connections.all_closed());
        phase.send_replace(Phase::Closing);
        if tokio::time::timeout(CLOSE_NOTICE_TIME, &mut all_closed).await.is_err() {
            phase.send_replace(Phase::Draining);
            all_closed.await;
        }
    };
    if tokio::time::timeout(DRAIN_TIMEOUT, closed).await.is_err() {
        tracing::warn!("aborted the requests still in flight after 10 s");
    }
}

/// Connections that were refused, for the log.
#[derive(Default)]
struct Refusals {
    count: u64,
    logged_at: Option<Instant>,
}

impl Refusals {
    /// Answers a connection beyond the limits as far as its socket takes bytes now, and logs at intervals.
    fn refuse(&mut self, stream: &TcpStream, peer: SocketAddr) {
        let _ = stream.try_write(REFUSED);
        self.count += 1;
        if self.logged_at.is_none_or(|at| at.elapsed() >= REFUSAL_LOG_INTERVAL) {
            self.logged_at = Some(Instant::now());
            let (count, last_address) = (std::mem::take(&mut self.count), peer.ip());
            tracing::warn!(count, %last_address, "refused connections beyond the limits");
        }
    }
}

/// Accepts the next connection, and retries after an error.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                tracing::warn!(%error, "failed to accept a connection");
                tokio::time::sleep(ACCEPT_RETRY_DELAY).await;
            }
        }
    }
}
