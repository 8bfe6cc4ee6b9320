//! Background task for open streams: ends those whose token is no longer valid, aborts those whose client does not
//! read, and sleeps while there are none.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::AppState;
use crate::desk::events::REQUIRES;
use crate::model::Error;
use crate::model::error::chain;

/// Interval between two checks of the open streams.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);
/// Minimum number of checks between two validations of tokens, which happen only after a change of the store or the
/// keys.
const ROUNDS_PER_TOKEN_CHECK: u32 = 2;
/// Maximum number of tokens validated in one read.
const TOKENS_PER_READ: usize = 64;
/// Checks the open streams for as long as the server runs.
pub(super) async fn supervise(state: Arc<AppState>) {
    let streams = &state.streams;
    loop {
        streams.opened.notified().await;
        let keys = state.identity.iter().map(|identity| identity.changes());
        let mut changes: Vec<_> = std::iter::once(state.store.changes()).chain(keys).collect();
        let mut rounds = ROUNDS_PER_TOKEN_CHECK;
        while streams.any_open() {
            tokio::time::sleep(CHECK_INTERVAL).await;
            streams.enforce_limits(state.now());
            rounds = rounds.saturating_add(1);
            if rounds >= ROUNDS_PER_TOKEN_CHECK && has_changed(&mut changes) {
                rounds = 0;
                if let Err(error) = end_unauthorized(&state).await {
                    tracing::warn!(error = chain(&error), "failed to validate the tokens of open streams");
                    changes.iter_mut().for_each(watch::Receiver::mark_changed);
                }
            }
        }
    }
}

/// Ends the streams whose token is no longer valid.
async fn end_unauthorized(state: &AppState) -> Result<(), Error> {
    let streams: Vec<_> = state.streams.lock().values().map(Arc::clone).collect();
    for batch in streams.chunks(TOKENS_PER_READ) {
        let requests: Vec<_> = batch.iter().map(|stream| &*stream.request).collect();
        let refusals = state.recheck_tokens(&requests, REQUIRES).await?;
        for (stream, error) in batch.iter().zip(refusals) {
            if let Some(error) = error {
                stream.end_unauthorized(error.refusal());
            }
        }
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Returns true if any of these has changed since the last call.
fn has_changed(changes: &mut [watch::Receiver<u64>]) -> bool {
    let any_changed = changes.iter().any(|receiver| receiver.has_changed().unwrap_or(false));
    changes.iter_mut().for_each(watch::Receiver::mark_unchanged);
    any_changed
}
