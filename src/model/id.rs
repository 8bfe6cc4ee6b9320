//! Ids: positive 64-bit integers with a type for each noun.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::Message;

/// Error of a text or number that is not a positive 64-bit integer.
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
            /// Lowest id.
            pub const FIRST: Self = Self(1);

            /// Builds an id; none if the number is not positive.
            pub const fn new(number: i64) -> Option<Self> {
                if number > 0 { Some(Self(number)) } else { None }
            }

            /// Returns the number, from 1 to `i64::MAX`.
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

            /// Parses plain decimal digits: no sign, no leading zero, no spaces.
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
    /// Id of a customer of the platform.
    CustomerId
);
id!(
    /// Id of a ticket.
    TicketId
);
id!(
    /// Id of a ride.
    RideId
);
id!(
    /// Id of an order.
    OrderId
);
id!(
    /// Id of a booking.
    BookingId
);
id!(
    /// Id of a token's record; not secret.
    TokenId
);
id!(
    /// Id of a notification.
    NotificationId
);
id!(
    /// Id of a webhook.
    WebhookId
);
id!(
    /// Id of a delivery of one event to one webhook.
    DeliveryId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_parsed_from_plain_digits_only() {
        assert_eq!("7".parse(), Ok(TicketId(7)));
        assert_eq!("9223372036854775807".parse(), Ok(TicketId(i64::MAX)));
        for text in ["", "0", "-1", "+1", "01", " 1", "1 ", "1.0", "9223372036854775808", "abc", "١"] {
            assert_eq!(text.parse::<TicketId>(), Err(IdParseError), "{text:?}");
        }
    }
}
