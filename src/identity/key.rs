//! One key and what it may verify. The key alone decides the algorithm, never the token (RFC 8725, 3.1).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::VerifyingKey;
use jsonwebtoken::{Algorithm, DecodingKey};
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use rsa::pkcs1::DecodeRsaPublicKey as _;
use rsa::pkcs8::{DecodePublicKey as _, Document};
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, RsaPublicKey};
use serde_json::{Map, Value};

use super::fault::{KeyFault, SECRET_MIN};

/// The sizes of an RSA key that are taken, in bits: RFC 7518, 3.3, and the most that the verifier can do.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2_048..=4_096;

/// What every PEM begins with.
const PEM_START: &str = "-----BEGIN ";

/// The algorithm of this name (RFC 7518, 3.1; RFC 8037, 3.1), where it is one of ours.
pub(super) fn algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "RS256" => Some(Algorithm::RS256),
        "PS256" => Some(Algorithm::PS256),
        "ES256" => Some(Algorithm::ES256),
        "EdDSA" => Some(Algorithm::EdDSA),
        "HS256" => Some(Algorithm::HS256),
        _ => None,
    }
}

/// A key that verifies tokens.
pub(super) struct Key {
    /// Its `kid`, where a set gives it one.
    pub(super) id: Option<String>,
    allows: &'static [Algorithm],
    decoding: DecodingKey,
}

/// What a set's entry is.
pub(super) enum Entry {
    /// A key for us.
    Key(Key),
    /// A key for something else: another kind, curve, use or algorithm. RFC 7517, 5, has it ignored.
    Other,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("id", &self.id).field("allows", &self.allows).finish_non_exhaustive()
    }
}

impl Key {
    /// Whether it may verify tokens of this algorithm.
    pub(super) fn allows(&self, algorithm: Algorithm) -> bool {
        self.allows.contains(&algorithm)
    }

    /// Whether it made this signature, which is in base64url, over this text.
    pub(super) fn signed(&self, text: &str, signature: &str, algorithm: Algorithm) -> bool {
        self.allows(algorithm)
            && jsonwebtoken::crypto::verify(signature, text.as_bytes(), &self.decoding, algorithm).unwrap_or(false)
    }

    /// The key in a file: a public key in PEM (RFC 7468), or else a secret. `exposed` says that others can read it.
    pub(super) fn of_file(bytes: &[u8], exposed: bool) -> Result<Self, KeyFault> {
        let text = std::str::from_utf8(bytes).ok();
        if bytes.windows(PEM_START.len()).any(|part| part == PEM_START.as_bytes()) {
            return Self::of_pem(text.ok_or(KeyFault::NotAKey)?);
        }
        // What everyone may know must never become a secret: a public key in DER or bare base64, a JWK, an SSH key,
        // or any of them in UTF-16.
        if bytes.starts_with(&[0xff, 0xfe])
            || bytes.starts_with(&[0xfe, 0xff])
            || text.is_some_and(names_a_key)
            || is_der(bytes)
            || text.and_then(bare_base64).is_some_and(|der| is_der(&der))
        {
            return Err(KeyFault::NotAKey);
        }
        let secret = text.map_or(bytes, |text| without_line_end(text).as_bytes());
        if exposed { Err(KeyFault::Exposed) } else { Self::of_secret(secret) }
    }

