//! The network, as the commands about webhooks need it: a runtime for one exchange, and a look-up of a host's addresses.

use std::time::Duration;

use tokio::time::timeout;

use super::super::Failure;
use super::super::session::Session;
use crate::model::delivery::DeliveryError;
use crate::model::webhook::target::Target;
use crate::model::{Code, Error, Message};
use crate::outbound::{AddressRule, resolve};

/// Time that a name has to be resolved.
const RESOLUTION: Duration = Duration::from_secs(3);

/// Runs something to its end. A name that is still being resolved then is not waited for.
pub(super) fn run<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::System)?;
    let value = runtime.block_on(work);
    runtime.shutdown_background();
    Ok(value)
}

/// Refuses a target whose host stands for an address that is not public, unless that was allowed. One that cannot be
/// resolved now is taken, with a warning.
pub(super) fn check_addresses(session: &mut Session<'_>, target: &Target) -> Result<(), Failure> {
    if target.is_private() {
        return Ok(());
    }
    let addresses = resolve(target.host(), target.port(), AddressRule::Public);
    let resolved = run(async { timeout(RESOLUTION, addresses).await })?;
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
