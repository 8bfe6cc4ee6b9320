//! The accept loop: HTTP/1.1 connections with limits on their number, their headers and their silence, and an end
//! that answers what is in flight.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower_service::Service;
use warp::reply::Response;

use super::asked::Cut;
use super::{Desk, front, routes, streams};
use crate::metrics::Requests;

/// The most connections at once; beyond them, others wait in the kernel's queue.
const CONNECTIONS: u32 = 12_000;
/// How long a client may take over a request's head, and how long a connection may stand idle.
const HEAD_TIME: Duration = Duration::from_secs(15);
/// The largest head of a request that is read at all, in bytes: beyond the limit that is answered by name.
const HEAD_MAX: usize = 32 * 1024;
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

/// How far the end has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Not at all.
    Serving,
    /// Each answer is its connection's last.
    Farewell,
    /// Idle connections are closed.
    Draining,
}

/// Serves the desk until `end` comes, then answers what is in flight, for at most 10 s.
pub async fn serve(listening: Listening, desk: Arc<Desk>, end: impl Future<Output = ()>) {
    let looking_after = tokio::spawn(streams::look_after(Arc::clone(&desk)));
    let end = async {
        end.await;
        desk.streams.end();
    };
    let counts = desk.metrics.as_ref().map(|metrics| Arc::clone(&metrics.requests));
    accept_all(listening, warp::service(routes(&desk)), counts, end).await;
    looking_after.abort();
}

/// The same for any routes, so that a bench can tell what the accept loop alone costs.
pub async fn serve_routes<S>(listening: Listening, routes: S, end: impl Future<Output = ()>)
where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    accept_all(listening, routes, None, end).await;
}

/// Takes connections until `end` comes, and counts what they ask where somebody wants to know.
async fn accept_all<S>(listening: Listening, routes: S, counts: Option<Arc<Requests>>, end: impl Future<Output = ()>)
where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let places = Arc::new(Semaphore::new(CONNECTIONS as usize));
    let (phase, watching) = watch::channel(Phase::Serving);
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
                let connection = converse(stream, routes.clone(), counts.clone(), watching.clone());
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

/// Answers one connection's requests, until either side ends it.
async fn converse<S>(stream: TcpStream, routes: S, counts: Option<Arc<Requests>>, mut phase: watch::Receiver<Phase>)
where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible> + Clone,
{
    // Small answers must not wait for the client's acknowledgement of the one before.
    let _ = stream.set_nodelay(true);
    let _connected = counts.as_ref().map(|counts| counts.connected());
    let ending = phase.clone();
    let cut = Cut::default();
    let cuts = cut.clone();
    let begun = Arc::new(AtomicBool::new(false));
    let beginning = Arc::clone(&begun);
    let service = service_fn(move |request| {
        beginning.store(true, Ordering::Relaxed);
        let last = *ending.borrow() != Phase::Serving;
        let answer = front::answer(routes.clone(), request, last, cuts.clone(), counts.clone());
        async move { Ok::<_, Infallible>(answer.await) }
    });
    let mut builder = http1::Builder::new();
    // Up to a hundred headers are read at all, as hyper has it: for any other number it clears room at each request.
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_header_size(HEAD_MAX);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let draining = async {
        // An error means that the server is gone, which ends the connection as well.
        let _ = phase.wait_for(|phase| *phase == Phase::Draining).await;
    };
    let conversation = async {
        tokio::select! {
            ended = connection.as_mut() => ended,
            () = draining => {
                connection.as_mut().graceful_shutdown();
                // Half a head is no request: nothing is in flight here.
                if begun.load(Ordering::Relaxed) { connection.as_mut().await } else { Ok(()) }
            }
        }
    };
    let ended = tokio::select! {
        ended = conversation => ended,
        () = cut.comes() => Ok(()),
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}
