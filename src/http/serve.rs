//! The accept loop: HTTP/1.1 connections with limits on their number, their headers and their silence, and an end
//! that answers what is in flight.

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

use super::connection::{Phase, Settings, converse};
use super::limits::KEEP_ALIVE;
use super::routes::routes;
use super::unread_body::TrackedBody;
use super::{AppState, stream_supervisor};
use crate::metrics::Requests;

/// The most connections at once; beyond them, others wait in the kernel's queue.
const CONNECTIONS: u32 = 12_000;
/// How long idle clients may still send a request when the server ends, to learn that it does.
const FAREWELL: Duration = Duration::from_millis(500);
/// How long what is in flight may take when the server ends.
const DRAIN: Duration = Duration::from_secs(10);
/// How long to wait where the process has no descriptor left for a new connection.
const BREATH: Duration = Duration::from_millis(50);

/// A server that has its port and does not serve yet.
pub struct Listening {
    listener: TcpListener,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Listening {
    /// Takes the port.
    ///
    /// # Errors
    /// What the system says: the port is taken, or not ours to take.
    pub async fn on(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }
}

/// Serves the desk until `end` comes, then answers what is in flight, for at most 10 s.
pub async fn serve(listening: Listening, state: Arc<AppState>, end: impl Future<Output = ()>) {
    let looking_after = tokio::spawn(stream_supervisor::supervise(Arc::clone(&state)));
    let end = async {
        end.await;
        state.streams.end();
    };
    let counts = state.metrics.as_ref().map(|metrics| Arc::clone(&metrics.requests));
    accept_all(listening, warp::service(routes(&state)), counts, state.keep_alive, end).await;
    looking_after.abort();
}

/// The same for any routes, so that a bench can tell what the accept loop alone costs.
pub async fn serve_routes<S>(listening: Listening, routes: S, end: impl Future<Output = ()>)
where
    S: Service<Request<TrackedBody>, Response = Response, Error = Infallible> + Clone + Send + Unpin + 'static,
    S::Future: Send,
{
    accept_all(listening, routes, None, KEEP_ALIVE, end).await;
}

/// Takes connections until `end` comes, and counts what they ask where somebody wants to know.
async fn accept_all<S>(
    listening: Listening,
    routes: S,
    counts: Option<Arc<Requests>>,
    keep_alive: Duration,
    end: impl Future<Output = ()>,
) where
    S: Service<Request<TrackedBody>, Response = Response, Error = Infallible> + Clone + Send + Unpin + 'static,
    S::Future: Send,
{
    let places = Arc::new(Semaphore::new(CONNECTIONS as usize));
    let (phase, watching) = watch::channel(Phase::Serving);
    let settings = Settings { keep_alive, counts, phase: watching };
    let mut end = pin!(end);
    loop {
        let next = async {
            // The semaphore is never closed, so this is always a place.
            let place = Arc::clone(&places).acquire_owned().await;
            (accept(&listening.listener).await, place)
        };
        tokio::select! {
            biased;
            () = &mut end => break,
            (stream, place) = next => {
                let connection = converse(stream, routes.clone(), settings.clone());
                tokio::spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
        }
    }
    drop(listening);
    let all_left = places.acquire_many(CONNECTIONS);
    let ended = async {
        let mut all_left = pin!(all_left);
        phase.send_replace(Phase::Farewell);
        if tokio::time::timeout(FAREWELL, &mut all_left).await.is_err() {
            phase.send_replace(Phase::Draining);
            let _ = all_left.await;
        }
    };
    if tokio::time::timeout(DRAIN, ended).await.is_err() {
        tracing::warn!("some requests were still in flight after 10 s and are cut off");
    }
}

/// The next connection; out of descriptors, it waits for some to be free again.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}
