//! `support serve`: components that run as long as the server, and the order in which they start and stop.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;

use tokio::signal::unix::{SignalKind, signal};

use super::demo::{self, Demo};
use super::identity;
use super::limits::{limits, raise_descriptor_limit};
use super::open::{check_descriptors, open_with_metrics};
use crate::cli::{ClientLimitArgs, Failure, Global, MailArgs, OpenMode, ServeArgs};
use crate::delivery::{self, Worker};
use crate::http::{self, BoundListener};
use crate::metrics::{Counter, Metrics};
use crate::model::Error;
use crate::model::customer_limits::CustomerLimits;
use crate::model::retention::RetentionPolicy;
use crate::model::webhook::MessageIdPrefix;
use crate::outbound::{Client, Mailer, RelaySettings, Sender};
use crate::retention_worker::RetentionWorker;
use crate::store::Store;
use crate::system;

/// Number of file descriptors that must be free at startup, because the async runtime panics without them.
const MIN_DESCRIPTORS: usize = 16;

/// Serves until a signal arrives.
pub(super) fn serve(global: &Global, args: &ServeArgs, lost_lines: &Counter) -> Result<(), Failure> {
    raise_descriptor_limit();
    check_descriptors(MIN_DESCRIPTORS)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::System)?;
    runtime.block_on(serve_until_signal(global, args, lost_lines))
}

async fn serve_until_signal(global: &Global, args: &ServeArgs, lost_lines: &Counter) -> Result<(), Failure> {
    let stop_signal = stop_signal()?;
    // Validates the arguments before it creates a file or listens.
    let client = Client::with_authorities(args.identity.ca.as_deref())?;
    let identity = identity::identity(&args.identity)?;
    let mailer = mailer(&args.mail, &client)?;
    let listening = listen(args.bind)?;
    let address = listening.address;
    let demo = if args.demo { Some(Demo::create()?) } else { None };
    let file = demo.as_ref().map_or(&*global.db, Demo::file);
    let metrics = args.metrics.then(|| Arc::new(Metrics::new(lost_lines)));
    let store = open_with_metrics(file, OpenMode::Create, metrics.as_deref())?;
    let mut message = format!("support listening on http://{address}\n");
    if let Some(demo) = &demo {
        let token = demo::fill(&store).await?;
        message.push_str(&demo.startup_message(global.locale(), &token, address));
    }
    print_startup_message(message);
    tracing::info!(version = env!("CARGO_PKG_VERSION"), store = %file.display(), %address, "serving");
    let retention = RetentionPolicy::from_rules(&args.retain);
    let state = http::AppState::new(store.clone(), system::now)
        .with_client_limits(client_limits(&args.client_limits))
        .with_identity(identity)
        .with_retention(&retention)
        .with_limits(limits(&args.limits))
        .with_metrics(metrics.clone());
    let workers = start_workers(&store, &client, mailer, metrics.as_deref()).await?;
    let retention_worker = RetentionWorker::start(store.clone(), retention, system::now, system::uptime);
    let stops: Vec<_> = workers.iter().map(Worker::stop_signal).collect();
    let end = async {
        stop_signal.await;
        for stop in stops {
            stop();
        }
    };
    http::serve(listening, Arc::new(state), end).await;
    drop(retention_worker);
    for worker in workers {
        worker.stop().await;
    }
    tokio::task::spawn_blocking(move || store.close()).await.map_err(|panic| Error::Panicked(panic.to_string()))?;
    tracing::info!("stopped");
    Ok(())
}

/// Returns the limits on customers and client addresses.
fn client_limits(args: &ClientLimitArgs) -> http::ClientLimits {
    http::ClientLimits {
        rate: args.rate_limit.0,
        auth_failures: args.auth_failure_limit.0,
        customer: CustomerLimits { awards: args.award_limit.0 },
        trusted_proxies: args.trusted_proxy.clone(),
    }
}

/// Binds the listener, and logs a warning if other hosts can reach it.
fn listen(address: SocketAddr) -> Result<BoundListener, Failure> {
    let cannot_listen = |source| Failure::CannotListen { address, source };
    let listener = BoundListener::bind(address).map_err(cannot_listen)?;
    if !listener.address.ip().is_loopback() {
        let address = listener.address;
        tracing::warn!(%address, "listening beyond this machine, without TLS: put a proxy that speaks TLS in front");
    }
    Ok(listener)
}

/// Starts the delivery workers. Without a relay, switches mail off unless another server sends it.
async fn start_workers(
    store: &Store,
    client: &Client,
    mailer: Option<Mailer>,
    metrics: Option<&Metrics>,
) -> Result<Vec<Worker>, Failure> {
    let (deliveries, mails) =
        (metrics.map(|metrics| Arc::clone(&metrics.deliveries)), metrics.map(|metrics| Arc::clone(&metrics.mails)));
    let sender = Sender::new(client, system::now);
    let mut workers = vec![Worker::start(store.clone(), sender, system::now, deliveries)?];
    if let Some(mailer) = mailer {
        delivery::switch_mail_on(store, MessageIdPrefix::from_random(system::random()?)).await?;
        workers.push(Worker::start(store.clone(), mailer, system::now, mails)?);
    } else {
        tokio::spawn(delivery::switch_mail_off(store.clone(), system::now()));
    }
    Ok(workers)
}

/// Creates the mailer, if a relay is configured.
fn mailer(args: &MailArgs, client: &Client) -> Result<Option<Mailer>, Failure> {
    let (Some(url), Some(from)) = (&args.smtp, &args.mail_from) else { return Ok(None) };
    let settings = RelaySettings { url, from, password_file: args.smtp_password_file.as_deref() };
    Ok(Some(Mailer::new(settings, client, system::now)?))
}

/// Writes the startup message to standard output. Uses its own thread, because the reader of a pipe may block it.
fn print_startup_message(text: String) {
    let builder = thread::Builder::new().name("greeting".to_owned());
    let started = builder.spawn(move || {
        let mut out = io::stdout().lock();
        if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            tracing::warn!(%error, "the startup message could not be written to standard output");
        }
    });
    if let Err(error) = started {
        tracing::warn!(%error, "no thread could be started to write the startup message");
    }
}

/// Returns a future that completes on SIGTERM or SIGINT. Installs the signal handlers immediately.
fn stop_signal() -> Result<impl Future<Output = ()>, Failure> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::System)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::System)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
