//! Load generator: a number of connections, each of which sends its next request when the response to the previous one
//! arrived.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::process::Server;

/// Function from a sequence number to the next request, or `None` at the end of the load.
pub(crate) type Next = Arc<dyn Fn(u64) -> Option<Request<Full<Bytes>>> + Send + Sync>;

/// Result of a load.
#[derive(Debug, Clone, Default)]
pub(crate) struct Load {
    /// Number of responses, all of them successful.
    pub(crate) responses: u64,
    /// Duration in seconds.
    pub(crate) seconds: f64,
    /// CPU time of the server per response, in microseconds.
    pub(crate) cpu: f64,
    /// Median latency in milliseconds.
    pub p50: f64,
    /// 99th percentile of the latency in milliseconds.
    pub p99: f64,
    /// Memory of the server at the end of the load, in MiB.
    pub(crate) memory: f64,
    /// Bodies of the responses, if they were collected.
    pub(crate) bodies: Vec<Bytes>,
}

impl Load {
    /// Returns the number of responses per second.
    pub(crate) fn rate(&self) -> f64 {
        self.responses as f64 / self.seconds
    }
}

/// Sends requests over these connections for this time, or until `next` returns `None`.
pub(crate) async fn load(server: &Server, connections: usize, time: Duration, keep: bool, next: Next) -> Load {
    let number = Arc::new(AtomicU64::new(0));
    let mut senders = Vec::with_capacity(connections);
    for _ in 0..connections {
        let stream = TcpStream::connect(&server.address).await.expect("the server accepts");
        stream.set_nodelay(true).expect("a socket takes its options");
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.expect("HTTP/1.1 begins");
        tokio::spawn(connection);
        senders.push(sender);
    }
    let (before, started) = (server.cpu(), Instant::now());
    let mut workers = Vec::with_capacity(connections);
    for mut sender in senders {
        let (next, number) = (Arc::clone(&next), Arc::clone(&number));
        workers.push(tokio::spawn(async move {
            let (mut waits, mut bodies) = (Vec::new(), Vec::new());
            while started.elapsed() < time {
                let Some(request) = next(number.fetch_add(1, Ordering::Relaxed)) else { break };
                let asked = Instant::now();
                let response = sender.send_request(request).await.expect("the server answers");
                let status = response.status();
                let body = response.into_body().collect().await.expect("the answer is whole").to_bytes();
                waits.push(asked.elapsed());
                assert!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
                if keep {
                    bodies.push(body);
                }
            }
            (waits, bodies)
        }));
    }
    let (mut waits, mut bodies) = (Vec::new(), Vec::new());
    for worker in workers {
        let (waited, kept) = worker.await.expect("no worker fails");
        waits.extend(waited);
        bodies.extend(kept);
    }
    let (seconds, cpu) = (started.elapsed().as_secs_f64(), server.cpu().saturating_sub(before));
    waits.sort_unstable();
    let at = |part: usize| waits.get(waits.len() * part / 100).map_or(0.0, |wait| wait.as_secs_f64() * 1e3);
    let responses = waits.len() as u64;
    Load {
        responses,
        seconds,
        cpu: cpu.as_secs_f64() * 1e6 / responses.max(1) as f64,
        p50: at(50),
        p99: at(99),
        memory: server.memory(),
        bodies,
    }
}
