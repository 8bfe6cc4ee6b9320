//! When to look for work: the one place that would change where something else tells of new events.

use std::time::Duration;

use tokio::time::sleep;

/// Between two looks while there is anyone to send to.
const OFTEN: Duration = Duration::from_millis(200);
/// Between two looks while there is nobody.
const SELDOM: Duration = Duration::from_secs(1);

/// Says when to look again.
#[derive(Debug, Default)]
pub(super) struct Wake {
    anyone: bool,
}

impl Wake {
    /// Notes whether there is anyone to send to.
    pub(super) fn expect(&mut self, anyone: bool) {
        self.anyone = anyone;
    }

    /// Comes when it is time to look.
    pub(super) async fn next(&mut self) {
        sleep(if self.anyone { OFTEN } else { SELDOM }).await;
    }
}
