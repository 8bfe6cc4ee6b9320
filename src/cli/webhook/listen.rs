//! `support webhook listen`: runs a test receiver that verifies and prints webhook messages.

use std::convert::Infallible;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use clap::Args;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use super::super::exit::Exit;
use super::super::output::csv::Csv;
use super::super::output::json;
use super::super::output::sanitize::{is_unsafe, sanitize};
use super::super::session::Session;
use super::super::values::{self, ArgumentError};
use super::super::{CommandResult, Failure, Format};
use crate::model::webhook::receipt::Receipt;
use crate::model::webhook::secret::SigningSecret;
use crate::model::{Message, Timestamp};
use crate::system;

pub(super) const EXAMPLES: &str = "\
support webhook add http://127.0.0.1:8081/ --allow-private > secret.txt
support webhook listen --secret-file secret.txt
support webhook listen --bind 127.0.0.1:0 --format ndjson | jq .body.event";

/// CSV header of a message.
const CSV: &[&str] = &["messageId", "receipt", "receivedAt", "body"];
/// Maximum size of a request body in bytes.
const MAX_BODY: usize = 64 * 1024;
/// Time-out for reading the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);

#[derive(Debug, Args)]
pub struct Listen {
    /// Address and port to listen on; port 0 selects a free port, printed on standard error.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8081", value_parser = values::address)]
    bind: SocketAddr,
    /// Signing secret of the webhook; visible to other users in the process list, unlike --secret-file.
    #[arg(long, value_name = "WHSEC", value_parser = values::secret, conflicts_with = "secret_file")]
    secret: Option<SigningSecret>,
    /// File with the signing secret of the webhook; without it, signatures are not verified.
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
}

impl Listen {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let secret = self.secret()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::System)?;
        runtime.block_on(async {
            let cannot_listen = |source| Failure::CannotListen { address: self.bind, source };
            let listener = TcpListener::bind(self.bind).await.map_err(cannot_listen)?;
            let address = listener.local_addr().map_err(Failure::System)?;
            session.hint(&Message::new("cli.webhook.listening").with("address", address));
            if secret.is_none() {
                session.warn(&Message::new("cli.webhook.no_secret"));
            }
            if session.format() == Format::Csv {
                csv(session).write_header(&mut session.out)?;
                session.out.flush()?;
            }
            // A small buffer, so that a slow reader of the output slows the senders down.
            let (sender, mut messages) = mpsc::channel(16);
            tokio::spawn(accept(listener, secret, sender));
            let closed = session.out.closed();
            while let Some(PendingMessage { received, printed }) = messages.recv().await {
                print(session, &received)?;
                // The sender may have closed its connection; its message is printed anyway.
                let _ = printed.send(());
                if closed.get() {
                    break;
                }
            }
            Ok(Exit::Done)
        })
    }

    fn secret(&self) -> Result<Option<SigningSecret>, Failure> {
        let Some(file) = &self.secret_file else { return Ok(self.secret.clone()) };
        let name = || file.display().to_string();
        let text = std::fs::read_to_string(file).map_err(|source| Failure::CannotRead { name: name(), source })?;
        let first = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
        values::secret(first).map(Some).map_err(|ArgumentError(reason)| Failure::InvalidFile { name: name(), reason })
    }
}

fn print(session: &mut Session<'_>, received: &ReceivedMessage) -> Result<(), Failure> {
    match session.format() {
        // An endless stream cannot be one document, so each message is a line.
        Format::Json | Format::Ndjson => json::write_line(&mut session.out, received)?,
        Format::Table => writeln!(session.out, "{}", received.text())?,
        Format::Csv => csv(session).write_row(&mut session.out, received)?,
    }
    Ok(session.out.flush()?)
}

fn csv(session: &Session<'_>) -> Csv {
    Csv::new(CSV, session.display.terminal)
}

async fn accept(listener: TcpListener, secret: Option<SigningSecret>, sender: mpsc::Sender<PendingMessage>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (secret, sender) = (secret.clone(), sender.clone());
        let service = service_fn(move |request| {
            let (secret, sender) = (secret.clone(), sender.clone());
            async move { Ok::<_, Infallible>(empty_response(receive(request, secret.as_ref(), &sender).await)) }
        });
        tokio::spawn(async move {
            let mut builder = http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
            let _ = builder.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// Reads and verifies a message, queues it for printing, and responds after it is printed.
async fn receive(
    request: Request<Incoming>,
    secret: Option<&SigningSecret>,
    sender: &mpsc::Sender<PendingMessage>,
) -> StatusCode {
    if request.method() != Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED;
    }
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (id, timestamp, signature) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    let Ok(body) = Limited::new(request.into_body(), MAX_BODY).collect().await else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    let body = body.to_bytes();
    let (now, signature) = (system::now(), signature.as_deref());
    let receipt = Receipt::verify(secret, id.as_deref(), timestamp.as_deref(), signature, &body, now);
    let received = ReceivedMessage { message_id: id, receipt, at: now, body: Body::new(&body) };
    let (printed, is_printed) = oneshot::channel();
    let printed_message = sender.send(PendingMessage { received, printed }).await.is_ok() && is_printed.await.is_ok();
    match (printed_message, receipt.is_accepted()) {
        (true, true) => StatusCode::NO_CONTENT,
        (true, false) => StatusCode::UNAUTHORIZED,
        (false, _) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn empty_response(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}

/// Message to print, with the channel that signals its completion.
struct PendingMessage {
    received: ReceivedMessage,
    printed: oneshot::Sender<()>,
}

/// Received message.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReceivedMessage {
    message_id: Option<String>,
    receipt: Receipt,
    #[serde(rename = "receivedAt")]
    at: Timestamp,
    body: Body,
}

/// Body of a message: unchanged if it is JSON, else text.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Body {
    Json(Box<RawValue>),
    Text(String),
}

impl Body {
    fn new(bytes: &[u8]) -> Self {
        // Raw JSON is printed as it is, so unsafe characters and line breaks require a text, which is escaped.
        let is_safe = |raw: &RawValue| !raw.get().contains(is_unsafe);
        let raw: Option<Box<RawValue>> = serde_json::from_slice(bytes).ok();
        raw.filter(|raw| is_safe(raw))
            .map_or_else(|| Self::Text(String::from_utf8_lossy(bytes).into_owned()), Self::Json)
    }
}

impl ReceivedMessage {
    /// Formats the message as a line of text.
    fn text(&self) -> String {
        let body = match &self.body {
            Body::Json(raw) => raw.get(),
            Body::Text(text) => text,
        };
        let id = self.message_id.as_deref().unwrap_or("-");
        sanitize(&format!("{}  {id}  {body}", self.receipt)).into_owned()
    }
}
