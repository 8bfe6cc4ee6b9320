//! Opaque tokens: `sup_`, 30 random base-62 characters, a 6-character checksum. Only the digest is stored.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::closed_list::closed_list;
use super::permission::Permissions;
use super::principal::Principal;
use super::role::Role;
use super::{CustomerId, Timestamp, TokenId, timestamp};

/// Prefix of every token, which secret scanners recognize.
const PREFIX: &str = "sup_";
/// Number of random characters after the prefix: 178 bits.
const RANDOM_LENGTH: usize = 30;
/// Number of checksum characters: 6 base-62 digits hold a CRC-32.
const CHECKSUM_LENGTH: usize = 6;
/// Base-62 digits, in the order of their values.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Default lifetime of a token, in seconds: 90 days.
pub const DEFAULT_LIFETIME: i64 = 90 * timestamp::DAY;
/// Maximum lifetime of a token, in seconds: ten years.
pub const MAX_LIFETIME: i64 = 3_650 * timestamp::DAY;

/// Token in plain text. Not `Display`, so that it cannot be printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenText(String);

/// SHA-256 of a token, the only part of it that is stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Computes the digest of any token.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }
}

impl TokenText {
    /// Builds a token from random bytes: 178 of 256 bits, with a bias below 2^-77.
    pub fn from_random(mut random: [u8; 32]) -> Self {
        let digit = |_| {
            let mut rest = 0;
            for byte in &mut random {
                let value = rest << 8 | usize::from(*byte);
                (*byte, rest) = (u8::try_from(value / 62).unwrap_or_default(), value % 62);
            }
            DIGITS[rest] as char
        };
        let body: String = (0..RANDOM_LENGTH).map(digit).collect();
        Self(format!("{PREFIX}{body}{}", checksum(&body)))
    }

    /// Returns true if a text has the prefix of this store's tokens, valid or not.
    pub fn has_prefix(text: &str) -> bool {
        text.starts_with(PREFIX)
    }

    /// Parses a token and verifies its checksum, so that typing errors are detected without the store.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(PREFIX)?;
        if rest.len() != RANDOM_LENGTH + CHECKSUM_LENGTH || !rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let (body, check) = rest.split_at(RANDOM_LENGTH);
        (checksum(body) == check).then(|| Self(text.to_owned()))
    }

    /// Returns the digest under which the store finds it.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.0)
    }

    /// Returns the token in plain text, to show it once to its holder.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TokenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenText(sup_…)")
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(…)")
    }
}

/// Computes the CRC-32 (IEEE) of the body as 6 base-62 digits, most significant first.
fn checksum(body: &str) -> String {
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut digits = [b'0'; CHECKSUM_LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(rest % 62) as usize];
        rest /= 62;
    }
    digits.iter().map(|digit| *digit as char).collect()
}

/// Token before it is stored: principal, role, permissions and expiry (exclusive).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    pub(crate) principal: Principal,
    pub(crate) role: Role,
    pub(crate) permissions: Permissions,
    pub(crate) expires_at: Timestamp,
}

/// Token as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRecord {
    pub id: TokenId,
    pub principal: Principal,
    pub role: Role,
    pub permissions: Permissions,
    /// Time of issue.
    pub created_at: Timestamp,
    /// Expiry, exclusive.
    pub expires_at: Timestamp,
    /// Time of revocation, if revoked.
    pub revoked_at: Option<Timestamp>,
}

closed_list!(
    /// State of a token.
    TokenState {
        Valid = "good",
        Expired = "expired",
        Revoked = "revoked",
    }
);

impl NewToken {
    /// Builds a customer's token, restricted to the permissions of customers.
    pub fn for_customer(customer: CustomerId, role: Role, permissions: Permissions, expires_at: Timestamp) -> Self {
        let principal = Principal::Customer(customer);
        Self { permissions: permissions.intersection(principal.allowed()), principal, role, expires_at }
    }
}

impl TokenRecord {
    /// Returns true if the token is valid at this time.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.state(now) == TokenState::Valid
    }

    /// Returns true if the role is that of its principal's kind; a token with another role authenticates nobody.
    pub fn is_in_role(&self) -> bool {
        self.role.as_str() == self.principal.kind()
    }

    /// Returns the state at this time.
    pub fn state(&self, now: Timestamp) -> TokenState {
        match self.revoked_at {
            Some(_) => TokenState::Revoked,
            None if now < self.expires_at => TokenState::Valid,
            None => TokenState::Expired,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Deterministic bytes, different for each number.
    fn random(number: usize) -> [u8; 32] {
        Digest::of(&number.to_string()).0
    }

    #[test]
    fn a_token_parses_to_itself_and_is_unique() {
        let tokens: Vec<_> = (0..1_000).map(|number| TokenText::from_random(random(number))).collect();
        for token in &tokens {
            assert_eq!(token.reveal().len(), 40);
            assert_eq!(TokenText::parse(token.reveal()).as_ref(), Some(token));
        }
        let texts: HashSet<_> = tokens.iter().map(TokenText::reveal).collect();
        assert_eq!(texts.len(), 1_000);
    }

    #[test]
    fn digits_are_uniformly_distributed_at_every_position() {
        let mut counts = [[0_u32; 62]; RANDOM_LENGTH];
        for number in 0..6_200 {
            let token = TokenText::from_random(random(number));
            for (place, sign) in token.reveal().bytes().skip(PREFIX.len()).take(RANDOM_LENGTH).enumerate() {
                counts[place][DIGITS.iter().position(|known| *known == sign).unwrap()] += 1;
            }
        }
        // The expected count is 100 with a standard deviation of 10.
        assert!(counts.iter().flatten().all(|count| (40..160).contains(count)), "{counts:?}");
    }

    #[test]
    fn a_typing_error_is_detected_by_the_checksum() {
        let token = TokenText::from_random(random(0));
        for place in 0..token.reveal().len() {
            let mut typed = token.reveal().to_owned().into_bytes();
            typed[place] = if typed[place] == b'a' { b'b' } else { b'a' };
            assert_eq!(TokenText::parse(std::str::from_utf8(&typed).unwrap()), None, "at {place}");
        }
        assert_eq!(TokenText::parse(""), None);
        assert_eq!(TokenText::parse("sup_"), None);
    }

    #[test]
    fn a_token_is_never_printed_by_debug() {
        let token = TokenText::from_random(random(0));
        assert!(!format!("{token:?}{:?}", token.digest()).contains(&token.reveal()[4..10]));
    }
}
