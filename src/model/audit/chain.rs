//! Hash chain of the audit log: the hash of an entry covers the hash of the previous entry for the same subject, and
//! the head covers the hashes of all entries.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

use super::{AuditAction, AuditEntry, AuditId, Subject};
use crate::model::award::Cents;
use crate::model::request_id::RequestId;
use crate::model::{Level, Message, Status, Timestamp};

/// SHA-256 digest, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hash(pub [u8; 32]);

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
        }
        serializer.serialize_str(std::str::from_utf8(&text).expect("hexadecimal digits are ASCII"))
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

const fn digit(value: u8) -> u8 {
    b"0123456789abcdef"[value as usize]
}

/// Error of a text that is not a hash or a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a head")]
pub struct HeadParseError;

impl From<HeadParseError> for Message {
    fn from(HeadParseError: HeadParseError) -> Self {
        Self::new("argument.head")
    }
}

impl FromStr for Hash {
    type Err = HeadParseError;

    fn from_str(text: &str) -> Result<Self, HeadParseError> {
        if text.len() != 64 || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(HeadParseError);
        }
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| HeadParseError)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| HeadParseError)?;
        }
        Ok(Self(hash))
    }
}

/// End of the log: number of entries and a hash over all of them. A head that is stored elsewhere later proves that no
/// earlier entry was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of entries.
    pub entries: i64,
    /// SHA-256 of the previous head's hash and the last entry's hash, as bytes.
    pub hash: Hash,
}

impl Default for Head {
    fn default() -> Self {
        Self::START
    }
}

impl Head {
    /// Head of an empty log.
    pub const START: Self = Self { entries: 0, hash: Hash([0; 32]) };

    /// Returns the head after an entry with this hash.
    #[must_use]
    pub fn then(self, hash: Hash) -> Self {
        let sealed = Sha256::new().chain_update(self.hash.0).chain_update(hash.0).finalize();
        Self { entries: self.entries + 1, hash: Hash(sealed.into()) }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.entries, self.hash)
    }
}

impl FromStr for Head {
    type Err = HeadParseError;

    fn from_str(text: &str) -> Result<Self, HeadParseError> {
        let (entries, hash) = text.split_once(':').ok_or(HeadParseError)?;
        let entries = entries.parse().ok().filter(|entries| *entries >= 0).ok_or(HeadParseError)?;
        Ok(Self { entries, hash: hash.parse()? })
    }
}

impl<'de> Deserialize<'de> for Head {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Serialize for Head {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Audit entry as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    pub id: AuditId,
    pub entry: AuditEntry,
    /// Hash of the previous entry for the same subject.
    pub previous: Option<Hash>,
    /// Hash of this entry.
    pub hash: Hash,
}

/// Audit entry as JSON. The canonical form is the JSON array of these values except the last, in this order, without
/// white space.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditView<'e> {
    id: i64,
    action: AuditAction,
    subject: Subject,
    actor: String,
    at: Timestamp,
    request_id: Option<&'e str>,
    status: Option<Status>,
    level: Option<Level>,
    reason: Option<&'e str>,
    points: Option<i64>,
    credit: Option<Cents>,
    previous: Option<Hash>,
    hash: Hash,
}

impl<'e> From<&'e AuditLine> for AuditView<'e> {
    fn from(AuditLine { id, entry, previous, hash }: &'e AuditLine) -> Self {
        Self::new(*id, entry, *previous, *hash)
    }
}

impl<'e> AuditView<'e> {
    fn new(id: AuditId, entry: &'e AuditEntry, previous: Option<Hash>, hash: Hash) -> Self {
        Self {
            id: id.0,
            action: entry.action,
            subject: entry.subject,
            actor: entry.actor.tag(),
            at: entry.at,
            request_id: entry.request.as_ref().map(RequestId::as_str),
            status: entry.state.map(|(status, _)| status),
            level: entry.state.map(|(_, level)| level),
            reason: entry.reason.as_deref(),
            points: entry.granted.map(|award| award.points),
            credit: entry.granted.map(|award| award.credit),
            previous,
            hash,
        }
    }
}

impl AuditEntry {
    /// Computes the hash of this entry with a given number and previous hash.
    pub fn seal(&self, id: AuditId, previous: Option<Hash>) -> Hash {
        Hash(Sha256::digest(self.canonical(id, previous)).into())
    }

    /// Returns the text that is hashed.
    fn canonical(&self, id: AuditId, previous: Option<Hash>) -> Vec<u8> {
        let view = AuditView::new(id, self, previous, Hash([0; 32]));
        let values = (
            view.id,
            view.action,
            view.subject,
            view.actor,
            view.at,
            view.request_id,
            view.status,
            view.level,
            view.reason,
            view.points,
            view.credit,
            view.previous,
        );
        serde_json::to_vec(&values).expect("strings and integers serialize")
    }
}

impl AuditLine {
    /// Builds an entry with its number, linked to the previous entry for its subject.
    pub fn sealed(id: AuditId, entry: AuditEntry, previous: Option<Hash>) -> Self {
        let hash = entry.seal(id, previous);
        Self { id, entry, previous, hash }
    }

