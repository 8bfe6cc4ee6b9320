//! Limits on each customer that use cases decide on.

use super::rate::Rate;

/// Limits on a customer; none is a limit that is switched off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CustomerLimits {
    /// Maximum number of awards.
    pub awards: Option<Rate>,
}
