//! Posts one signed message and reads what is answered: the status, and no more of the body than is kept.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_TYPE, HOST, RETRY_AFTER, USER_AGENT};
use http::{HeaderValue, Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;

use super::dial::{Connection, dial};
use crate::model::Timestamp;
use crate::model::webhook::Webhook;
use crate::model::webhook::attempt::{Ended, Trouble, retry_after};
use crate::model::webhook::delivery::{ANSWER_MAX, Attempt, readable};
use crate::outgoing::Client;

/// How long a connection may take, TLS and all.
const CONNECT: Duration = Duration::from_secs(5);
/// How long all of it may take.
const WHOLE: Duration = Duration::from_secs(15);
/// The largest head of an answer, in bytes.
const HEAD_MAX: usize = 32 * 1024;
/// Who we say we are.
const AGENT: &str = concat!("support/", env!("CARGO_PKG_VERSION"));

/// A message to a webhook.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'m> {
    /// To whom.
    pub webhook: &'m Webhook,
    /// Its id: the same on each try.
    pub message: &'m str,
    /// Its body: the same on each try.
    pub body: &'m str,
}

/// Posts messages; each goes over a connection of its own, and no redirect is followed.
#[derive(Clone)]
pub struct Sender {
    tls: TlsConnector,
    clock: fn() -> Timestamp,
}

impl Sender {
    /// One that trusts whom this client trusts, and signs with the time of this clock.
    pub fn new(client: &Client, clock: fn() -> Timestamp) -> Self {
        Self { tls: TlsConnector::from(client.tls()), clock }
    }

    /// Posts a message, within 15 s.
    pub async fn post(&self, outgoing: Outgoing<'_>) -> Attempt {
        let began = Instant::now();
        let deadline = began + WHOLE;
        // Ends with this attempt, however that ends: no connection outlives it.
        let mut connections = JoinSet::new();
        let (ended, answer) = match timeout_at(deadline, self.exchange(outgoing, &mut connections)).await {
            Ok(Ok(response)) => self.read(response, deadline).await,
            Ok(Err(trouble)) => (Ended::Failed(trouble), String::new()),
            Err(_) => (Ended::Failed(Trouble::TimedOut), String::new()),
        };
        let took = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
        Attempt { ended, at: (self.clock)(), took, answer }
    }

    async fn exchange(
        &self,
        outgoing: Outgoing<'_>,
        connections: &mut JoinSet<()>,
    ) -> Result<Response<Incoming>, Trouble> {
        let request = self.request(outgoing).ok_or(Trouble::Broken)?;
        let dialled = timeout(CONNECT, dial(&outgoing.webhook.is.target, &self.tls)).await;
        let stream: Box<dyn Connection> = dialled.map_err(|_| Trouble::TimedOut)??;
        let broken = |_| Trouble::Broken;
        let mut builder = http1::Builder::new();
        let (mut sender, connection) =
            builder.max_buf_size(HEAD_MAX).handshake(TokioIo::new(stream)).await.map_err(broken)?;
        connections.spawn(async move {
            let _ = connection.await;
        });
        sender.send_request(request).await.map_err(broken)
    }

    /// The request of a message, signed now; none where it cannot be written, which its webhook's checks rule out.
    fn request(&self, outgoing: Outgoing<'_>) -> Option<Request<Full<Bytes>>> {
        let Outgoing { webhook, message, body } = outgoing;
        let now = (self.clock)();
        let signed: Vec<_> =
            webhook.secrets(now).map(|secret| secret.sign(message, now.second(), body.as_bytes())).collect();
        let target = &webhook.is.target;
        let mut request = Request::new(Full::new(Bytes::from(body.to_owned())));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = target.path().parse().ok()?;
        let headers = request.headers_mut();
        for (name, value) in webhook.is.headers.iter() {
            headers.insert(name, value.clone());
        }
        headers.insert(HOST, target.authority().parse().ok()?);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        headers.insert("webhook-id", message.parse().ok()?);
        headers.insert("webhook-timestamp", now.second().into());
        headers.insert("webhook-signature", signed.join(" ").parse().ok()?);
        Some(request)
    }

    /// The answer, and the beginning of its body; a body that does not end in time changes nothing about its status.
    async fn read(&self, response: Response<Incoming>, deadline: Instant) -> (Ended, String) {
        let status = response.status().as_u16();
        let asked = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = asked.and_then(|text| retry_after(text, (self.clock)()));
        let mut body = response.into_body();
        let mut bytes = Vec::new();
        while bytes.len() < ANSWER_MAX {
            match timeout_at(deadline, body.frame()).await {
                Ok(Some(Ok(frame))) => bytes.extend(frame.data_ref().into_iter().flatten()),
                Ok(None | Some(Err(_))) | Err(_) => break,
            }
        }
        bytes.truncate(ANSWER_MAX);
        (Ended::Answered { status, retry_after }, readable(&bytes))
    }
}
