//! Serving of one connection, up to a close after which the client can still read the last response.

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tower_service::Service;
use warp::reply::Response;

use super::client_address::TrustedProxies;
use super::connections::Class;
use super::exchange::Exchange;
use super::limits::Limits;
use super::malformed;
use super::middleware::{self, Connection};
use super::request::ConnectionAbort;
use super::response_memory::ResponseMemory;
use super::socket::Socket;
use super::unread_body::TrackedBody;
use crate::metrics::Requests;

/// Maximum size of a request head in hyper's buffer, in bytes.
const MAX_HEAD_BUFFER: usize = 32 * 1024;
/// Size of hyper's buffers in bytes, above which it neither reads nor handles further pipelined requests.
const MAX_BUFFER: usize = 64 * 1024;
/// Maximum time to receive a request head on a reserved connection, of which there are few.
const RESERVED_HEAD_TIMEOUT: Duration = Duration::from_secs(2);

/// Progress of the server's shutdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// The server accepts connections and requests.
    Serving,
    /// Every response carries `Connection: close`.
    Closing,
    /// Idle connections are closed.
    Draining,
}

/// Settings shared by all connections of a server.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) limits: Limits,
    pub(super) memory: Arc<ResponseMemory>,
    pub(super) counts: Option<Arc<Requests>>,
    pub(super) trusted_proxies: Arc<TrustedProxies>,
    pub(super) phase: watch::Receiver<Phase>,
}

/// Serves the requests of one connection, until either side closes it. A reserved connection serves one request.
pub(super) async fn serve_connection<S>(stream: TcpStream, peer: IpAddr, routes: S, settings: Settings, class: Class)
where
    S: Service<Request<TrackedBody>, Response = Response, Error = Infallible> + Clone + Unpin,
{
    // Small responses must not wait for the acknowledgement of the previous one (Nagle's algorithm).
    let _ = stream.set_nodelay(true);
    let Settings { mut limits, memory, counts, trusted_proxies, mut phase } = settings;
    if class == Class::Reserved {
        limits.head_timeout = limits.head_timeout.min(RESERVED_HEAD_TIMEOUT);
    }
    let _connected = counts.as_ref().map(|counts| counts.connected());
    let abort = ConnectionAbort::default();
    let exchange = Arc::new(Exchange::default());
    let connection = Arc::new(Connection {
        class,
        peer,
        trusted_proxies,
        timeout: limits.response_timeout,
        abort: abort.clone(),
        exchange: Arc::clone(&exchange),
        counts,
    });
    let service = {
        let (phase, connection) = (phase.clone(), Arc::clone(&connection));
        service_fn(move |request| {
            let guard = connection.exchange.begin();
            let is_last = class == Class::Reserved || *phase.borrow() != Phase::Serving;
            let response = middleware::handle(routes.clone(), request, is_last, Arc::clone(&connection));
            async move { Ok::<_, Infallible>(guard.attach_to(response.await)) }
        })
    };
    let socket = TokioIo::new(Socket::new(stream, Arc::clone(&exchange), limits, memory));
    // hyper's default of 100 headers stays: any other number makes hyper allocate at each request.
    let mut builder = http1::Builder::new();
    builder.header_read_timeout(None).max_header_size(MAX_HEAD_BUFFER).max_buf_size(MAX_BUFFER);
    let mut http = builder.serve_connection(socket, service);
    let draining = async {
        // An error means that the server was dropped, which closes the connection as well.
        let _ = phase.wait_for(|phase| *phase == Phase::Draining).await;
        exchange.end();
    };
    let serving = async {
        tokio::select! {
            result = &mut http => return result,
            () = draining => {}
        }
        Pin::new(&mut http).graceful_shutdown();
        // An incomplete head is not a request in flight.
        if exchange.begun() == 0 { Ok(()) } else { (&mut http).await }
    };
    let result = tokio::select! {
        result = serving => result,
        () = abort.triggered() => return,
    };
    let parts = http.into_parts();
    let mut socket = parts.io.into_inner();
    match result {
        Ok(()) if exchange.is_unread() => socket.close_after(&[]).await,
        Ok(()) => {}
        Err(error) if error.is_parse() => {
            let head = socket.head().unwrap_or(&parts.read_buf);
            let response = malformed::respond(head, error.is_parse_too_large(), &connection).await;
            socket.close_after(&response).await;
        }
        Err(error) => tracing::debug!(%error, "connection failed"),
    }
}