    /// Recomputes the hash from the stored values.
    pub fn seal(&self) -> Hash {
        self.entry.seal(self.id, self.previous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::actor::{Actor, AgentName};
    use crate::model::award::{Action, Award};
    use crate::model::{CustomerId, TicketId};

    fn closed() -> AuditEntry {
        AuditEntry {
            action: AuditAction::TicketClosed,
            subject: Subject::Ticket(TicketId::new(7).unwrap()),
            actor: Actor::Agent(AgentName::new("maria").unwrap()),
            at: Timestamp::from_second(1_750_000_000).unwrap(),
            request: RequestId::new("r-1"),
            state: Some((Status::Closed, Level::SECOND)),
            granted: None,
            reason: Some("\"é\"\t\u{9b}\u{2028}".to_owned()),
        }
    }

    fn canonical(line: &AuditLine) -> String {
        String::from_utf8(line.entry.canonical(line.id, line.previous)).unwrap()
    }

    #[test]
    fn the_canonical_form_is_a_json_array() {
        let line = AuditLine::sealed(AuditId(12), closed(), Some(Hash([0xab; 32])));
        let expected = format!(
            "[12,\"ticket.closed\",\"ticket:7\",\"agent:maria\",\"2025-06-15T15:06:40Z\",\"r-1\",\"CLOSED\",2,\
             \"\\\"é\\\"\\t\u{9b}\u{2028}\",null,null,\"{}\"]",
            "ab".repeat(32)
        );
        assert_eq!(canonical(&line), expected);
        assert_eq!(line.hash.to_string(), "ed0fce4d10c49ad52582059c7a748046e6dfd5ebaa2f04055e1be159ba07327c");
    }

    #[test]
    fn the_canonical_form_holds_the_exported_values_in_their_order() {
        let granted = Award { action: Action::ManualGrant, points: 5, credit: Cents(150) };
        let subject = Subject::Customer(CustomerId::FIRST);
        let entry = AuditEntry { action: AuditAction::PointsGranted, subject, granted: Some(granted), ..closed() };
        let line = AuditLine::sealed(AuditId(1), entry, None);
        let exported = serde_json::to_string(&AuditView::from(&line)).unwrap();
        let values = exported.replace("\":", "\",").replace('{', "[").replace('}', "]");
        let (values, hash) = values.rsplit_once(",\"hash\",").unwrap();
        assert_eq!(hash, format!("\"{}\"]", line.hash));
        for value in ["\"customer:1\"", "5", "\"1.50\"", "null"] {
            assert!(values.contains(value), "{value} in {values}");
        }
        assert!(canonical(&line).ends_with(r#",5,{"amount":"1.50","currency":"USD"},null]"#));
    }

    #[test]
    fn the_hash_covers_every_value() {
        let line = AuditLine::sealed(AuditId(12), closed(), None);
        let others = [
            AuditLine { id: AuditId(13), ..line.clone() },
            AuditLine { previous: Some(Hash([0; 32])), ..line.clone() },
            AuditLine { entry: AuditEntry { action: AuditAction::TicketEscalated, ..closed() }, ..line.clone() },
            AuditLine { entry: AuditEntry { subject: Subject::Ticket(TicketId::FIRST), ..closed() }, ..line.clone() },
            AuditLine { entry: AuditEntry { actor: Actor::Fixtures, ..closed() }, ..line.clone() },
            AuditLine { entry: AuditEntry { at: closed().at.plus(1), ..closed() }, ..line.clone() },
            AuditLine { entry: AuditEntry { request: None, ..closed() }, ..line.clone() },
            AuditLine { entry: AuditEntry { state: Some((Status::Closed, Level::TOP)), ..closed() }, ..line.clone() },
            AuditLine { entry: AuditEntry { state: Some((Status::Open, Level::SECOND)), ..closed() }, ..line.clone() },
            AuditLine { entry: AuditEntry { reason: None, ..closed() }, ..line.clone() },
        ];
        assert!(others.iter().all(|other| other.seal() != line.hash));
    }

    #[test]
    fn tags_of_actors_are_unique() {
        let named = |name: &str| Actor::Agent(AgentName::new(name).unwrap()).tag();
        assert!(AgentName::new("fixtures").is_none() && AgentName::new("customer:1").is_none());
        assert_ne!(named("Fixtures"), Actor::Fixtures.tag());
        assert_ne!(named("1"), Actor::Customer(CustomerId::FIRST).tag());
    }

    #[test]
    fn a_formatted_head_parses_to_the_same_head() {
        let head = Head::START.then(Hash([1; 32])).then(Hash([2; 32]));
        assert_eq!(head.entries, 2);
        assert_eq!(head.to_string().parse(), Ok(head));
        assert_eq!(serde_json::to_string(&head.hash).unwrap(), format!("\"{}\"", head.hash));
        for text in ["", "1", "1:", "-1:00", &head.to_string()[..60], &head.to_string().to_uppercase()] {
            assert_eq!(text.parse::<Head>(), Err(HeadParseError), "{text}");
        }
    }
}
