//! Verification of a received message: signature and timestamp (Standard Webhooks 1.0.0).

use super::secret::SigningSecret;
use crate::model::Timestamp;
use crate::model::closed_list::closed_list;

/// Maximum difference between the message's time and the receiver's, in seconds.
pub const TOLERANCE: i64 = 300;

closed_list!(
    /// Result of the verification of a message.
    Receipt {
        /// The signature is valid.
        Verified = "verified",
        /// The receiver has no secret.
        Unverified = "unverified",
        /// A required header is missing or malformed.
        MissingHeaders = "headers_missing",
        /// The timestamp is out of tolerance.
        TimestampOutOfTolerance = "timestamp_too_far",
        /// No signature matches the secret.
        InvalidSignature = "signature_wrong",
    }
);

impl Receipt {
    /// Verifies a message by its three headers.
    pub fn verify(
        secret: Option<&SigningSecret>,
        id: Option<&str>,
        timestamp: Option<&str>,
        signature: Option<&str>,
        body: &[u8],
        now: Timestamp,
    ) -> Self {
        let Some(secret) = secret else { return Self::Unverified };
        let second = timestamp.and_then(|text| text.parse::<i64>().ok());
        let (Some(id), Some(second), Some(signature)) = (id, second, signature) else { return Self::MissingHeaders };
        if !secret.verify(id, second, body, signature) {
            return Self::InvalidSignature;
        }
        if now.second().abs_diff(second) > TOLERANCE.unsigned_abs() {
            return Self::TimestampOutOfTolerance;
        }
        Self::Verified
    }

    /// Returns true if a receiver should accept the message.
    pub const fn is_accepted(self) -> bool {
        match self {
            Self::Verified | Self::Unverified => true,
            Self::MissingHeaders | Self::TimestampOutOfTolerance | Self::InvalidSignature => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_verified_by_its_headers() {
        let secret = SigningSecret::from_random([7; 32]);
        let now = Timestamp::from_second(1_750_000_000).unwrap();
        let judge = |at: i64, id, signature: Option<&str>| {
            Receipt::verify(Some(&secret), id, Some(&at.to_string()), signature, b"{}", now)
        };
        let signed = |at| secret.sign("msg_1", at, b"{}");
        let second = now.second();
        assert_eq!(judge(second, Some("msg_1"), Some(&signed(second))), Receipt::Verified);
        assert_eq!(judge(second - 301, Some("msg_1"), Some(&signed(second - 301))), Receipt::TimestampOutOfTolerance);
        assert_eq!(judge(second, Some("msg_2"), Some(&signed(second))), Receipt::InvalidSignature);
        assert_eq!(judge(second, None, Some(&signed(second))), Receipt::MissingHeaders);
        assert_eq!(judge(second, Some("msg_1"), None), Receipt::MissingHeaders);
        assert_eq!(Receipt::verify(None, None, None, None, b"", now), Receipt::Unverified);
    }
}
