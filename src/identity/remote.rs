//! Fetches the key set of an identity service: at startup, every ten minutes, and when a token names an unknown key. If
//! the service is unavailable, the previous keys stay in use.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::Shared;
use http::Uri;

use super::error::{KeyError, MAX_KEYS};
use super::keys::{CurrentKeys, Keys};
use crate::outbound::{Client, FetchError, Limits};

/// Limits of one fetch.
const LIMITS: Limits = Limits { connect: Duration::from_secs(5), total: Duration::from_secs(15), bytes: MAX_KEYS };

/// Intervals between fetches of the key set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshInterval {
    /// Delay after a successful fetch.
    pub after_success: Duration,
    /// Delay after a failed fetch, and minimum interval between fetches caused by unknown keys.
    pub after_failure: Duration,
}

impl Default for RefreshInterval {
    fn default() -> Self {
        Self { after_success: Duration::from_mins(10), after_failure: Duration::from_mins(1) }
    }
}

/// Fetch in progress or finished; true if it returned usable keys.
type Fetching = Shared<Pin<Box<dyn Future<Output = bool> + Send>>>;

/// State of fetches, at most one of which is in progress.
#[derive(Default)]
struct FetchState {
    last: Option<Fetching>,
    unknown_at: Option<Instant>,
}

/// Cause of a fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// Scheduled fetch, or one requested by a signal.
    Scheduled,
    /// Token with an unknown key.
    UnknownKey,
}

/// Error of a fetch.
#[derive(Debug, thiserror::Error)]
enum NoKeys {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("{error}{}{position}", if position.is_empty() { "" } else { " in " })]
    Keys { position: String, error: KeyError },
}

/// Key set at a URL.
pub(super) struct Remote {
    url: Uri,
    client: Client,
    interval: RefreshInterval,
    current: Arc<CurrentKeys>,
    state: Mutex<FetchState>,
}

/// Parses the URL of a key set: `https`, or `http` on this host, without credentials.
pub(super) fn parse_url(text: &str) -> Option<Uri> {
    let url: Uri = text.parse().ok()?;
    let (scheme, authority) = (url.scheme_str()?, url.authority()?);
    let host = authority.host();
    let is_loopback = host.eq_ignore_ascii_case("localhost")
        || host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse()
            .is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    let is_safe = scheme == "https" || (scheme == "http" && is_loopback);
    (is_safe && !host.is_empty() && !authority.as_str().contains('@')).then_some(url)
}

impl Remote {
    pub(super) fn new(url: Uri, client: Client, interval: RefreshInterval, current: Arc<CurrentKeys>) -> Self {
        Self { url, client, interval, current, state: Mutex::default() }
    }

    /// Fetches now, and then forever at the configured intervals.
    pub(super) async fn refresh_periodically(self: Arc<Self>) {
        loop {
            let succeeded = self.refresh().await;
            tokio::time::sleep(if succeeded { self.interval.after_success } else { self.interval.after_failure }).await;
        }
    }

    /// Fetches the keys or waits for the fetch in progress. Returns true if it returned usable keys.
    pub(super) async fn refresh(self: &Arc<Self>) -> bool {
        match self.start_or_join(Reason::Scheduled) {
            Some(fetching) => fetching.await,
            None => false,
        }
    }

    /// Fetches the keys for a token with an unknown key, unless such a fetch started less than the failure interval
    /// ago. Returns true if there was a fetch to wait for.
    pub(super) async fn refresh_for_unknown_key(self: &Arc<Self>) -> bool {
        match self.start_or_join(Reason::UnknownKey) {
            Some(fetching) => {
                fetching.await;
                true
            }
            None => false,
        }
    }

    /// Returns the fetch in progress, or starts one. The fetch continues even if the caller is dropped.
    fn start_or_join(self: &Arc<Self>, reason: Reason) -> Option<Fetching> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fetching) = state.last.as_ref().filter(|fetching| fetching.peek().is_none()) {
            return Some(fetching.clone());
        }
        if reason == Reason::UnknownKey {
            if state.unknown_at.is_some_and(|at| at.elapsed() < self.interval.after_failure) {
                return None;
            }
            state.unknown_at = Some(Instant::now());
        }
        let remote = Arc::clone(self);
        let fetch = tokio::spawn(async move { remote.fetch().await });
        let fetching = fetch.map(|fetched| fetched.unwrap_or(false)).boxed().shared();
        state.last = Some(fetching.clone());
        Some(fetching)
    }

    /// Fetches the key set and replaces the keys if any is usable.
    async fn fetch(&self) -> bool {
        let host = self.url.host().unwrap_or_default();
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
                    "the keys of the identity service could not be fetched: the previous keys stay in use"
                );
                false
            }
        }
    }

    async fn keys(&self) -> Result<usize, NoKeys> {
        let document = self.client.fetch(&self.url, &LIMITS).await?;
        // Everyone who can reach the URL can read the set, so it is treated as exposed.
        let keys = Keys::parse_usable(&document, true, self.url.host().unwrap_or_default());
        let keys = keys.map_err(|(position, error)| NoKeys::Keys { position, error })?;
        let count = keys.count();
        self.current.set(keys);
        Ok(count)
    }
}
