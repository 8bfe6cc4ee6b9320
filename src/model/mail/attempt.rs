//! How one attempt to hand a mail to the relay ended, and what follows from it.

use crate::model::kind::closed_list;
use crate::model::webhook::delivery::DeliveryState;
use crate::model::{Timestamp, backoff};

closed_list!(
    /// Why the relay did not say what becomes of a mail.
    Trouble {
        /// No connection could be made, or the relay did not let us in: its greeting, TLS or authentication failed.
        Unreachable = "unreachable",
        /// It took longer than it may.
        TimedOut = "timed_out",
        /// The connection broke, or what came was no SMTP.
        Broken = "broken",
    }
);

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The relay answered for the mail with this code (RFC 5321, 4.2.1).
    Answered(u16),
    /// It did not.
    Failed(Trouble),
}

impl Ended {
    /// Where the mail stands after so many attempts, and when it is tried again where it is. `roll` is any number, for
    /// jitter.
    pub fn settles(self, attempts: u32, roll: u32, now: Timestamp) -> (DeliveryState, Option<Timestamp>) {
        match self {
            Self::Answered(200..=299) => (DeliveryState::Delivered, None),
            Self::Answered(500..=599) => (DeliveryState::Dead, None),
            Self::Answered(_) | Self::Failed(_) => match backoff::again(attempts, roll, 0, now) {
                Some(at) => (DeliveryState::Waiting, Some(at)),
                None => (DeliveryState::Dead, None),
            },
        }
    }
}

/// One attempt, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// How it ended.
    pub ended: Ended,
    /// When it ended.
    pub at: Timestamp,
    /// What the relay said, or what went wrong.
    pub answer: String,
}

impl Attempt {
    /// The relay's code, where it answered.
    pub const fn code(&self) -> Option<u16> {
        match self.ended {
            Ended::Answered(code) => Some(code),
            Ended::Failed(_) => None,
        }
    }

    /// Why it did not.
    pub const fn trouble(&self) -> Option<Trouble> {
        match self.ended {
            Ended::Answered(_) => None,
            Ended::Failed(trouble) => Some(trouble),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::backoff::WAITS;

    #[test]
    fn every_answer_has_its_meaning() {
        let now = Timestamp::from_second(1_750_000_000).unwrap();
        for code in 200..=599 {
            let (state, again) = Ended::Answered(code).settles(1, 0, now);
            let expected = match code {
                200..=299 => DeliveryState::Delivered,
                500..=599 => DeliveryState::Dead,
                _ => DeliveryState::Waiting,
            };
            assert_eq!((state, again.is_some()), (expected, expected == DeliveryState::Waiting), "{code}");
        }
        for trouble in Trouble::ALL {
            assert_eq!(Ended::Failed(*trouble).settles(1, 0, now).1, Some(now.plus(2)), "{trouble}");
            assert_eq!(Ended::Failed(*trouble).settles(WAITS + 1, 0, now), (DeliveryState::Dead, None));
        }
    }
}
