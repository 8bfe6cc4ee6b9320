//! When to look for work: the one place that would change where something else tells of new events.

use std::time::Duration;

use tokio::time::sleep;

/// Between two looks while there are webhooks.
const OFTEN: Duration = Duration::from_millis(200);
/// Between two looks while there are none.
const SELDOM: Duration = Duration::from_secs(1);

/// Says when to look again.
#[derive(Debug, Default)]
pub(super) struct Wake {
    webhooks: bool,
}

impl Wake {
    /// Notes whether there is anyone to deliver to.
    pub(super) fn expect(&mut self, webhooks: bool) {
        self.webhooks = webhooks;
    }

    /// Comes when it is time to look.
    pub(super) async fn next(&mut self) {
        sleep(if self.webhooks { OFTEN } else { SELDOM }).await;
    }
}
