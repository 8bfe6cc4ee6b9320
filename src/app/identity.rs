//! Whose tokens are believed beside our own: builds the platform's identity from what `serve` was told, keeps its keys
//! fresh, and reads them again on SIGHUP, which ends no server.

use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};

use crate::cli::{Failure, IdentityArgs};
use crate::identity::{Identity, RefreshInterval, Unusable};
use crate::outbound::Client;

/// The identity service that was named, if one was; its keys are read now, or fetched from now on.
pub(super) fn identity(args: &IdentityArgs) -> Result<Option<Arc<Identity>>, Failure> {
    let identity = built(args)?.map(Arc::new);
    let mut hang_up = signal(SignalKind::hangup()).map_err(Failure::System)?;
    let renewed = identity.clone();
    tokio::spawn(async move {
        while hang_up.recv().await.is_some() {
            if let Some(identity) = &renewed {
                told(identity.renew().await);
            } else {
                tracing::info!("there are no keys of an identity service to read again");
            }
        }
    });
    if let Some(kept) = identity.clone() {
        tokio::spawn(async move { kept.keep_fresh().await });
    }
    Ok(identity)
}

/// The same, whose keys nobody keeps fresh yet.
fn built(args: &IdentityArgs) -> Result<Option<Identity>, Failure> {
    let rules = args.rules();
    let identity = match (&args.jwks, &args.jwt_key) {
        (Some(set), _) if set.contains("://") => {
            let client = Client::trusting(args.ca.as_deref())?;
            Identity::by_address(set, client, RefreshInterval::default(), rules)?
        }
        (Some(set), _) => Identity::by_set(set.into(), rules)?,
        (None, Some(key)) => Identity::by_key(key.clone(), rules)?,
        (None, None) => return Ok(None),
    };
    Ok(Some(identity))
}

/// Logs what a signal came to.
fn told(renewed: Result<(), Unusable>) {
    match renewed {
        Ok(()) => tracing::info!("read the keys of the identity service again"),
        Err(unusable) => {
            let chain = std::iter::successors(Some(&unusable.error as &dyn std::error::Error), |error| error.source());
            let cause: Vec<String> = chain.map(ToString::to_string).collect();
            tracing::error!(
                option = unusable.option,
                file = unusable.name,
                cause = cause.join(": "),
                "the keys cannot be used: those before stay in use"
            );
        }
    }
}
