//! Reasons to refuse a token. The client hears one answer for all of them; the log names the reason.

use super::closed_list::closed_list;

closed_list!(
    /// Reason why a token does not authenticate its bearer.
    TokenError {
        /// Longer than 8 KiB.
        TooLong = "token_too_long",
        /// Not of the form that it should have, or with a wrong checksum.
        Malformed = "token_malformed",
        /// An opaque token that the store does not know.
        Unknown = "token_unknown",
        /// An opaque token that was revoked.
        Revoked = "token_revoked",
        /// After its expiry.
        Expired = "token_expired",
        /// Before its `nbf`.
        NotYetValid = "token_not_yet_valid",
        /// A JWT without an `exp`, or with one that is no number.
        NoExpiry = "token_without_expiry",
        /// Not an opaque token of this store, where `serve` was given no keys for others.
        Foreign = "token_foreign",
        /// A JWT whose `alg` is not one that its key allows.
        Algorithm = "token_algorithm",
        /// A JWT whose header has a `crit`.
        Critical = "token_critical_header",
        /// A JWT whose `typ` is not that of an access token.
        Type = "token_type",
        /// A JWT whose `kid` is not in the key set.
        UnknownKey = "token_key_unknown",
        /// A JWT without a `kid`, for which several keys would do.
        AmbiguousKey = "token_key_ambiguous",
        /// A JWT that its key did not sign.
        Signature = "token_signature",
        /// A JWT of another issuer.
        Issuer = "token_issuer",
        /// A JWT for another audience.
        Audience = "token_audience",
        /// A JWT whose customer claim holds no customer id.
        Customer = "token_customer",
        /// Good, but in another role than `customer`.
        Role = "wrong_role",
    }
);
