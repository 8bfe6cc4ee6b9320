//! Detection of jumps of the wall clock, against a clock that only runs forward.

use std::time::Duration;

use super::Timestamp;

/// Maximum difference between the two clocks before a jump is assumed, in seconds.
const MAX_DIFFERENCE: i64 = 3_600;

/// Readings of the wall clock and of the system's uptime at the same moment.
///
/// A wrong wall clock would purge rows long before their retention period is over. Work that cannot be undone waits
/// while the clocks disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockGuard {
    wall: Timestamp,
    uptime: Duration,
}

impl ClockGuard {
    /// Creates a guard from the readings at the start.
    pub const fn new(wall: Timestamp, uptime: Duration) -> Self {
        Self { wall, uptime }
    }

    /// Returns true if both clocks have advanced by the same time since the start, within an hour.
    pub fn agrees(&self, wall: Timestamp, uptime: Duration) -> bool {
        let by_wall = wall.second().saturating_sub(self.wall.second());
        let by_uptime = uptime.as_secs().saturating_sub(self.uptime.as_secs());
        let difference = by_wall.saturating_sub(i64::try_from(by_uptime).unwrap_or(i64::MAX));
        difference.abs() <= MAX_DIFFERENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_agree_within_an_hour() {
        let start = Timestamp::from_second(1_750_000_000).unwrap();
        let guard = ClockGuard::new(start, Duration::from_secs(500));
        for (wall, uptime, agrees) in [
            (0, 0, true),
            (86_400, 86_400, true),
            (3_600, 0, true),
            (3_601, 0, false),
            (-3_600, 0, true),
            (-3_601, 0, false),
            (400 * 86_400, 60, false),
            (-2 * 86_400, 60, false),
            (0, 3_601, false),
        ] {
            let uptime = Duration::from_secs(500 + uptime);
            assert_eq!(guard.agrees(start.plus(wall), uptime), agrees, "{wall} s, {uptime:?}");
        }
    }
}
