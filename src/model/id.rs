//! Ids: positive 64-bit integers, one type for each noun, so that a ride never stands where a ticket belongs.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::Message;

/// The text or number was not a positive 64-bit integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct IdParseError;

impl From<IdParseError> for Message {
    fn from(IdParseError: IdParseError) -> Self {
        Self::new("argument.id")
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// The lowest there can be.
            pub const FIRST: Self = Self(1);

            /// The id of this number; none where it is not positive.
            pub const fn new(number: i64) -> Option<Self> {
                if number > 0 { Some(Self(number)) } else { None }
            }

            /// The number, from 1 to `i64::MAX`.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdParseError;

            /// Reads plain decimal digits: no sign, no leading zero, no spaces.
            fn from_str(text: &str) -> Result<Self, IdParseError> {
                if !text.bytes().all(|byte| byte.is_ascii_digit()) || text.starts_with('0') {
                    return Err(IdParseError);
                }
                text.parse().ok().and_then(Self::new).ok_or(IdParseError)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.0)
            }
        }
    };
}

id!(
    /// A customer of the platform.
    CustomerId
);
id!(
    /// A support ticket.
    TicketId
);
id!(
    /// A ride of mtxi.
    RideId
);
id!(
    /// An order of munch.
    OrderId
);
id!(
    /// A booking of mtables.
    BookingId
);
id!(
    /// A token's record, never the token itself.
    TokenId
);
id!(
    /// A notification of one customer.
    NotificationId
);
id!(
    /// A webhook.
    WebhookId
);
id!(
    /// One event on its way to one webhook.
    DeliveryId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_from_plain_digits_alone() {
        assert_eq!("7".parse(), Ok(TicketId(7)));
        assert_eq!("9223372036854775807".parse(), Ok(TicketId(i64::MAX)));
        for text in ["", "0", "-1", "+1", "01", " 1", "1 ", "1.0", "9223372036854775808", "abc", "١"] {
            assert_eq!(text.parse::<TicketId>(), Err(IdParseError), "{text:?}");
        }
    }
}