    fn of_pem(text: &str) -> Result<Self, KeyFault> {
        if text.contains("PRIVATE KEY-----") {
            return Err(KeyFault::Private);
        }
        let begin = text.find(PEM_START).ok_or(KeyFault::NotAKey)?;
        let pem = text[begin..].trim_end();
        // Two keys in one file: which of them is meant?
        if pem.matches(PEM_START).count() != 1 {
            return Err(KeyFault::NotAKey);
        }
        let (label, document) = Document::from_pem(pem).map_err(|_| KeyFault::NotAKey)?;
        let der = document.as_bytes();
        match label {
            "RSA PUBLIC KEY" => Self::of_rsa(&RsaPublicKey::from_pkcs1_der(der).map_err(|_| KeyFault::NotAKey)?),
            "PUBLIC KEY" => {
                if let Ok(rsa) = RsaPublicKey::from_public_key_der(der) {
                    Self::of_rsa(&rsa)
                } else if let Ok(point) = p256::PublicKey::from_public_key_der(der) {
                    Ok(Self::of_point(&point))
                } else {
                    Self::of_edwards(&VerifyingKey::from_public_key_der(der).map_err(|_| KeyFault::NotAKey)?)
                }
            }
            _ => Err(KeyFault::NotAKey),
        }
    }

    /// The key of a set's entry (RFC 7517, 4; RFC 7518, 6; RFC 8037, 2).
    ///
    /// # Errors
    /// The member at fault, which may be empty, and why.
    pub(super) fn of_jwk(jwk: &Map<String, Value>) -> Result<Entry, (&'static str, KeyFault)> {
        let text = |name: &'static str| match jwk.get(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(Some).ok_or((name, KeyFault::Malformed)),
        };
        if text("use")?.is_some_and(|purpose| purpose != "sig") || !verifies(jwk.get("key_ops")) {
            return Ok(Entry::Other);
        }
        let kind = text("kty")?.ok_or(("kty", KeyFault::Malformed))?;
        let allows: &'static [Algorithm] = match (kind, text("crv")?) {
            ("RSA", _) => &[Algorithm::RS256, Algorithm::PS256],
            ("EC", Some("P-256")) => &[Algorithm::ES256],
            ("OKP", Some("Ed25519")) => &[Algorithm::EdDSA],
            ("oct", _) => &[Algorithm::HS256],
            _ => return Ok(Entry::Other),
        };
        let allows = match text("alg")? {
            None => allows,
            Some(name) => match allows.iter().position(|allowed| algorithm(name) == Some(*allowed)) {
                Some(at) => &allows[at..=at],
                None => return Ok(Entry::Other),
            },
        };
        if jwk.contains_key("d") {
            return Err(("d", KeyFault::Private));
        }
        let bytes = |name: &'static str| {
            let decoded = text(name)?.and_then(|value| URL_SAFE_NO_PAD.decode(value).ok());
            decoded.filter(|bytes| !bytes.is_empty()).ok_or((name, KeyFault::Malformed))
        };
        let key = match kind {
            "RSA" => {
                let (n, e) = (bytes("n")?, bytes("e")?);
                Self::of_rsa_numbers(&n, &e).map_err(|fault| ("n", of_member(fault)))?
            }
            "EC" => {
                let (x, y) = (coordinate(&bytes("x")?, "x")?, coordinate(&bytes("y")?, "y")?);
                let point = [[4].as_slice(), &x, &y].concat();
                Self::of_point(&p256::PublicKey::from_sec1_bytes(&point).map_err(|_| ("x", KeyFault::Malformed))?)
            }
            "OKP" => {
                let key = VerifyingKey::from_bytes(&coordinate(&bytes("x")?, "x")?)
                    .map_err(|_| ("x", KeyFault::Malformed))?;
                Self::of_edwards(&key).map_err(|fault| ("x", of_member(fault)))?
            }
            _ => Self::of_secret(&bytes("k")?).map_err(|fault| ("k", fault))?,
        };
        Ok(Entry::Key(Self { id: text("kid")?.map(str::to_owned), allows, ..key }))
    }

    /// Whether it is a secret: whoever can verify by it can also sign.
    pub(super) fn is_secret(&self) -> bool {
        self.allows(Algorithm::HS256)
    }

    fn of_secret(secret: &[u8]) -> Result<Self, KeyFault> {
        if secret.len() < SECRET_MIN {
            return Err(KeyFault::ShortSecret(secret.len()));
        }
        Ok(Self { id: None, allows: &[Algorithm::HS256], decoding: DecodingKey::from_secret(secret) })
    }

    fn of_rsa_numbers(n: &[u8], e: &[u8]) -> Result<Self, KeyFault> {
        let (n, e) = (BigUint::from_bytes_be(n), BigUint::from_bytes_be(e));
        if !RSA_BITS.contains(&n.bits()) {
            return Err(KeyFault::RsaSize(n.bits()));
        }
        Self::of_rsa(&RsaPublicKey::new(n, e).map_err(|_| KeyFault::NotAKey)?)
    }

    fn of_rsa(key: &RsaPublicKey) -> Result<Self, KeyFault> {
        let bits = key.n().bits();
        if !RSA_BITS.contains(&bits) {
            return Err(KeyFault::RsaSize(bits));
        }
        let odd = |number: &BigUint| number.to_bytes_le().first().is_some_and(|byte| byte % 2 == 1);
        if !odd(key.n()) || !odd(key.e()) {
            return Err(KeyFault::NotAKey);
        }
        let decoding = DecodingKey::from_rsa_raw_components(&key.n().to_bytes_be(), &key.e().to_bytes_be());
        Ok(Self { id: None, allows: &[Algorithm::RS256, Algorithm::PS256], decoding })
    }

    fn of_point(key: &p256::PublicKey) -> Self {
        let point = key.to_encoded_point(false);
        Self { id: None, allows: &[Algorithm::ES256], decoding: DecodingKey::from_ec_der(point.as_bytes()) }
    }

    fn of_edwards(key: &VerifyingKey) -> Result<Self, KeyFault> {
        // A point of small order verifies signatures that nobody made.
        if key.is_weak() {
            return Err(KeyFault::NotAKey);
        }
        Ok(Self { id: None, allows: &[Algorithm::EdDSA], decoding: DecodingKey::from_ed_der(key.as_bytes()) })
    }
}

