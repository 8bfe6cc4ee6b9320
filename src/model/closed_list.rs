//! The closed lists: service types, issue types, statuses and levels.

use std::fmt;

use serde::{Serialize, Serializer};

macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$case_doc])* $case),+ }

        impl $name {
            /// Every one of them, in the order of the contract.
            pub const ALL: &[Self] = &[$(Self::$case),+];

            /// As it is written in requests, answers and the store.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$case => $text),+ }
            }

            /// The one that is written so, letter for letter.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$case),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use closed_list;

closed_list!(
    /// What part of the platform a ticket is about.
    ServiceType {
        /// A ride of mtxi.
        Ride = "ride",
        /// A delivery of munch.
        Order = "order",
        /// A table of mtables.
        Booking = "booking",
        /// A service at an event, by whichever way it was bought.
        EventService = "event_service",
        /// An order eaten where it was made.
        InDiningOrder = "in_dining_order",
    }
);

closed_list!(
    /// What went wrong.
    IssueType {
        /// Charged wrongly, twice, or not refunded.
        PaymentIssue = "PAYMENT_ISSUE",
        /// Done badly.
        ServiceQuality = "SERVICE_QUALITY",
        /// Cancelled, or not to be cancelled.
        Cancellation = "CANCELLATION",
        /// Late, lost or wrong.
        DeliveryIssue = "DELIVERY_ISSUE",
        /// A booking that did not hold.
        BookingIssue = "BOOKING_ISSUE",
        /// Anything else.
        Other = "OTHER",
    }
);

closed_list!(
    /// Where a ticket stands.
    Status {
        /// Waiting for an answer.
        Open = "OPEN",
        /// Raised to a higher level.
        Escalated = "ESCALATED",
        /// Done; it never opens again.
        Closed = "CLOSED",
    }
);

impl Status {
    /// Whether nobody works on such a ticket any more.
    pub const fn is_done(self) -> bool {
        match self {
            Self::Open | Self::Escalated => false,
            Self::Closed => true,
        }
    }
}

/// How far up a ticket has been raised: 1 (first line) to 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(u8);

impl Level {
    /// Every level, the lowest first.
    pub const ALL: &[Self] = &[Self::FIRST, Self::SECOND, Self::TOP];
    /// Where a new ticket starts.
    pub const FIRST: Self = Self(1);
    /// Where a ticket stands once it was escalated.
    pub const SECOND: Self = Self(2);
    /// There is no higher one.
    pub const TOP: Self = Self(3);

    /// The level of this number, 1 to 3.
    pub fn new(number: i64) -> Option<Self> {
        u8::try_from(number).ok().filter(|level| (1..=3).contains(level)).map(Self)
    }

    /// The number, 1 to 3.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The next one up; none at the top.
    pub fn up(self) -> Option<Self> {
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
