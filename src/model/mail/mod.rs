//! Mail, the second channel of notifications: where it goes, what it says, and what its ids are made from.

use std::fmt;

use serde::Serialize;

use super::notification::Notice;
use super::webhook::Tag;
use super::{Level, NotificationId, ServiceType, Status, TicketId, Timestamp};

/// The longest address, in bytes (RFC 5321, 4.5.3.1.3).
const ADDRESS_MAX: usize = 254;

/// An address for mail, of the plain kind: `local@host.domain` in ASCII, nothing quoted (RFC 5321, 4.1.2). So there is no
/// room in it for a line break, a bracket or another address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The address, where it is one.
    pub fn new(text: &str) -> Option<Self> {
        let (local, domain) = text.split_once('@')?;
        let good = text.len() <= ADDRESS_MAX && is_local(local) && is_domain(domain);
        good.then(|| Self(text.to_owned()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Words with dots between them.
fn is_local(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    text.len() <= 64 && text.split('.').all(|word| !word.is_empty() && word.bytes().all(plain))
}

/// At least two labels.
fn is_domain(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(plain) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.contains('.') && text.split('.').all(label)
}

/// A notification on its way to its customer's address. What it says is the same on each try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The notification that it brings.
    pub id: NotificationId,
    /// What the ids of this store's messages hold.
    pub tag: Tag,
    /// To whom.
    pub to: EmailAddress,
    /// The language they read, as BCP 47 writes it.
    pub locale: String,
    /// What it says.
    pub notice: Notice,
    /// About which ticket.
    pub ticket: TicketId,
    /// Where the ticket stood then.
    pub level: Level,
    /// When the notification was left.
    pub at: Timestamp,
    /// What part of the platform the ticket is about.
    pub service: ServiceType,
}

impl Letter {
    /// Where the ticket stood when the notification was left.
    pub const fn status(&self) -> Status {
        match self.notice {
            Notice::TicketCreated => Status::Open,
            Notice::TicketEscalated => Status::Escalated,
            Notice::TicketClosed => Status::Closed,
        }
    }

    /// The id of the message, at this domain: the same on every try, and of no other store.
    pub fn message_id(&self, domain: &str) -> String {
        format!("<notification.{}.{}@{domain}>", self.id, self.tag.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_plain() {
        for good in ["a@b.de", "amina.diallo+tickets@mail.example.com", "o'neil@xn--bcher-kva.example", "7@1.example"] {
            assert!(EmailAddress::new(good).is_some(), "{good}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        for bad in [
            "",
            "@",
            "amina",
            "amina@",
            "@example.com",
            "amina@localhost",
            "amina@example..com",
            ".a@example.com",
            "a.@example.com",
            "a..b@example.com",
            "a@-b.com",
            "a@b-.com",
            "a b@example.com",
            "a@exam ple.com",
            "a@example.com\r\nBcc: x@y.com",
            "a@example.com\n",
            "<a@example.com>",
            "a@b@example.com",
            "a,b@example.com",
            "\"a\"@example.com",
            "amina@[127.0.0.1]",
            "amína@example.com",
            "a@bücher.example",
            "a@example.com ",
            &long,
        ] {
            assert!(EmailAddress::new(bad).is_none(), "{bad:?}");
        }
    }
}