/// What a key's fault is called where one member is to blame.
fn of_member(fault: KeyFault) -> KeyFault {
    if matches!(fault, KeyFault::NotAKey) { KeyFault::Malformed } else { fault }
}

/// A coordinate of either curve: 32 bytes, no more and no fewer.
fn coordinate(bytes: &[u8], name: &'static str) -> Result<[u8; 32], (&'static str, KeyFault)> {
    bytes.try_into().map_err(|_| (name, KeyFault::Malformed))
}

/// Whether `key_ops` (RFC 7517, 4.3), where it is given, holds `verify`.
fn verifies(operations: Option<&Value>) -> bool {
    operations.is_none_or(|operations| {
        operations.as_array().is_some_and(|operations| operations.iter().any(|operation| operation == "verify"))
    })
}

/// Whether this is the text of a key in another form: a JWK, or a line of OpenSSH.
fn names_a_key(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    ["{", "[", "ssh-", "ecdsa-sha2-", "---- BEGIN "].iter().any(|start| text.starts_with(start))
}

/// Whether this is one whole sequence in DER (X.690, 8.1), as every key and certificate is.
fn is_der(bytes: &[u8]) -> bool {
    let Some((0x30, rest)) = bytes.split_first().map(|(tag, rest)| (*tag, rest)) else { return false };
    let Some((&length, rest)) = rest.split_first() else { return false };
    if length < 0x80 {
        return usize::from(length) == rest.len();
    }
    let Some((length, rest)) = rest.split_at_checked(usize::from(length & 0x7f)) else { return false };
    length.len() <= 4 && length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)) == rest.len()
}

/// The bytes of a text that is base64 and nothing else but line ends.
fn bare_base64(text: &str) -> Option<Vec<u8>> {
    let text: String = text.split_whitespace().collect();
    STANDARD.decode(text).ok()
}

/// A secret kept as text, without the line end that an editor puts there.
fn without_line_end(text: &str) -> &str {
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    // With control characters in it this is no line of text, and its last byte is part of it.
    if line.chars().any(char::is_control) { text } else { line }
}
