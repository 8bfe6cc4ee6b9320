//! Key and the algorithms that it may verify. The key determines the algorithm, never the token (RFC 8725, 3.1).

use std::fmt;
use std::ops::RangeInclusive;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey as Peer, agree_ephemeral};
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use super::encoding::{self, PEM_START, PublicKey};
use super::error::{KeyError, SECRET_MIN};

/// Accepted lengths of an RSA modulus in bits: from the minimum of RFC 7518, 3.3, to a maximum that bounds the cost of
/// verification.
const RSA_BITS: RangeInclusive<usize> = 2_048..=4_096;
/// Accepted RSA exponents: those that ring supports.
const RSA_EXPONENT: RangeInclusive<u64> = 3..=(1 << 33) - 1;
/// Encodings, without the sign bit, of the Ed25519 points of small order, including the two non-canonical ones. With
/// such a key, anybody can forge signatures.
const SMALL_ORDER: [&str; 7] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

/// Key that verifies tokens.
pub(super) struct Key {
    /// `kid` of the key in a set.
    pub(super) id: Option<String>,
    allows: &'static [Algorithm],
    material: Material,
}

enum Material {
    Rsa(RsaPublicKeyComponents<Vec<u8>>),
    Point(UnparsedPublicKey<Vec<u8>>),
    Secret(hmac::Key),
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("id", &self.id).field("allows", &self.allows).finish_non_exhaustive()
    }
}

impl Key {
    /// Returns true if the key may verify tokens of this algorithm.
    pub(super) fn allows(&self, algorithm: Algorithm) -> bool {
        self.allows.contains(&algorithm)
    }

