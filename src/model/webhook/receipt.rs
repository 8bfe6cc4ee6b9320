//! What a receiver makes of a message: whether its signature and its time are good (Standard Webhooks 1.0.0).

use super::secret::SigningSecret;
use crate::model::Timestamp;
use crate::model::closed_list::closed_list;

/// How far a message's time may be from the receiver's, in seconds.
pub const TOLERANCE: i64 = 300;

closed_list!(
    /// What a message is worth.
    Receipt {
        /// It is from who holds the secret.
        Verified = "verified",
        /// No secret is known to tell by.
        Unverified = "unverified",
        /// A header of the specification is missing, or is not what it must be.
        NoHeaders = "headers_missing",
        /// It is too old, or from the future.
        NotNow = "timestamp_too_far",
        /// No signature is of this secret.
        Forged = "signature_wrong",
    }
);

impl Receipt {
    /// Judges a message by its three headers, at this instant.
    pub fn of(
        secret: Option<&SigningSecret>,
        id: Option<&str>,
        timestamp: Option<&str>,
        signature: Option<&str>,
        body: &[u8],
        now: Timestamp,
    ) -> Self {
        let Some(secret) = secret else { return Self::Unverified };
        let second = timestamp.and_then(|text| text.parse::<i64>().ok());
        let (Some(id), Some(second), Some(signature)) = (id, second, signature) else { return Self::NoHeaders };
        if !secret.signed(id, second, body, signature) {
            return Self::Forged;
        }
        if now.second().abs_diff(second) > TOLERANCE.unsigned_abs() {
            return Self::NotNow;
        }
        Self::Verified
    }

    /// Whether a receiver should take it.
    pub const fn is_taken(self) -> bool {
        match self {
            Self::Verified | Self::Unverified => true,
            Self::NoHeaders | Self::NotNow | Self::Forged => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_judged_by_its_headers() {
        let secret = SigningSecret::from_random([7; 32]);
        let now = Timestamp::from_second(1_750_000_000).unwrap();
        let judge = |at: i64, id, signature: Option<&str>| {
            Receipt::of(Some(&secret), id, Some(&at.to_string()), signature, b"{}", now)
        };
        let signed = |at| secret.sign("msg_1", at, b"{}");
        let second = now.second();
        assert_eq!(judge(second, Some("msg_1"), Some(&signed(second))), Receipt::Verified);
        assert_eq!(judge(second - 301, Some("msg_1"), Some(&signed(second - 301))), Receipt::NotNow);
        assert_eq!(judge(second, Some("msg_2"), Some(&signed(second))), Receipt::Forged);
        assert_eq!(judge(second, None, Some(&signed(second))), Receipt::NoHeaders);
        assert_eq!(judge(second, Some("msg_1"), None), Receipt::NoHeaders);
        assert_eq!(Receipt::of(None, None, None, None, b"", now), Receipt::Unverified);
    }
}
