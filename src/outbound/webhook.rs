//! Posts one signed message to a webhook.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, Request};
use http_body_util::Full;
use tokio::time::Instant;

use super::dial::AddressRule;
use super::http::{Client, Destination, Limits};
use crate::model::Timestamp;
use crate::model::delivery::{Attempt, DeliveryError, Outcome, readable, retry_after};
use crate::model::webhook::WebhookMessage;

/// The most of a receiver's answer that is read and kept, in bytes.
const MAX_ANSWER: usize = 4_096;
const LIMITS: Limits = Limits { connect: Duration::from_secs(5), total: Duration::from_secs(15), bytes: MAX_ANSWER };

/// Posts messages.
#[derive(Clone)]
pub struct Sender {
    client: Client,
    clock: fn() -> Timestamp,
}

impl Sender {
    /// A sender with this client, which signs with the time of this clock.
    pub fn new(client: &Client, clock: fn() -> Timestamp) -> Self {
        Self { client: client.clone(), clock }
    }

    /// Posts a message, within 15 s. The status alone decides: a body that is broken, endless or no text changes nothing.
    pub async fn post(&self, message: &WebhookMessage) -> Attempt {
        let began = Instant::now();
        let target = &message.webhook.is.target;
        let to = Destination {
            tls: !target.is_plain(),
            host: target.host(),
            port: target.port(),
            authority: &target.authority(),
            rule: if target.is_private() { AddressRule::Any } else { AddressRule::Public },
        };
        let answer = match self.request(message) {
            Some(request) => self.client.send(to, request, &LIMITS).await.map_err(|error| error.reason),
            None => Err(DeliveryError::Broken),
        };
        let (outcome, answer) = match answer {
            Ok(answer) => {
                let retry_after = self.retry_after(&answer.headers);
                (Outcome::Answered { status: answer.status, retry_after }, readable(&answer.body))
            }
            Err(error) => (Outcome::Failed(error), String::new()),
        };
        let took = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
        Attempt { outcome, at: (self.clock)(), took, answer }
    }

    fn retry_after(&self, headers: &HeaderMap) -> Option<i64> {
        retry_after(headers.get(RETRY_AFTER)?.to_str().ok()?, (self.clock)())
    }

    /// The request of a message, signed now; none where it cannot be written, which its webhook's checks rule out.
    fn request(&self, message: &WebhookMessage) -> Option<Request<Full<Bytes>>> {
        let WebhookMessage { webhook, id, body } = message;
        let now = (self.clock)();
        let signed: Vec<_> =
            webhook.secrets(now).map(|secret| secret.sign(id, now.second(), body.as_bytes())).collect();
        let mut request = Request::new(Full::new(Bytes::from(body.clone())));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = webhook.is.target.path().parse().ok()?;
        let headers = request.headers_mut();
        for (name, value) in webhook.is.headers.iter() {
            headers.insert(name, value.clone());
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert("webhook-id", id.parse().ok()?);
        headers.insert("webhook-timestamp", now.second().into());
        headers.insert("webhook-signature", signed.join(" ").parse().ok()?);
        Some(request)
    }
}
