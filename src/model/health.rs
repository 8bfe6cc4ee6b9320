//! How a store fares: what is found in it, and which of that needs its owner.

use serde::Serialize;

use super::closed_list::closed_list;
use super::{Location, TicketId, Timestamp, WebhookId, timestamp};

/// How long before its end a token is told of, in seconds. Tokens that were issued for no longer are left out: whoever
/// made them meant them to end.
pub const TOKEN_NOTICE: i64 = 7 * timestamp::DAY;
/// How large the log may grow before it needs a look, in bytes: four times what it is cut back to.
pub const MAX_LOG: u64 = 64 << 20;
/// How long a server that delivers may be silent, in seconds; it speaks every 2, and another takes over after 6.
const SILENCE: i64 = 15;
/// The permissions that a store's file may give to others than its owner.
const OTHERS: u32 = 0o077;

/// Facts about the place where a store is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StorageFacts {
    /// Its location.
    #[serde(rename = "file")]
    pub location: Location,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its permissions.
    #[serde(skip)]
    pub mode: u32,
    /// The size of its log in bytes.
    #[serde(skip)]
    pub wal_bytes: u64,
    /// The steps it was brought up by.
    #[serde(skip)]
    pub schema: i64,
    /// The version of the engine.
    #[serde(skip)]
    pub engine: String,
}

/// How much there is of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tallies {
    /// Tickets that are open.
    pub open: i64,
    /// Tickets that are escalated.
    pub escalated: i64,
    /// Tickets that are closed.
    pub closed: i64,
    /// The oldest ticket that is not closed, and when it was opened.
    pub oldest: Option<(TicketId, Timestamp)>,
    /// Events in the outbox.
    pub events: i64,
    /// Rows that say whom they concern.
    pub audience: i64,
    /// Deliveries whose last attempt failed, and that are tried again.
    pub retried: i64,
    /// Deliveries that were given up.
    pub dead: i64,
    /// Notifications that nobody has read.
    pub unread: i64,
    /// Good tokens that end within [`TOKEN_NOTICE`].
    pub ending: i64,
}

/// What is known of a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookFacts {
    /// Its id.
    pub webhook_id: WebhookId,
    /// Where its messages go.
    pub url: String,
    /// Since when it gets nothing.
    pub disabled_at: Option<Timestamp>,
    /// Messages it has yet to get.
    pub waiting: i64,
}

/// How far mails are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct MailFacts {
    /// Mails that will be tried, for the first time or again.
    pub waiting: i64,
    /// Those of them whose last attempt failed.
    pub retried: i64,
    /// Mails that were given up.
    pub dead: i64,
}

/// Which server works deliveries off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeaseFacts {
    /// Which: 32 hexadecimal digits.
    pub holder: String,
    /// Since when.
    pub since: Timestamp,
    /// When it showed last that it lives.
    pub seen_at: Timestamp,
}

/// Whether the file's pages and tables hold together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Integrity {
    /// Whether everything was read.
    pub finished: bool,
    /// The first errors.
    pub errors: Vec<String>,
}

/// Everything that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Where it is kept.
    pub place: StorageFacts,
    /// What it holds.
    pub tallies: Tallies,
    /// Its webhooks.
    pub webhooks: Vec<WebhookFacts>,
    /// Who works deliveries off.
    pub lease: Option<LeaseFacts>,
    /// How far its mails are.
    pub mails: MailFacts,
    /// Whether it holds together.
    pub integrity: Integrity,
}

closed_list!(
    /// What is checked.
    CheckName {
        /// The file.
        File = "file",
        /// Who may read it.
        Permissions = "permissions",
        /// Its log.
        Wal = "wal",
        /// Its version.
        Schema = "schema",
        /// The engine.
        Engine = "engine",
        /// Its tickets.
        Tickets = "tickets",
        /// The oldest ticket that waits.
        Oldest = "oldest",
        /// Its events.
        Events = "events",
        /// A webhook.
        Webhook = "webhook",
        /// Deliveries to webhooks.
        Deliveries = "deliveries",
        /// Who works them off.
        Courier = "delivery_lease",
        /// Notifications.
        Notifications = "notifications",
        /// Mails that bring them.
        Mails = "mails",
        /// Tokens.
        Tokens = "tokens",
        /// Whether it holds together.
        Integrity = "integrity",
    }
);

closed_list!(
    /// How a thing fares, the better first.
    CheckState {
        /// Well.
        Ok = "ok",
        /// Its owner should look at it.
        Attention = "attention",
        /// It cannot be used as it is.
        Broken = "broken",
    }
);

