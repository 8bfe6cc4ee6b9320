//! Network access of the webhook commands: a runtime for one request, and the check of a host's addresses.

use std::time::Duration;

use tokio::time::timeout;

use super::super::Failure;
use super::super::session::Session;
use crate::model::delivery::DeliveryError;
use crate::model::webhook::target::Target;
use crate::model::{Code, Error, Message};
use crate::outbound::{AddressRule, resolve};

/// Time-out of name resolution.
const RESOLUTION_TIMEOUT: Duration = Duration::from_secs(3);

/// Runs a future to completion, without waiting for name resolution that is still in progress.
pub(super) fn run<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::System)?;
    let value = runtime.block_on(work);
    runtime.shutdown_background();
    Ok(value)
}

/// Rejects a target whose host resolves to an address that is not public, unless private addresses are allowed. Accepts
/// a host that cannot be resolved, with a warning.
pub(super) fn check_addresses(session: &mut Session<'_>, target: &Target) -> Result<(), Failure> {
    if target.is_private() {
        return Ok(());
    }
    let addresses = resolve(target.host(), target.port(), AddressRule::Public);
    let resolved = run(async { timeout(RESOLUTION_TIMEOUT, addresses).await })?;
    match resolved {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) if error.reason == DeliveryError::NotPublic => {
            let message = Message::new("validation.webhook_url_private").with("address", error.detail());
            Err(Failure::Usage(Error::invalid(Code::InvalidWebhook, "url", message)))
        }
        Ok(Err(_)) | Err(_) => {
            session.warn(&Message::new("cli.webhook.unresolved").with("host", target.host()));
            Ok(())
        }
    }
}
