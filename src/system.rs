//! Clock and random bytes of the operating system. No other module reads the time of day or generates randomness;
//! `model` and `desk` receive both as arguments.

#![expect(clippy::disallowed_methods, reason = "the only module that reads the clock and generates random bytes")]

use std::time::{Duration, SystemTime};

use rustix::time::{ClockId, clock_gettime};

use crate::model::Timestamp;

/// Error of the system's random number generator.
#[derive(Debug, thiserror::Error)]
#[error("no random bytes from the system: {0}")]
pub struct RandomError(#[from] getrandom::Error);

/// Returns the current time.
pub fn now() -> Timestamp {
    SystemTime::now().into()
}

/// Returns the time since the machine started, time in suspension included. Setting the wall clock does not change it.
pub fn uptime() -> Duration {
    let time = clock_gettime(ClockId::Boottime);
    Duration::from_secs(u64::try_from(time.tv_sec).unwrap_or_default())
}

/// Returns cryptographically secure random bytes.
///
/// # Errors
/// [`RandomError`] if the system provides none.
pub fn random<const BYTES: usize>() -> Result<[u8; BYTES], RandomError> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// Returns a unique name: 32 random hexadecimal digits.
///
/// # Errors
/// [`RandomError`] if the system provides none.
pub fn random_name() -> Result<String, RandomError> {
    Ok(format!("{:032x}", u128::from_be_bytes(random()?)))
}
