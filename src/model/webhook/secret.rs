//! Signing secrets of webhooks and signatures (Standard Webhooks 1.0.0, symmetric `v1`).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Prefix of every secret, which secret scanners recognize.
const PREFIX: &str = "whsec_";
/// Minimum length of a secret, in bytes.
const MIN_BYTES: usize = 24;
/// Maximum length of a secret, in bytes.
const MAX_BYTES: usize = 64;

/// Signing secret of 24 to 64 bytes. Not `Display`, so that it cannot be printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(Vec<u8>);

impl SigningSecret {
    /// Builds a secret from random bytes.
    pub fn from_random(random: [u8; 32]) -> Self {
        Self(random.to_vec())
    }

    /// Builds a secret; none if the number of bytes is out of range.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (MIN_BYTES..=MAX_BYTES).contains(&bytes.len()).then_some(Self(bytes))
    }

    /// Parses `whsec_` and base64.
    pub fn parse(text: &str) -> Option<Self> {
        STANDARD.decode(text.strip_prefix(PREFIX)?).ok().and_then(Self::new)
    }

    /// Returns the secret in plain text, to show it once.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// Returns the bytes for the store.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Signs a message; returns `v1,` and base64, as in `webhook-signature`.
    pub fn sign(&self, id: &str, second: i64, body: &[u8]) -> String {
        format!("v1,{}", STANDARD.encode(self.mac(id, second, body).finalize().into_bytes()))
    }

    /// Returns true if one of the space-separated signatures in the header is valid. Runs in constant time for each.
    pub fn verify(&self, id: &str, second: i64, body: &[u8], header: &str) -> bool {
        let is_valid = |signature: &str| {
            let bytes = signature.strip_prefix("v1,").and_then(|text| STANDARD.decode(text).ok());
            bytes.is_some_and(|bytes| self.mac(id, second, body).verify_slice(&bytes).is_ok())
        };
        header.split(' ').any(is_valid)
    }

    fn mac(&self, id: &str, second: i64, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC accepts keys of any length");
        mac.update(format!("{id}.{second}.").as_bytes());
        mac.update(body);
        mac
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(whsec_…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test vector of the specification's reference libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const AT: i64 = 1_614_265_330;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    #[test]
    fn signatures_match_the_specification() {
        let secret = SigningSecret::parse(SECRET).unwrap();
        assert_eq!(secret.sign(ID, AT, BODY), SIGNATURE);
        assert_eq!(secret.reveal(), SECRET);
    }

    #[test]
    fn one_valid_signature_of_several_is_enough() {
        let secret = SigningSecret::parse(SECRET).unwrap();
        let other = SigningSecret::from_random([7; 32]).sign(ID, AT, BODY);
        assert!(secret.verify(ID, AT, BODY, &format!("v1a,AAAA {other} {SIGNATURE}")));
        for header in ["", "v1,", "v1,AAAA", &SIGNATURE[3..], &SIGNATURE.replace("v1", "v2"), &other] {
            assert!(!secret.verify(ID, AT, BODY, header), "{header}");
        }
        assert!(!secret.verify(ID, AT + 1, BODY, SIGNATURE));
        assert!(!secret.verify("msg_other", AT, BODY, SIGNATURE));
        assert!(!secret.verify(ID, AT, b"{}", SIGNATURE));
    }

    #[test]
    fn a_secret_has_24_to_64_bytes_and_is_never_printed_by_debug() {
        let fresh = SigningSecret::from_random([7; 32]);
        assert_eq!(SigningSecret::parse(&fresh.reveal()), Some(fresh.clone()));
        assert!(!format!("{fresh:?}").contains(&fresh.reveal()[6..12]));
        let of = |length| SigningSecret::parse(&format!("whsec_{}", STANDARD.encode(vec![7; length])));
        assert!(of(24).is_some() && of(64).is_some());
        assert!(of(23).is_none() && of(65).is_none());
        assert!(SigningSecret::parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").is_none());
        assert!(SigningSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS*").is_none());
    }
}
