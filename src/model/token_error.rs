//! Reasons to reject a token. Clients receive one response for all of them; the log contains the reason.

use super::closed_list::closed_list;

closed_list!(
    /// Reason for which a token was rejected.
    TokenError {
        TooLong = "token_too_long",
        /// Malformed, or with a wrong checksum.
        Malformed = "token_malformed",
        /// Opaque token that the store does not know.
        Unknown = "token_unknown",
        /// Opaque token that was revoked.
        Revoked = "token_revoked",
        Expired = "token_expired",
        /// Used before its `nbf`.
        NotYetValid = "token_not_yet_valid",
        /// JWT without a valid `exp`.
        NoExpiry = "token_without_expiry",
        /// Not an opaque token of this store, and `serve` runs without keys for JWTs.
        Foreign = "token_foreign",
        /// JWT whose `alg` its key does not allow.
        Algorithm = "token_algorithm",
        /// JWT with a `crit` header.
        Critical = "token_critical_header",
        /// JWT whose `typ` is not that of an access token.
        Type = "token_type",
        /// JWT whose `kid` is not in the key set.
        UnknownKey = "token_key_unknown",
        /// JWT without a `kid` that several keys match.
        AmbiguousKey = "token_key_ambiguous",
        /// JWT with an invalid signature.
        Signature = "token_signature",
        /// JWT of another issuer.
        Issuer = "token_issuer",
        /// JWT for another audience.
        Audience = "token_audience",
        /// JWT whose customer claim is not a customer id.
        Customer = "token_customer",
        /// Valid token with another role than `customer`.
        Role = "wrong_role",
    }
);
