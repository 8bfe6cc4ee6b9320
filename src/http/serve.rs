//! Accept loop for HTTP/1.1 connections, with limits on their number and a graceful shutdown.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower_service::Service;
use warp::reply::Response;

use super::connection::{Phase, Settings, serve_connection};
use super::limits::DEFAULT_KEEP_ALIVE;
use super::routes::routes;
use super::unread_body::TrackedBody;
use super::{AppState, stream_supervisor};
use crate::metrics::Requests;

/// Maximum number of concurrent connections; further ones wait in the kernel's backlog.
const MAX_CONNECTIONS: u32 = 12_000;
/// Time, after the shutdown begins, in which idle clients may still send a request and receive `Connection: close`.
const CLOSE_NOTICE_TIME: Duration = Duration::from_millis(500);
/// Maximum time for requests in flight after the shutdown begins.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// Delay before the next `accept` after one failed, as when the process has no file descriptor left.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(50);

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
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = TcpListener::bind(address).await?;
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
    let counts = state.metrics.as_ref().map(|metrics| Arc::clone(&metrics.requests));
    accept_all(listener, warp::service(routes(&state)), counts, state.keep_alive, shutdown).await;
    supervisor.abort();
}

/// Serves any routes in the same way, so that a benchmark measures the accept loop alone.
pub async fn serve_routes<S>(listener: BoundListener, routes: S, shutdown: impl Future<Output = ()>)
where
    S: Service<Request<TrackedBody>, Response = Response, Error = Infallible> + Clone + Send + Unpin + 'static,
    S::Future: Send,
{
    accept_all(listener, routes, None, DEFAULT_KEEP_ALIVE, shutdown).await;
}

/// Accepts connections until `shutdown` resolves, and counts their requests if `counts` is given.
async fn accept_all<S>(
    listener: BoundListener,
    routes: S,
    counts: Option<Arc<Requests>>,
    keep_alive: Duration,
    shutdown: impl Future<Output = ()>,
) where
    S: Service<Request<TrackedBody>, Response = Response, Error = Infallible> + Clone + Send + Unpin + 'static,
    S::Future: Send,
{
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS as usize));
    let (phase, phase_receiver) = watch::channel(Phase::Serving);
    let settings = Settings { keep_alive, counts, phase: phase_receiver };
    let mut shutdown = pin!(shutdown);
    loop {
        let next = async {
            // The semaphore is never closed, so this always yields a permit.
            let permit = Arc::clone(&permits).acquire_owned().await;
            (accept(&listener.socket).await, permit)
        };
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            (stream, permit) = next => {
                let connection = serve_connection(stream, routes.clone(), settings.clone());
                tokio::spawn(async move {
                    connection.await;
                    drop(permit);
                });
            }
        }
    }
    drop(listener);
    let all_closed = permits.acquire_many(MAX_CONNECTIONS);
    let closed = async {
        let mut all_closed = pin!(all_closed);
        phase.send_replace(Phase::Closing);
        if tokio::time::timeout(CLOSE_NOTICE_TIME, &mut all_closed).await.is_err() {
            phase.send_replace(Phase::Draining);
            let _ = all_closed.await;
        }
    };
    if tokio::time::timeout(DRAIN_TIMEOUT, closed).await.is_err() {
        tracing::warn!("aborted the requests still in flight after 10 s");
    }
}

/// Accepts the next connection, and retries after an error.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) => {
                tracing::warn!(%error, "failed to accept a connection");
                tokio::time::sleep(ACCEPT_RETRY_DELAY).await;
            }
        }
    }
}
