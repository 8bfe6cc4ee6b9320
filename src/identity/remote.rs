//! The keys of an identity service, fetched from its address: before they are needed, again every ten minutes, and when
//! a token names a key that is not known. Where the service is away, the last good keys stay in use.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::Shared;
use http::Uri;

use super::error::{KeyError, MAX_KEYS};
use super::keys::{Held, Keys};
use crate::outbound::{Client, FetchError, Limits};

/// What one fetch may take.
const LIMITS: Limits = Limits { connect: Duration::from_secs(5), total: Duration::from_secs(15), bytes: MAX_KEYS };

/// How often keys are fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshInterval {
    /// After a fetch that went well, until the next.
    pub fresh: Duration,
    /// After one that failed, until the next; and the least time between two fetches for the sake of unknown keys.
    pub again: Duration,
}

impl Default for RefreshInterval {
    fn default() -> Self {
        Self { fresh: Duration::from_mins(10), again: Duration::from_mins(1) }
    }
}

/// A fetch under way, or done: whether it brought keys.
type Flight = Shared<Pin<Box<dyn Future<Output = bool> + Send>>>;

/// The one fetch at a time.
#[derive(Default)]
struct Flights {
    last: Option<Flight>,
    unknown_at: Option<Instant>,
}

/// Why keys are fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// It is time, or somebody asked for it.
    Scheduled,
    /// A token names a key that is not known.
    UnknownKey,
}

/// Why a fetch brought no keys.
#[derive(Debug, thiserror::Error)]
enum NoKeys {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("{error}{}{place}", if place.is_empty() { "" } else { " in " })]
    Keys { place: String, error: KeyError },
}

/// Where the keys are, and those that were there last.
pub(super) struct Remote {
    address: Uri,
    client: Client,
    pace: RefreshInterval,
    held: Arc<Held>,
    flights: Mutex<Flights>,
}

/// The address, where keys may be fetched from it: by `https`, or from this machine, without a name or password in it.
pub(super) fn address(text: &str) -> Option<Uri> {
    let address: Uri = text.parse().ok()?;
    let (scheme, authority) = (address.scheme_str()?, address.authority()?);
    let host = authority.host();
    let here = host.eq_ignore_ascii_case("localhost")
        || host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse()
            .is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    let safe = scheme == "https" || (scheme == "http" && here);
    (safe && !host.is_empty() && !authority.as_str().contains('@')).then_some(address)
}

impl Remote {
    pub(super) fn new(address: Uri, client: Client, pace: RefreshInterval, held: Arc<Held>) -> Self {
        Self { address, client, pace, held, flights: Mutex::default() }
    }

    /// Fetches now, and then for ever at its pace.
    pub(super) async fn keep_fresh(self: Arc<Self>) {
        loop {
            let went_well = self.refresh().await;
            tokio::time::sleep(if went_well { self.pace.fresh } else { self.pace.again }).await;
        }
    }

    /// Fetches, or waits for the fetch that is under way; says whether it brought keys.
    pub(super) async fn refresh(self: &Arc<Self>) -> bool {
        match self.fly(Reason::Scheduled) {
            Some(flight) => flight.await,
            None => false,
        }
    }

    /// The same for a token whose key is not known, unless that was done less than a minute ago. Says whether there was
    /// anything to wait for.
    pub(super) async fn reload(self: &Arc<Self>) -> bool {
        match self.fly(Reason::UnknownKey) {
            Some(flight) => {
                flight.await;
                true
            }
            None => false,
        }
    }

    /// The fetch under way, or a new one. It goes on by itself: whoever waits for it may leave.
    fn fly(self: &Arc<Self>, reason: Reason) -> Option<Flight> {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.last.as_ref().filter(|flight| flight.peek().is_none()) {
            return Some(flight.clone());
        }
        if reason == Reason::UnknownKey {
            if flights.unknown_at.is_some_and(|at| at.elapsed() < self.pace.again) {
                return None;
            }
            flights.unknown_at = Some(Instant::now());
        }
        let remote = Arc::clone(self);
        let fetch = tokio::spawn(async move { remote.fetch().await });
        let flight = fetch.map(|fetched| fetched.unwrap_or(false)).boxed().shared();
        flights.last = Some(flight.clone());
        Some(flight)
    }

    /// Fetches the set and takes its keys, if there are any.
    async fn fetch(&self) -> bool {
        let host = self.address.host().unwrap_or_default();
        match self.keys().await {
            Ok(count) => {
                tracing::info!(host, count, "fetched the keys of the identity service");
                true
            }
            Err(error) => {
                let chain = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
                let cause: Vec<String> = chain.map(ToString::to_string).collect();
                tracing::warn!(
                    host,
                    cause = cause.join(": "),
                    "the keys of the identity service did not come: those known before stay in use"
                );
                false
            }
        }
    }

    async fn keys(&self) -> Result<usize, NoKeys> {
        let document = self.client.fetch(&self.address, &LIMITS).await?;
        // Whoever can fetch the set can read it: every set that is fetched is exposed.
        let keys = Keys::usable(&document, true, self.address.host().unwrap_or_default());
        let keys = keys.map_err(|(place, error)| NoKeys::Keys { place, error })?;
        let count = keys.count();
        self.held.set(keys);
        Ok(count)
    }
}
