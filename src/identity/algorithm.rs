//! Signature algorithms of tokens.

/// Signature algorithm of tokens, each with SHA-256 or its own digest (RFC 7518, 3.1; RFC 8037, 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// RSASSA-PKCS1-v1_5.
    Rs256,
    /// RSASSA-PSS.
    Ps256,
    /// ECDSA on P-256.
    Es256,
    /// Ed25519.
    EdDsa,
    /// HMAC.
    Hs256,
}

impl Algorithm {
    /// Parses the `alg` of a JOSE header, case-sensitive.
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "PS256" => Some(Self::Ps256),
            "ES256" => Some(Self::Es256),
            "EdDSA" => Some(Self::EdDsa),
            "HS256" => Some(Self::Hs256),
            _ => None,
        }
    }
}