/// What was found, as a program reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Found {
    File(StorageFacts),
    Permissions { mode: String },
    Wal { bytes: u64 },
    Schema { version: i64 },
    Engine { version: String },
    Tickets { open: i64, escalated: i64, closed: i64 },
    Oldest { ticket_id: Option<TicketId>, created_at: Option<Timestamp> },
    Events { events: i64, audience: i64 },
    Webhook(WebhookFacts),
    Deliveries { waiting: i64, retried: i64, dead: i64 },
    Courier(Option<LeaseFacts>),
    Notifications { unread: i64 },
    Mails(MailFacts),
    Tokens { ending: i64 },
    Integrity(Integrity),
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What.
    pub name: CheckName,
    /// How it fares.
    pub state: CheckState,
    /// What was found.
    pub found: Found,
    /// The command that shows more, or puts it right.
    pub command: Option<String>,
}

impl Check {
    fn well(name: CheckName, found: Found) -> Self {
        Self { name, state: CheckState::Ok, found, command: None }
    }

    /// The same, where its owner should look at it.
    fn if_well(self, well: bool) -> Self {
        if well { self } else { Self { state: CheckState::Attention, ..self } }
    }

    /// The same, where its owner should look at it with this command.
    fn unless(self, well: bool, command: impl Into<String>) -> Self {
        let command = (!well).then(|| command.into());
        Self { command, ..self.if_well(well) }
    }
}

impl Facts {
    /// What there is to say of each at this instant.
    pub fn judge(self, now: Timestamp) -> Vec<Check> {
        let Self { place, tallies, webhooks, lease, mails, integrity } = self;
        let waiting =
            webhooks.iter().filter(|webhook| webhook.disabled_at.is_none()).map(|webhook| webhook.waiting).sum();
        let mut checks = of_place(place);
        checks.extend(of_rows(&tallies));
        checks.extend(webhooks.into_iter().map(of_webhook));
        checks.extend([
            Check::well(
                CheckName::Deliveries,
                Found::Deliveries { waiting, retried: tallies.retried, dead: tallies.dead },
            )
            .unless(tallies.dead == 0, "support webhook deliveries --failed"),
            of_lease(lease, waiting, now),
            Check::well(CheckName::Notifications, Found::Notifications { unread: tallies.unread }),
            Check::well(CheckName::Mails, Found::Mails(mails))
                .unless(mails.dead == 0, "support notification mails --failed"),
            Check::well(CheckName::Tokens, Found::Tokens { ending: tallies.ending })
                .unless(tallies.ending == 0, "support token list"),
            of_integrity(integrity),
        ]);
        checks
    }
}

fn of_place(place: StorageFacts) -> Vec<Check> {
    let (mode, log, schema, engine) = (place.mode & 0o7777, place.wal_bytes, place.schema, place.engine.clone());
    let close = format!("chmod 600 {}", quoted(place.location.as_str()));
    vec![
        Check::well(CheckName::File, Found::File(place)),
        Check::well(CheckName::Permissions, Found::Permissions { mode: format!("{mode:04o}") })
            .unless(mode & OTHERS == 0, close),
        Check::well(CheckName::Wal, Found::Wal { bytes: log }).if_well(log <= MAX_LOG),
        Check::well(CheckName::Schema, Found::Schema { version: schema }),
        Check::well(CheckName::Engine, Found::Engine { version: engine }),
    ]
}

/// A file's name as a shell takes it.
fn quoted(name: &str) -> String {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || "/._-+:".contains(sign);
    let here = if name.starts_with('-') { "./" } else { "" };
    if name.chars().all(plain) { format!("{here}{name}") } else { format!("'{here}{}'", name.replace('\'', r"'\''")) }
}

fn of_rows(tallies: &Tallies) -> [Check; 3] {
    let Tallies { open, escalated, closed, oldest, events, audience, .. } = *tallies;
    let (ticket_id, created_at) = oldest.unzip();
    [
        Check::well(CheckName::Tickets, Found::Tickets { open, escalated, closed }),
        Check::well(CheckName::Oldest, Found::Oldest { ticket_id, created_at }),
        Check::well(CheckName::Events, Found::Events { events, audience }),
    ]
}

/// A webhook that is disabled holds what nobody will get.
fn of_webhook(webhook: WebhookFacts) -> Check {
    let (works, remove) = (webhook.disabled_at.is_none(), format!("support webhook remove {}", webhook.webhook_id));
    Check::well(CheckName::Webhook, Found::Webhook(webhook)).unless(works, remove)
}

/// Where messages wait, a server must be there that sends them.
fn of_lease(lease: Option<LeaseFacts>, waiting: i64, now: Timestamp) -> Check {
    let speaks = lease.as_ref().is_some_and(|lease| now < lease.seen_at.plus(SILENCE));
    Check::well(CheckName::Courier, Found::Courier(lease)).unless(waiting == 0 || speaks, "support serve")
}

