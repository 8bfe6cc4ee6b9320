//! Escalation levels of a ticket.

use std::fmt;

use serde::{Serialize, Serializer};

/// Escalation level: 1 (first line) to 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(u8);

impl Level {
    /// All levels, the lowest first.
    pub const ALL: &[Self] = &[Self::FIRST, Self::SECOND, Self::TOP];
    /// Level of a new ticket.
    pub const FIRST: Self = Self(1);
    /// Level after the first escalation.
    pub const SECOND: Self = Self(2);
    /// Highest level.
    pub const TOP: Self = Self(3);

    /// Builds a level from its number, 1 to 3.
    pub fn new(number: i64) -> Option<Self> {
        u8::try_from(number).ok().filter(|level| (1..=3).contains(level)).map(Self)
    }

    /// Returns the number, 1 to 3.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// Returns the next higher level; none at the top.
    pub fn next(self) -> Option<Self> {
        Self::new(i64::from(self.0) + 1)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.0)
    }
}
