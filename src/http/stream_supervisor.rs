//! The task that looks after the open streams: it ends those whose token no longer opens them, cuts those whose reader takes
//! nothing, and rests while there are none.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::AppState;
use crate::desk::events::REQUIRES;
use crate::model::Error;
use crate::model::error::chain;

/// How often the open streams are looked at.
const ROUND: Duration = Duration::from_secs(1);
/// Tokens are asked about again at most every so many rounds, and only after the store or the keys changed.
const ROUNDS_BETWEEN: u32 = 2;
/// Tokens that one read asks about.
const AT_ONCE: usize = 64;
/// Looks after the open streams for as long as the server lives.
pub(super) async fn supervise(state: Arc<AppState>) {
    let streams = &state.streams;
    loop {
        streams.opened.notified().await;
        let keys = state.identity.iter().map(|identity| identity.changes());
        let mut changes: Vec<_> = std::iter::once(state.store.changes()).chain(keys).collect();
        let mut rounds = ROUNDS_BETWEEN;
        while streams.are_there() {
            tokio::time::sleep(ROUND).await;
            streams.end_expired(state.now());
            rounds = rounds.saturating_add(1);
            if rounds >= ROUNDS_BETWEEN && have_moved(&mut changes) {
                rounds = 0;
                if let Err(error) = ask_again(&state).await {
                    tracing::warn!(error = chain(&error), "the tokens of open streams could not be looked at");
                    changes.iter_mut().for_each(watch::Receiver::mark_changed);
                }
            }
        }
    }
}

/// Ends the streams whose token is good no more.
async fn ask_again(state: &AppState) -> Result<(), Error> {
    let streams: Vec<_> = state.streams.open().values().map(Arc::clone).collect();
    for some in streams.chunks(AT_ONCE) {
        let request: Vec<_> = some.iter().map(|stream| &*stream.request).collect();
        let refusals = state.refusals(&request, REQUIRES).await?;
        for (stream, error) in some.iter().zip(refusals) {
            if let Some(error) = error {
                stream.end_for(error.refusal());
            }
        }
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Whether one of these changed since this was asked last.
fn have_moved(changes: &mut [watch::Receiver<u64>]) -> bool {
    let moved = changes.iter().any(|change| change.has_changed().unwrap_or(false));
    changes.iter_mut().for_each(watch::Receiver::mark_unchanged);
    moved
}