    /// Returns true if the base64url `signature` of `text` is valid.
    pub(super) fn verify_signature(&self, text: &str, signature: &str, algorithm: Algorithm) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        let text = text.as_bytes();
        let verified = match (&self.material, algorithm) {
            _ if !self.allows(algorithm) => return false,
            (Material::Rsa(key), Algorithm::Ps256) => key.verify(&RSA_PSS_2048_8192_SHA256, text, &signature),
            (Material::Rsa(key), _) => key.verify(&RSA_PKCS1_2048_8192_SHA256, text, &signature),
            (Material::Point(key), _) => key.verify(text, &signature),
            (Material::Secret(key), _) => hmac::verify(key, text, &signature),
        };
        verified.is_ok()
    }

    /// Parses a key file: a public key in PEM (RFC 7468), otherwise a secret. `exposed` is true if other users can read
    /// the file.
    pub(super) fn from_file(bytes: &[u8], exposed: bool) -> Result<Self, KeyError> {
        let text = std::str::from_utf8(bytes).ok();
        if bytes.windows(PEM_START.len()).any(|part| part == PEM_START.as_bytes()) {
            return Self::from_pem(text.ok_or(KeyError::NotAKey)?);
        }
        if encoding::is_unsupported_public_key(bytes) {
            return Err(KeyError::NotAKey);
        }
        let secret = text.map_or(bytes, |text| without_line_end(text).as_bytes());
        if exposed { Err(KeyError::Exposed) } else { Self::from_secret(secret) }
    }

    fn from_pem(text: &str) -> Result<Self, KeyError> {
        if text.contains("PRIVATE KEY-----") {
            return Err(KeyError::Private);
        }
        // With two keys in one file, it is ambiguous which one is meant.
        if text.matches(PEM_START).count() != 1 {
            return Err(KeyError::NotAKey);
        }
        let (label, der) = encoding::pem(text).ok_or(KeyError::NotAKey)?;
        let key = match label {
            "RSA PUBLIC KEY" => encoding::rsa_public_key(&der),
            "PUBLIC KEY" => encoding::public_key(&der),
            _ => None,
        };
        match key.ok_or(KeyError::NotAKey)? {
            PublicKey::Rsa(n, e) => Self::from_rsa(n, e),
            PublicKey::P256(point) => Self::from_p256(point),
            PublicKey::Ed25519(point) => Self::from_ed25519(point),
        }
    }

    /// Parses an entry of a key set (RFC 7517, 4; RFC 7518, 6; RFC 8037, 2). Returns `None` for a key of another type,
    /// curve, use or algorithm, which RFC 7517, 5, tells to ignore.
    ///
    /// # Errors
    /// The name of the invalid member (may be empty), and the reason.
    pub(super) fn from_jwk(jwk: &Map<String, Value>) -> Result<Option<Key>, (&'static str, KeyError)> {
        let text = |name: &'static str| match jwk.get(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(Some).ok_or((name, KeyError::Malformed)),
        };
        if text("use")?.is_some_and(|purpose| purpose != "sig") || !permits_verify(jwk.get("key_ops")) {
            return Ok(None);
        }
        let kind = text("kty")?.ok_or(("kty", KeyError::Malformed))?;
        let allows: &'static [Algorithm] = match (kind, text("crv")?) {
            ("RSA", _) => &[Algorithm::Rs256, Algorithm::Ps256],
            ("EC", Some("P-256")) => &[Algorithm::Es256],
            ("OKP", Some("Ed25519")) => &[Algorithm::EdDsa],
            ("oct", _) => &[Algorithm::Hs256],
            _ => return Ok(None),
        };
        let allows = match text("alg")? {
            None => allows,
            Some(name) => match allows.iter().position(|allowed| Algorithm::parse(name) == Some(*allowed)) {
                Some(at) => &allows[at..=at],
                None => return Ok(None),
            },
        };
        if jwk.contains_key("d") {
            return Err(("d", KeyError::Private));
        }
        let bytes = |name: &'static str| {
            let decoded = text(name)?.and_then(|value| URL_SAFE_NO_PAD.decode(value).ok());
            decoded.filter(|bytes| !bytes.is_empty()).ok_or((name, KeyError::Malformed))
        };
        let key = match kind {
            "RSA" => Self::from_rsa(&bytes("n")?, &bytes("e")?).map_err(|error| ("n", member_error(error)))?,
            "EC" => {
                let point = [[4].as_slice(), &coordinate(&bytes("x")?, "x")?, &coordinate(&bytes("y")?, "y")?].concat();
                Self::from_p256(&point).map_err(|error| ("x", member_error(error)))?
            }
            "OKP" => Self::from_ed25519(&bytes("x")?).map_err(|error| ("x", member_error(error)))?,
            _ => Self::from_secret(&bytes("k")?).map_err(|error| ("k", error))?,
        };
        Ok(Some(Self { id: text("kid")?.map(str::to_owned), allows, ..key }))
    }

    /// Returns true for a shared secret: everyone who can verify with it can also sign.
    pub(super) fn is_secret(&self) -> bool {
        self.allows(Algorithm::Hs256)
    }

    fn from_secret(secret: &[u8]) -> Result<Self, KeyError> {
        if secret.len() < SECRET_MIN {
            return Err(KeyError::ShortSecret(secret.len()));
        }
        let material = Material::Secret(hmac::Key::new(hmac::HMAC_SHA256, secret));
        Ok(Self { id: None, allows: &[Algorithm::Hs256], material })
    }

    /// Creates an RSA key from its modulus and exponent, big-endian.
    fn from_rsa(n: &[u8], e: &[u8]) -> Result<Self, KeyError> {
        let (n, e) = (without_zeros(n), without_zeros(e));
        let bits = n.first().map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
        if !RSA_BITS.contains(&bits) {
            return Err(KeyError::RsaSize(bits));
        }
        let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
        let exponent = (e.len() <= 8).then(|| e.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)));
        if !is_odd(n) || !is_odd(e) || !exponent.is_some_and(|exponent| RSA_EXPONENT.contains(&exponent)) {
            return Err(KeyError::NotAKey);
        }
        let material = Material::Rsa(RsaPublicKeyComponents { n: n.to_vec(), e: e.to_vec() });
        Ok(Self { id: None, allows: &[Algorithm::Rs256, Algorithm::Ps256], material })
    }

    /// Creates a P-256 key from an uncompressed point (SEC 1, 2.3.3).
    #[expect(clippy::disallowed_methods, reason = "ring draws the key of an agreement itself")]
    fn from_p256(point: &[u8]) -> Result<Self, KeyError> {
        // ring validates a point only in a key agreement; the agreed key is discarded.
        let ours = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new());
        ours.and_then(|ours| agree_ephemeral(ours, &Peer::new(&ECDH_P256, point), |_| ()))
            .map_err(|_| KeyError::NotAKey)?;
        let material = Material::Point(UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point.to_vec()));
        Ok(Self { id: None, allows: &[Algorithm::Es256], material })
    }

    /// Creates an Ed25519 key from an encoded point (RFC 8032, 5.1.2). An invalid point verifies no signature.
    fn from_ed25519(point: &[u8]) -> Result<Self, KeyError> {
        let mut y: [u8; 32] = point.try_into().map_err(|_| KeyError::NotAKey)?;
        y[31] &= 0x7f;
        if SMALL_ORDER.contains(&y.map(|byte| format!("{byte:02x}")).concat().as_str()) {
            return Err(KeyError::NotAKey);
        }
        let material = Material::Point(UnparsedPublicKey::new(&ED25519, point.to_vec()));
        Ok(Self { id: None, allows: &[Algorithm::EdDsa], material })
    }
}

/// Converts the error of a key to that of one JWK member.
fn member_error(error: KeyError) -> KeyError {
    if matches!(error, KeyError::NotAKey) { KeyError::Malformed } else { error }
}

/// Parses a coordinate of P-256, exactly 32 bytes.
fn coordinate(bytes: &[u8], name: &'static str) -> Result<[u8; 32], (&'static str, KeyError)> {
    bytes.try_into().map_err(|_| (name, KeyError::Malformed))
}

/// Strips leading zeros.
fn without_zeros(number: &[u8]) -> &[u8] {
    &number[number.iter().take_while(|byte| **byte == 0).count()..]
}

/// Returns true if `key_ops` (RFC 7517, 4.3) is absent or contains `verify`.
fn permits_verify(operations: Option<&Value>) -> bool {
    operations.is_none_or(|operations| {
        operations.as_array().is_some_and(|operations| operations.iter().any(|operation| operation == "verify"))
    })
}

/// Strips the line ending that an editor appends to a secret.
fn without_line_end(text: &str) -> &str {
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    // A secret with control characters is binary, so its last byte belongs to it.
    if line.chars().any(char::is_control) { text } else { line }
}