fn of_integrity(integrity: Integrity) -> Check {
    let state = if integrity.errors.is_empty() { CheckState::Ok } else { CheckState::Broken };
    let command = (!integrity.finished).then(|| "support doctor --full".to_owned());
    Check { name: CheckName::Integrity, state, found: Found::Integrity(integrity), command }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_second(1_750_000_000).unwrap()
    }

    fn facts() -> Facts {
        Facts {
            place: StorageFacts {
                location: "support.db".into(),
                bytes: 4096,
                mode: 0o100_600,
                wal_bytes: 0,
                schema: 9,
                engine: "3.53.0".to_owned(),
            },
            tallies: Tallies {
                open: 1,
                escalated: 0,
                closed: 0,
                oldest: Some((TicketId::FIRST, now())),
                events: 1,
                audience: 1,
                retried: 1,
                dead: 0,
                unread: 1,
                ending: 0,
            },
            webhooks: vec![webhook(0)],
            lease: None,
            mails: MailFacts::default(),
            integrity: Integrity { finished: true, errors: Vec::new() },
        }
    }

    fn webhook(waiting: i64) -> WebhookFacts {
        WebhookFacts {
            webhook_id: WebhookId::FIRST,
            url: "https://example.com/".to_owned(),
            disabled_at: None,
            waiting,
        }
    }

    fn lease(seen: i64) -> LeaseFacts {
        LeaseFacts { holder: "0".repeat(32), since: now(), seen_at: now().plus(seen) }
    }

    /// What does not fare well, with its command.
    fn findings(facts: Facts) -> Vec<(CheckName, CheckState, Option<String>)> {
        let checks = facts.judge(now()).into_iter();
        checks
            .filter(|check| check.state != CheckState::Ok)
            .map(|check| (check.name, check.state, check.command))
            .collect()
    }

    fn needs(facts: Facts, name: CheckName, command: &str) {
        assert_eq!(findings(facts), [(name, CheckState::Attention, Some(command.to_owned()))]);
    }

    #[test]
    fn a_good_store_needs_nothing() {
        assert_eq!(findings(facts()), []);
        let names: Vec<_> = facts().judge(now()).iter().map(|check| check.name).collect();
        assert_eq!(names, CheckName::ALL);
    }

    #[test]
    fn a_file_that_others_can_read_needs_a_look() {
        for mode in [0o640, 0o604, 0o666, 0o610, 0o100_644] {
            let facts = Facts { place: StorageFacts { mode, ..facts().place }, ..facts() };
            needs(facts, CheckName::Permissions, "chmod 600 support.db");
        }
        assert_eq!(findings(Facts { place: StorageFacts { mode: 0o400, ..facts().place }, ..facts() }), []);
    }

    #[test]
    fn a_command_can_be_pasted() {
        let told = |name: &str| quoted(name);
        assert_eq!(told("/var/lib/support.db"), "/var/lib/support.db");
        assert_eq!(told("-x.db"), "./-x.db");
        assert_eq!(told("my store's.db; rm x"), r"'my store'\''s.db; rm x'");
    }

    #[test]
    fn a_log_that_is_never_folded_needs_a_look() {
        let of = |wal_bytes| Facts { place: StorageFacts { wal_bytes, ..facts().place }, ..facts() };
        assert_eq!(findings(of(MAX_LOG)), []);
        assert_eq!(findings(of(MAX_LOG + 1)), [(CheckName::Wal, CheckState::Attention, None)]);
    }

    #[test]
    fn what_was_given_up_or_ends_soon_needs_a_look() {
        let of = |dead, ending| Facts { tallies: Tallies { dead, ending, ..facts().tallies }, ..facts() };
        needs(of(1, 0), CheckName::Deliveries, "support webhook deliveries --failed");
        needs(of(0, 1), CheckName::Tokens, "support token list");
    }

    #[test]
    fn what_waits_needs_a_server_that_speaks() {
        let of = |waiting, lease| Facts { webhooks: vec![webhook(waiting)], lease, ..facts() };
        needs(of(1, None), CheckName::Courier, "support serve");
        needs(of(1, Some(lease(-15))), CheckName::Courier, "support serve");
        assert_eq!(findings(of(1, Some(lease(-14)))), []);
        assert_eq!(findings(of(0, Some(lease(-15)))), []);
    }

    #[test]
    fn a_disabled_webhook_needs_a_look_and_no_server() {
        let disabled = WebhookFacts { disabled_at: Some(now()), ..webhook(5) };
        needs(Facts { webhooks: vec![disabled], ..facts() }, CheckName::Webhook, "support webhook remove 1");
    }

    #[test]
    fn a_file_that_does_not_hold_together_is_broken() {
        let of = |finished, errors: &[&str]| {
            let errors = errors.iter().map(|&error| error.to_owned()).collect();
            Facts { integrity: Integrity { finished, errors }, ..facts() }
        };
        assert_eq!(findings(of(true, &["row 1 missing"])), [(CheckName::Integrity, CheckState::Broken, None)]);
        assert_eq!(findings(of(false, &[])), []);
    }
}
