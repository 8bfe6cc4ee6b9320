//! Reads the configuration, opens the store, and lets the caller in by one of the two doors.

mod demo;
mod log;
mod trust;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};

use crate::cli::{self, Cli, Command, Failure, Global, LogFormat, MailArgs, Opening, ServeArgs};
use crate::courier::{self, Courier};
use crate::http::{self, Listening};
use crate::metrics::Metrics;
use crate::model::retain::Retention;
use crate::model::webhook::Tag;
use crate::model::{Error, Timestamp};
use crate::outgoing::Client;
use crate::store::Store;
use crate::store::sqlite::{Open, Settings, Sqlite};
use crate::sweeper::Sweeper;
use crate::wire::{Mailer, RelaySettings, Sender};
use demo::Demo;

/// Runs one command to its end.
pub fn run(cli: Cli) -> ExitCode {
    let Command::Serve(args) = &cli.command else {
        log::start(LogFormat::Text, "off");
        return cli::run(cli, &open);
    };
    log::start(args.log_format, "info");
    match serve(&cli.global, args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => cli::fail(cli.global, &failure),
    }
}

/// Opens the one backend there is.
fn open(file: &Path, opening: Opening) -> Result<Store, Error> {
    open_counting(file, opening, None)
}

/// The same, where somebody counts the commits.
fn open_counting(file: &Path, opening: Opening, metrics: Option<&Metrics>) -> Result<Store, Error> {
    let how = match opening {
        Opening::Existing => Open::Existing,
        Opening::Create => Open::Create,
    };
    let commits = metrics.map(|metrics| Arc::clone(&metrics.writer));
    Ok(Store::new(Sqlite::open_with(file, how, Settings { commits, ..Settings::default() })?))
}

/// Serves until a signal comes.
fn serve(global: &Global, args: &ServeArgs) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::System)?;
    runtime.block_on(async {
        let end = end()?;
        let client = Client::trusting(args.identity.ca.as_deref())?;
        let cannot_listen = |source| Failure::CannotListen { address: args.bind, source };
        let identity = trust::identity(&args.identity)?;
        let mailer = mailer(&args.mail, &client)?;
        let listening = Listening::on(args.bind).await.map_err(cannot_listen)?;
        let address = listening.address;
        if !address.ip().is_loopback() {
            tracing::warn!(%address, "listening beyond this machine, without TLS: put a proxy that speaks TLS in front");
        }
        let demo = if args.demo { Some(Demo::make()?) } else { None };
        let file = demo.as_ref().map_or(&*global.db, Demo::file);
        let metrics = args.metrics.then(|| Arc::new(Metrics::default()));
        let store = open_counting(file, Opening::Create, metrics.as_deref())?;
        let mut greeting = format!("support listening on http://{address}\n");
        if let Some(demo) = &demo {
            let token = demo::fill(&store).await?;
            greeting.push_str(&demo.greeting(global.locale(), &token, address));
        }
        greet(&greeting);
        tracing::info!(version = env!("CARGO_PKG_VERSION"), store = %file.display(), %address, "serving");
        let retention = Retention::of(&args.retain);
        let rate = args.rate_limit.map(|rate| http::RateLimit { requests: rate.count, period: rate.period });
        let desk = Arc::new(http::Desk::new(store.clone(), Timestamp::now, rate).trusting(identity).keeping(&retention).counting(metrics.clone()));
        let counts = metrics.as_ref().map(|metrics| Arc::clone(&metrics.deliveries));
        let sender = Sender::new(&client, Timestamp::now);
        let mut couriers = vec![Courier::start(store.clone(), sender, Timestamp::now, counts)?];
        if let Some(mailer) = mailer {
            let mails = metrics.map(|metrics| Arc::clone(&metrics.mails));
            courier::begin_mail(&store, Tag::fresh()?).await?;
            couriers.push(Courier::start(store.clone(), mailer, Timestamp::now, mails)?);
        } else {
            tokio::spawn(courier::end_mail(store.clone(), Timestamp::now()));
        }
        let stops: Vec<_> = couriers.iter().map(Courier::stopper).collect();
        let end = async {
            end.await;
            for stop in stops {
                stop();
            }
        };
        let sweeper = Sweeper::start(store.clone(), retention, Timestamp::now);
        http::serve(listening, desk, end).await;
        drop(sweeper);
        for courier in couriers {
            courier.end().await;
        }
        tokio::task::spawn_blocking(move || store.close()).await.map_err(|panic| Error::Panicked(panic.to_string()))?;
        tracing::info!("ended");
        Ok(())
    })
}

/// What hands mail to the relay that was named, if one was.
fn mailer(args: &MailArgs, client: &Client) -> Result<Option<Mailer>, Failure> {
    let (Some(url), Some(from)) = (&args.smtp, &args.mail_from) else { return Ok(None) };
    let settings = RelaySettings { url, from, password_file: args.smtp_password_file.as_deref() };
    Ok(Some(Mailer::new(settings, client, Timestamp::now)?))
}

/// Writes the first lines. Whoever started us may not read them, which is no reason not to serve.
fn greet(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
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
