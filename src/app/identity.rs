//! Configures the platform's identity service from the options of `serve`. Refreshes its keys periodically and reloads
//! them on SIGHUP.

use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};

use crate::cli::{Failure, IdentityArgs};
use crate::identity::{Identity, KeyConfigError, RefreshInterval};
use crate::outbound::Client;

/// Returns the configured identity service, if any. Keys in a file are read now; keys at a URL are fetched in the
/// background.
pub(super) fn identity(args: &IdentityArgs) -> Result<Option<Arc<Identity>>, Failure> {
    let identity = build(args)?.map(Arc::new);
    let mut sighup = signal(SignalKind::hangup()).map_err(Failure::System)?;
    let reloaded = identity.clone();
    tokio::spawn(async move {
        while sighup.recv().await.is_some() {
            if let Some(identity) = &reloaded {
                log_reload(identity.reload().await);
            } else {
                tracing::info!("no keys of an identity service to reload");
            }
        }
    });
    if let Some(refreshed) = identity.clone() {
        tokio::spawn(async move { refreshed.refresh_periodically().await });
    }
    Ok(identity)
}

/// Builds the identity service without background tasks.
fn build(args: &IdentityArgs) -> Result<Option<Identity>, Failure> {
    let rules = args.rules();
    let identity = match (&args.jwks, &args.jwt_key) {
        (Some(set), _) if set.contains("://") => {
            let client = Client::with_authorities(args.ca.as_deref())?;
            Identity::from_jwks_url(set, client, RefreshInterval::default(), rules)?
        }
        (Some(set), _) => Identity::from_jwks_file(set.into(), rules)?,
        (None, Some(key)) => Identity::from_key_file(key.clone(), rules)?,
        (None, None) => return Ok(None),
    };
    Ok(Some(identity))
}

/// Logs the result of a reload.
fn log_reload(reloaded: Result<(), KeyConfigError>) {
    match reloaded {
        Ok(()) => tracing::info!("reloaded the keys of the identity service"),
        Err(error) => {
            let chain = std::iter::successors(Some(&error.error as &dyn std::error::Error), |error| error.source());
            let cause: Vec<String> = chain.map(ToString::to_string).collect();
            tracing::error!(
                option = error.option,
                file = error.name,
                cause = cause.join(": "),
                "the keys cannot be used: the previous keys stay in use"
            );
        }
    }
}
