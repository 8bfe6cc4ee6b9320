//! Clock and random bytes of the operating system. Nothing else reads the time of day or asks for randomness; `model` and
//! `desk` are given both.

#![expect(clippy::disallowed_methods, reason = "the one place that reads the clock and asks for random bytes")]

use std::time::SystemTime;

use crate::model::Timestamp;

/// The system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("no random bytes from the system: {0}")]
pub struct RandomError(#[from] getrandom::Error);

/// The time of day.
pub fn now() -> Timestamp {
    SystemTime::now().into()
}

/// Random bytes, good for secrets.
///
/// # Errors
/// [`RandomError`] where the system gives none.
pub fn random<const BYTES: usize>() -> Result<[u8; BYTES], RandomError> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A name that nothing else has: 32 random hexadecimal digits.
///
/// # Errors
/// [`RandomError`] where the system gives none.
pub fn random_name() -> Result<String, RandomError> {
    Ok(format!("{:032x}", u128::from_be_bytes(random()?)))
}
