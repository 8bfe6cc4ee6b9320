//! Opaque tokens: `sup_`, 30 random base-62 characters, a 6-character checksum. The store keeps only their digest.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::closed_list::closed_list;
use super::permission::Permissions;
use super::principal::Principal;
use super::role::Role;
use super::{CustomerId, Timestamp, TokenId, timestamp};

/// What every token begins with, so that a secret scanner knows one.
const PREFIX: &str = "sup_";
/// Random characters after the prefix: 30 of 62 signs hold 178 bits.
const RANDOM: usize = 30;
/// Checksum characters at the end: 6 base-62 digits hold a CRC-32.
const CHECK: usize = 6;
/// The signs of base 62, in the order of their values.
const SIGNS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// How long a token is good where nothing else is said: 90 days, in seconds.
pub const LIFETIME_DEFAULT: i64 = 90 * timestamp::DAY;
/// The longest a token may be good: ten years, in seconds.
pub const MAX_LIFETIME: i64 = 3_650 * timestamp::DAY;

/// A token as its holder sends it. It has no `Display`: nothing prints one by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenText(String);

/// SHA-256 of a token: all that is kept of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of a token, ours or another's.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }
}

impl TokenText {
    /// The token of these random bytes, by division: of 256 bits, the 178 that fit, none of them favoured by more than
    /// 2^-77.
    pub fn from_random(mut random: [u8; 32]) -> Self {
        let digit = |_| {
            let mut rest = 0;
            for byte in &mut random {
                let value = rest << 8 | usize::from(*byte);
                (*byte, rest) = (u8::try_from(value / 62).unwrap_or_default(), value % 62);
            }
            SIGNS[rest] as char
        };
        let body: String = (0..RANDOM).map(digit).collect();
        Self(format!("{PREFIX}{body}{}", checksum(&body)))
    }

    /// Whether it is meant to be a token of this store, whatever it is worth.
    pub fn is_ours(text: &str) -> bool {
        text.starts_with(PREFIX)
    }

    /// The token, where its form and checksum are right; a typing error needs no store to be seen.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(PREFIX)?;
        if rest.len() != RANDOM + CHECK || !rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let (body, check) = rest.split_at(RANDOM);
        (checksum(body) == check).then(|| Self(text.to_owned()))
    }

    /// What the store looks it up by.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.0)
    }

    /// The token itself, to hand it to its holder, once.
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

/// The CRC-32 (IEEE) of the body as 6 base-62 digits, the highest first.
fn checksum(body: &str) -> String {
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut digits = [b'0'; CHECK];
    for digit in digits.iter_mut().rev() {
        *digit = SIGNS[(rest % 62) as usize];
        rest /= 62;
    }
    digits.iter().map(|digit| *digit as char).collect()
}

/// A token about to be issued: for whom, in which role, to do what, and until when (not at that instant itself).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    pub(crate) principal: Principal,
    pub(crate) role: Role,
    pub(crate) permissions: Permissions,
    pub(crate) expires_at: Timestamp,
}

/// A token as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRecord {
    /// Its id.
    pub id: TokenId,
    /// For whom.
    pub principal: Principal,
    /// In which role.
    pub role: Role,
    /// To do what.
    pub permissions: Permissions,
    /// When it was issued.
    pub created_at: Timestamp,
    /// Good until then.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

closed_list!(
    /// What a token is worth at an instant.
    TokenState {
        /// It opens what it may.
        Good = "good",
        /// Its time is over.
        Expired = "expired",
        /// It was taken back.
        Revoked = "revoked",
    }
);

impl NewToken {
    /// A customer's token; it holds no permission but a customer's, whatever is asked for.
    pub fn for_customer(customer: CustomerId, role: Role, permissions: Permissions, expires_at: Timestamp) -> Self {
        let principal = Principal::Customer(customer);
        Self { permissions: permissions.among(principal.allowed()), principal, role, expires_at }
    }
}

impl TokenRecord {
    /// Whether it opens anything at this instant.
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.state(now) == TokenState::Good
    }

    /// Whether its role is its principal's own: no other opens anything.
    pub fn is_in_role(&self) -> bool {
        self.role.as_str() == self.principal.kind()
    }

    /// What it is worth at this instant.
    pub fn state(&self, now: Timestamp) -> TokenState {
        match self.revoked_at {
            Some(_) => TokenState::Revoked,
            None if now < self.expires_at => TokenState::Good,
            None => TokenState::Expired,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Bytes without a pattern, other ones for each number.
    fn random(number: usize) -> [u8; 32] {
        Digest::of(&number.to_string()).0
    }

    #[test]
    fn a_token_reads_back_and_no_two_are_alike() {
        let tokens: Vec<_> = (0..1_000).map(|number| TokenText::from_random(random(number))).collect();
        for token in &tokens {
            assert_eq!(token.reveal().len(), 40);
            assert_eq!(TokenText::parse(token.reveal()).as_ref(), Some(token));
        }
        let texts: HashSet<_> = tokens.iter().map(TokenText::reveal).collect();
        assert_eq!(texts.len(), 1_000);
    }

    #[test]
    fn every_sign_stands_at_every_place_equally_often() {
        let mut counts = [[0_u32; 62]; RANDOM];
        for number in 0..6_200 {
            let token = TokenText::from_random(random(number));
            for (place, sign) in token.reveal().bytes().skip(PREFIX.len()).take(RANDOM).enumerate() {
                counts[place][SIGNS.iter().position(|known| *known == sign).unwrap()] += 1;
            }
        }
        // A hundred each; the deviation is ten.
        assert!(counts.iter().flatten().all(|count| (40..160).contains(count)), "{counts:?}");
    }

    #[test]
    fn a_typing_error_is_seen_without_a_store() {
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
