//! Posts a signed message to a webhook (Standard Webhooks 1.0).

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, Request};
use http_body_util::Full;
use tokio::time::Instant;

use super::dial::AddressRule;
use super::http::{Client, Destination, Limits};
use crate::model::Timestamp;
use crate::model::delivery::{Attempt, AttemptOutcome, DeliveryError, readable, retry_after};
use crate::model::webhook::WebhookMessage;

/// Maximum number of bytes of a receiver's response that are read and kept.
const MAX_RESPONSE: usize = 4_096;
const LIMITS: Limits = Limits { connect: Duration::from_secs(5), total: Duration::from_secs(15), bytes: MAX_RESPONSE };

/// Sender of webhook messages.
#[derive(Clone)]
pub struct Sender {
    client: Client,
    clock: fn() -> Timestamp,
}

impl Sender {
    /// Creates a sender that signs with the time of this clock.
    pub fn new(client: &Client, clock: fn() -> Timestamp) -> Self {
        Self { client: client.clone(), clock }
    }

    /// Posts a message within 15 s. Applies the SSRF rule: the host must have only public addresses, unless the webhook
    /// allows private ones. Only the status decides the outcome: an incomplete, endless or binary body is accepted.
    pub async fn post(&self, message: &WebhookMessage) -> Attempt {
        let began = Instant::now();
        let target = &message.webhook.settings.target;
        let destination = Destination {
            tls: !target.is_unencrypted(),
            host: target.host(),
            port: target.port(),
            authority: &target.authority(),
            rule: if target.is_private() { AddressRule::Any } else { AddressRule::Public },
        };
        let answer = match self.request(message) {
            Some(request) => self.client.send(destination, request, &LIMITS).await.map_err(|error| error.reason),
            None => Err(DeliveryError::Broken),
        };
        let (outcome, answer) = match answer {
            Ok(answer) => {
                let retry_after = self.retry_after(&answer.headers);
                (AttemptOutcome::Answered { status: answer.status, retry_after }, readable(&answer.body))
            }
            Err(error) => (AttemptOutcome::Failed(error), String::new()),
        };
        let took = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
        Attempt { outcome, at: (self.clock)(), took, answer }
    }

    fn retry_after(&self, headers: &HeaderMap) -> Option<i64> {
        retry_after(headers.get(RETRY_AFTER)?.to_str().ok()?, (self.clock)())
    }

    /// Builds the signed request of a message. Returns `None` if it cannot be encoded, which the validation of the
    /// webhook rules out.
    fn request(&self, message: &WebhookMessage) -> Option<Request<Full<Bytes>>> {
        let WebhookMessage { webhook, id, body } = message;
        let now = (self.clock)();
        let signed: Vec<_> =
            webhook.secrets(now).map(|secret| secret.sign(id, now.second(), body.as_bytes())).collect();
        let mut request = Request::new(Full::new(Bytes::from(body.clone())));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = webhook.settings.target.path().parse().ok()?;
        let headers = request.headers_mut();
        for (name, value) in webhook.settings.headers.iter() {
            headers.insert(name, value.clone());
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert("webhook-id", id.parse().ok()?);
        headers.insert("webhook-timestamp", now.second().into());
        headers.insert("webhook-signature", signed.join(" ").parse().ok()?);
        Some(request)
    }
}
