//! One connection: its requests one after the other, and an end that the client gets to see.

use std::convert::Infallible;
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

use super::exchange::Exchange;
use super::request::ConnectionAbort;
use super::socket::Socket;
use super::unread_body::TrackedBody;
use super::{malformed, middleware};
use crate::metrics::Requests;

/// Maximum size of a head that is read, in bytes.
const MAX_HEAD: usize = 32 * 1024;

/// How far the end of the server has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Not at all.
    Serving,
    /// Each answer is its connection's last.
    Closing,
    /// Idle connections are closed.
    Draining,
}

/// Settings that every connection of a server shares.
#[derive(Clone)]
pub(super) struct Settings {
    /// Time that an idle client may stay after an answer.
    pub(super) keep_alive: Duration,
    pub(super) counts: Option<Arc<Requests>>,
    pub(super) phase: watch::Receiver<Phase>,
}

/// Answers one connection's requests, until either side ends it.
pub(super) async fn serve_connection<S>(stream: TcpStream, routes: S, settings: Settings)
where
    S: Service<Request<TrackedBody>, Response = Response, Error = Infallible> + Clone + Unpin,
{
    // Small answers must not wait for the client's acknowledgement of the one before.
    let _ = stream.set_nodelay(true);
    let Settings { keep_alive, counts, mut phase } = settings;
    let _connected = counts.as_ref().map(|counts| counts.connected());
    let cut = ConnectionAbort::default();
    let exchange = Arc::new(Exchange::default());
    let service = {
        let (phase, cut, counts, exchange) = (phase.clone(), cut.clone(), counts.clone(), Arc::clone(&exchange));
        service_fn(move |request| {
            let answering = exchange.begin();
            let last = *phase.borrow() != Phase::Serving;
            let exchange = Arc::clone(&exchange);
            let answer = middleware::answer(routes.clone(), request, last, cut.clone(), counts.clone(), exchange);
            async move { Ok::<_, Infallible>(answering.until_handed_over(answer.await)) }
        })
    };
    let socket = TokioIo::new(Socket::new(stream, Arc::clone(&exchange), keep_alive));
    // Up to a hundred headers are read at all, as hyper has it: for any other number it clears room at each request.
    let mut builder = http1::Builder::new();
    builder.header_read_timeout(None).max_header_size(MAX_HEAD);
    let mut connection = builder.serve_connection(socket, service);
    let draining = async {
        // An error means that the server is gone, which ends the connection as well.
        let _ = phase.wait_for(|phase| *phase == Phase::Draining).await;
        exchange.end();
    };
    let conversation = async {
        tokio::select! {
            ended = &mut connection => return ended,
            () = draining => {}
        }
        Pin::new(&mut connection).graceful_shutdown();
        // Half a head is no request: nothing is in flight here.
        if exchange.begun() == 0 { Ok(()) } else { (&mut connection).await }
    };
    let ended = tokio::select! {
        ended = conversation => ended,
        () = cut.triggered() => return,
    };
    let parts = connection.into_parts();
    let mut socket = parts.io.into_inner();
    match ended {
        Ok(()) if exchange.is_unread() => socket.close_after(&[]).await,
        Ok(()) => {}
        Err(error) if error.is_parse() => {
            let head = socket.head().unwrap_or(&parts.read_buf);
            let answer = malformed::answer(head, error.is_parse_too_large(), counts.as_deref()).await;
            socket.close_after(&answer).await;
        }
        Err(error) => tracing::debug!(%error, "a connection broke off"),
    }
}
