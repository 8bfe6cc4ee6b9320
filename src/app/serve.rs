//! `support serve`: everything that runs as long as the server does, and the order in which it begins and ends.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;

use tokio::signal::unix::{SignalKind, signal};

use super::demo::{self, Demo};
use super::identity;
use super::open::{check_descriptors, open_counting};
use crate::cli::{Failure, Global, MailArgs, Opening, ServeArgs};
use crate::delivery::{self, Worker};
use crate::http::{self, BoundListener};
use crate::metrics::{Counter, Metrics};
use crate::model::Error;
use crate::model::retention::RetentionPolicy;
use crate::model::webhook::MessageIdPrefix;
use crate::outbound::{Client, Mailer, RelaySettings, Sender};
use crate::retention::RetentionWorker;
use crate::store::Store;
use crate::system;

/// Descriptors that must be free at the start: the runtime panics without them.
const DESCRIPTORS: usize = 16;

/// Serves until a signal comes.
pub(super) fn serve(global: &Global, args: &ServeArgs, lost_lines: &Counter) -> Result<(), Failure> {
    check_descriptors(DESCRIPTORS)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::System)?;
    runtime.block_on(serve_until_told(global, args, lost_lines))
}

async fn serve_until_told(global: &Global, args: &ServeArgs, lost_lines: &Counter) -> Result<(), Failure> {
    let end = end()?;
    // What can be wrong with the arguments is told before anything is made.
    let client = Client::trusting(args.identity.ca.as_deref())?;
    let identity = identity::identity(&args.identity)?;
    let mailer = mailer(&args.mail, &client)?;
    let listening = listen(args.bind).await?;
    let address = listening.address;
    let demo = if args.demo { Some(Demo::make()?) } else { None };
    let file = demo.as_ref().map_or(&*global.db, Demo::file);
    let metrics = args.metrics.then(|| Arc::new(Metrics::new(lost_lines)));
    let store = open_counting(file, Opening::Create, metrics.as_deref())?;
    let mut greeting = format!("support listening on http://{address}\n");
    if let Some(demo) = &demo {
        let token = demo::fill(&store).await?;
        greeting.push_str(&demo.greeting(global.locale(), &token, address));
    }
    greet(greeting);
    tracing::info!(version = env!("CARGO_PKG_VERSION"), store = %file.display(), %address, "serving");
    let retention = RetentionPolicy::of(&args.retain);
    let rate = args.rate_limit.map(|rate| http::RateLimit { requests: rate.count, period: rate.period });
    let state = http::AppState::new(store.clone(), system::now, rate)
        .with_identity(identity)
        .with_retention(&retention)
        .with_keep_alive(args.keep_alive.0)
        .with_metrics(metrics.clone());
    let workers = workers(&store, &client, mailer, metrics.as_deref()).await?;
    let retention_worker = RetentionWorker::start(store.clone(), retention, system::now);
    let stops: Vec<_> = workers.iter().map(Worker::stop_signal).collect();
    let end = async {
        end.await;
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
    tracing::info!("ended");
    Ok(())
}

/// Listens, and warns where others than this machine can reach it.
async fn listen(address: SocketAddr) -> Result<BoundListener, Failure> {
    let cannot_listen = |source| Failure::CannotListen { address, source };
    let listener = BoundListener::bind(address).await.map_err(cannot_listen)?;
    if !listener.address.ip().is_loopback() {
        let address = listener.address;
        tracing::warn!(%address, "listening beyond this machine, without TLS: put a proxy that speaks TLS in front");
    }
    Ok(listener)
}

/// What works deliveries off, and mail where there is a relay; without one, mail is switched off.
async fn workers(
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

/// What hands mail to the relay that was named, if one was.
fn mailer(args: &MailArgs, client: &Client) -> Result<Option<Mailer>, Failure> {
    let (Some(url), Some(from)) = (&args.smtp, &args.mail_from) else { return Ok(None) };
    let settings = RelaySettings { url, from, password_file: args.smtp_password_file.as_deref() };
    Ok(Some(Mailer::new(settings, client, system::now)?))
}

/// Writes the first lines to standard output, on a thread of their own: whoever started the server may not read them.
fn greet(text: String) {
    let greeting = thread::Builder::new().name("greeting".to_owned());
    let started = greeting.spawn(move || {
        let mut out = io::stdout().lock();
        if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            tracing::warn!(%error, "the greeting could not be written to standard output");
        }
    });
    if let Err(error) = started {
        tracing::warn!(%error, "there is no thread to write the greeting");
    }
}

/// Comes when the process is asked to end. Listens from the moment it is made.
fn end() -> Result<impl Future<Output = ()>, Failure> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::System)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::System)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
