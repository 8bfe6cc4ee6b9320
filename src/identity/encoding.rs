//! Parses the encodings of a key in a file: PEM (RFC 7468) and DER (X.690). Detects other encodings.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Start of every PEM block.
pub(super) const PEM_START: &str = "-----BEGIN ";

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;
/// `AlgorithmIdentifier` of an RSA key (RFC 3279, 2.3.1).
const RSA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
/// `AlgorithmIdentifier` of a P-256 key (RFC 5480, 2.1.1).
const P256: &[u8] =
    &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// `AlgorithmIdentifier` of an Ed25519 key (RFC 8410, 3).
const ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];

/// Public key as encoded in a file; the numbers are not validated yet.
pub(super) enum PublicKey<'d> {
    /// Modulus and exponent, big-endian.
    Rsa(&'d [u8], &'d [u8]),
    /// Point in SEC 1 form.
    P256(&'d [u8]),
    /// Encoded point (RFC 8032, 5.1.2).
    Ed25519(&'d [u8]),
}

/// Decodes a text with a single PEM block into its label and bytes.
pub(super) fn pem(text: &str) -> Option<(&str, Vec<u8>)> {
    let (label, rest) = text.split_once(PEM_START)?.1.trim_end().split_once("-----")?;
    let base64 = rest.strip_suffix("-----")?.strip_suffix(label)?.strip_suffix("-----END ")?;
    Some((label, decode_base64(base64)?))
}

/// Parses a `SubjectPublicKeyInfo` (RFC 5280, 4.1) of a supported type.
pub(super) fn public_key(der: &[u8]) -> Option<PublicKey<'_>> {
    let (algorithm, rest) = split_value(SEQUENCE, single_value(SEQUENCE, der)?)?;
    let key = single_value(BIT_STRING, rest)?.strip_prefix(&[0])?;
    match algorithm {
        RSA => rsa_public_key(key),
        P256 => Some(PublicKey::P256(key)),
        ED25519 => Some(PublicKey::Ed25519(key)),
        _ => None,
    }
}

/// Parses an `RSAPublicKey` (RFC 8017, A.1.1).
pub(super) fn rsa_public_key(der: &[u8]) -> Option<PublicKey<'_>> {
    let (n, rest) = split_value(INTEGER, single_value(SEQUENCE, der)?)?;
    let e = single_value(INTEGER, rest)?;
    let is_positive = |number: &[u8]| number.first().is_some_and(|byte| *byte < 0x80);
    (is_positive(n) && is_positive(e)).then_some(PublicKey::Rsa(n, e))
}

/// Splits DER into the contents of its first value, which must have this tag, and the rest (X.690, 8.1).
fn split_value(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&length, rest) = der.strip_prefix(&[tag])?.split_first()?;
    if length < 0x80 {
        return rest.split_at_checked(length.into());
    }
    let (length, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
    let length = (length.len() <= 4).then(|| length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))?;
    rest.split_at_checked(length)
}

/// Returns the contents of the value with this tag if nothing follows it.
fn single_value(tag: u8, der: &[u8]) -> Option<&[u8]> {
    split_value(tag, der).filter(|(_, rest)| rest.is_empty()).map(|(value, _)| value)
}

/// Returns true for a public key in an unsupported encoding: DER, base64 of DER, JWK, OpenSSH, or any text in UTF-16.
/// Such a file must not be used as an HMAC secret, because its content is public.
pub(super) fn is_unsupported_public_key(bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes).ok();
    let is_der = |bytes: &[u8]| single_value(SEQUENCE, bytes).is_some();
    bytes.starts_with(&[0xff, 0xfe])
        || bytes.starts_with(&[0xfe, 0xff])
        || text.is_some_and(is_key_text)
        || is_der(bytes)
        || text.and_then(decode_base64).is_some_and(|der| is_der(&der))
}

/// Returns true for the text of a JWK, an OpenSSH key or an SSH2 key.
fn is_key_text(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    ["{", "[", "ssh-", "ecdsa-sha2-", "---- BEGIN "].iter().any(|start| text.starts_with(start))
}

/// Decodes a text that contains only base64 and white space.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let text: String = text.split_whitespace().collect();
    STANDARD.decode(text).ok()
}
