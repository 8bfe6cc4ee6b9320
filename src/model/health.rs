//! Health report of a store: facts about it, and checks that need attention.

use serde::Serialize;

use super::closed_list::closed_list;
use super::{Location, TicketId, Timestamp, WebhookId, timestamp};

/// Time before a token's expiry at which it is reported, in seconds. Tokens with a shorter lifetime are not reported.
pub const TOKEN_EXPIRY_NOTICE: i64 = 7 * timestamp::DAY;
/// Size of the WAL above which it is reported, in bytes: four times the size to which it is truncated.
pub const MAX_WAL_BYTES: u64 = 64 << 20;
/// Age of a lease's heartbeat above which the holder counts as stopped, in seconds. Heartbeats are sent every 2 s; a
/// lease expires after 6 s.
const HEARTBEAT_TIMEOUT: i64 = 15;
/// File mode bits that grant access to users other than the owner.
const NON_OWNER_MODE: u32 = 0o077;

/// Facts about the storage of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StorageFacts {
    #[serde(rename = "file")]
    pub location: Location,
    /// Size in bytes.
    pub bytes: u64,
    /// File mode.
    #[serde(skip)]
    pub mode: u32,
    /// Size of the WAL in bytes.
    #[serde(skip)]
    pub wal_bytes: u64,
    /// Schema version.
    #[serde(skip)]
    pub schema: i64,
    /// Version of the engine.
    #[serde(skip)]
    pub engine: String,
}

/// Numbers of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowCounts {
    pub open: i64,
    pub escalated: i64,
    pub closed: i64,
    /// Oldest ticket that is not closed, and the time it was opened.
    pub oldest: Option<(TicketId, Timestamp)>,
    /// Events in the outbox.
    pub events: i64,
    /// Rows of the events' audiences.
    pub audience: i64,
    /// Deliveries waiting for a retry.
    pub retried: i64,
    /// Deliveries that failed permanently.
    pub dead: i64,
    /// Unread notifications.
    pub unread: i64,
    /// Active tokens that expire within [`TOKEN_EXPIRY_NOTICE`].
    pub ending: i64,
}

/// Facts about a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookFacts {
    pub webhook_id: WebhookId,
    pub url: String,
    /// Time when the webhook was disabled.
    pub disabled_at: Option<Timestamp>,
    /// Number of undelivered messages.
    pub waiting: i64,
}

/// Numbers of mails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct MailFacts {
    /// Mails with a scheduled attempt.
    pub waiting: i64,
    /// Mails waiting for a retry.
    pub retried: i64,
    /// Mails that failed permanently.
    pub dead: i64,
}

/// Lease of the server that delivers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeaseFacts {
    /// Holder: 32 hexadecimal digits.
    pub holder: String,
    /// Time when the lease was acquired.
    pub since: Timestamp,
    /// Time of the last heartbeat.
    pub seen_at: Timestamp,
}

/// Result of the integrity check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Integrity {
    /// True if the check covered the whole database.
    pub finished: bool,
    /// First errors.
    pub errors: Vec<String>,
}

/// Facts that the health report evaluates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub storage: StorageFacts,
    pub row_counts: RowCounts,
    pub webhooks: Vec<WebhookFacts>,
    /// Lease of the delivering server, if any.
    pub lease: Option<LeaseFacts>,
    pub mails: MailFacts,
    /// Result of the integrity check.
    pub integrity: Integrity,
}

closed_list!(
    /// Name of a check.
    CheckName {
        /// File of the store.
        File = "file",
        /// Permissions of the file.
        Permissions = "permissions",
        /// Size of the WAL.
        Wal = "wal",
        /// Schema version.
        Schema = "schema",
        /// Version of the engine.
        Engine = "engine",
        /// Numbers of tickets.
        Tickets = "tickets",
        /// Oldest ticket that is not closed.
        Oldest = "oldest",
        /// Numbers of events.
        Events = "events",
        /// State of a webhook.
        Webhook = "webhook",
        /// Deliveries to webhooks.
        Deliveries = "deliveries",
        /// Lease of the delivering server.
        DeliveryLease = "delivery_lease",
        /// Notifications.
        Notifications = "notifications",
        /// Mails of notifications.
        Mails = "mails",
        /// Tokens.
        Tokens = "tokens",
        /// Integrity of the database.
        Integrity = "integrity",
    }
);

closed_list!(
    /// State of a check, best first.
    CheckState {
        Ok = "ok",
        /// An operator should act.
        Attention = "attention",
        /// The store cannot be used.
        Broken = "broken",
    }
);

/// Facts of a check, in the JSON form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum CheckDetail {
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
    DeliveryLease(Option<LeaseFacts>),
    Notifications { unread: i64 },
    Mails(MailFacts),
    Tokens { ending: i64 },
    Integrity(Integrity),
}

/// Check with its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub name: CheckName,
    pub state: CheckState,
    pub found: CheckDetail,
    /// Command that shows more or repairs, if any.
    pub command: Option<String>,
}

impl Check {
    fn ok(name: CheckName, found: CheckDetail) -> Self {
        Self { name, state: CheckState::Ok, found, command: None }
    }

    /// Sets the state to attention unless `ok`.
    fn attention_unless(self, ok: bool) -> Self {
        if ok { self } else { Self { state: CheckState::Attention, ..self } }
    }

    /// Sets the state to attention and adds a command, unless `ok`.
    fn command_unless(self, ok: bool, command: impl Into<String>) -> Self {
        let command = (!ok).then(|| command.into());
        Self { command, ..self.attention_unless(ok) }
    }
}

impl Facts {
    /// Evaluates the facts.
    pub fn evaluate(self, now: Timestamp) -> Vec<Check> {
        let Self { storage, row_counts, webhooks, lease, mails, integrity } = self;
        let waiting =
            webhooks.iter().filter(|webhook| webhook.disabled_at.is_none()).map(|webhook| webhook.waiting).sum();
        let mut checks = storage_checks(storage);
        checks.extend(row_checks(&row_counts));
        checks.extend(webhooks.into_iter().map(webhook_check));
        checks.extend([
            Check::ok(
                CheckName::Deliveries,
                CheckDetail::Deliveries { waiting, retried: row_counts.retried, dead: row_counts.dead },
            )
            .command_unless(row_counts.dead == 0, "support webhook deliveries --failed"),
            lease_check(lease, waiting, now),
            Check::ok(CheckName::Notifications, CheckDetail::Notifications { unread: row_counts.unread }),
            Check::ok(CheckName::Mails, CheckDetail::Mails(mails))
                .command_unless(mails.dead == 0, "support notification mails --failed"),
            Check::ok(CheckName::Tokens, CheckDetail::Tokens { ending: row_counts.ending })
                .command_unless(row_counts.ending == 0, "support token list"),
            integrity_check(integrity),
        ]);
        checks
    }
}

fn storage_checks(storage: StorageFacts) -> Vec<Check> {
    let (mode, log, schema, engine) =
        (storage.mode & 0o7777, storage.wal_bytes, storage.schema, storage.engine.clone());
    let chmod = format!("chmod 600 {}", shell_quoted(storage.location.as_str()));
    vec![
        Check::ok(CheckName::File, CheckDetail::File(storage)),
        Check::ok(CheckName::Permissions, CheckDetail::Permissions { mode: format!("{mode:04o}") })
            .command_unless(mode & NON_OWNER_MODE == 0, chmod),
        Check::ok(CheckName::Wal, CheckDetail::Wal { bytes: log }).attention_unless(log <= MAX_WAL_BYTES),
        Check::ok(CheckName::Schema, CheckDetail::Schema { version: schema }),
        Check::ok(CheckName::Engine, CheckDetail::Engine { version: engine }),
    ]
}

/// Quotes a file name for a POSIX shell.
fn shell_quoted(name: &str) -> String {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || "/._-+:".contains(sign);
    let here = if name.starts_with('-') { "./" } else { "" };
    if name.chars().all(plain) { format!("{here}{name}") } else { format!("'{here}{}'", name.replace('\'', r"'\''")) }
}

fn row_checks(row_counts: &RowCounts) -> [Check; 3] {
    let RowCounts { open, escalated, closed, oldest, events, audience, .. } = *row_counts;
    let (ticket_id, created_at) = oldest.unzip();
    [
        Check::ok(CheckName::Tickets, CheckDetail::Tickets { open, escalated, closed }),
        Check::ok(CheckName::Oldest, CheckDetail::Oldest { ticket_id, created_at }),
        Check::ok(CheckName::Events, CheckDetail::Events { events, audience }),
    ]
}

/// Reports a disabled webhook, whose deliveries wait forever.
fn webhook_check(webhook: WebhookFacts) -> Check {
    let (works, remove) = (webhook.disabled_at.is_none(), format!("support webhook remove {}", webhook.webhook_id));
    Check::ok(CheckName::Webhook, CheckDetail::Webhook(webhook)).command_unless(works, remove)
}

/// Reports messages that wait while no server delivers.
fn lease_check(lease: Option<LeaseFacts>, waiting: i64, now: Timestamp) -> Check {
    let is_alive = lease.as_ref().is_some_and(|lease| now < lease.seen_at.plus(HEARTBEAT_TIMEOUT));
    Check::ok(CheckName::DeliveryLease, CheckDetail::DeliveryLease(lease))
        .command_unless(waiting == 0 || is_alive, "support serve")
}

fn integrity_check(integrity: Integrity) -> Check {
    let state = if integrity.errors.is_empty() { CheckState::Ok } else { CheckState::Broken };
    let command = (!integrity.finished).then(|| "support doctor --full".to_owned());
    Check { name: CheckName::Integrity, state, found: CheckDetail::Integrity(integrity), command }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_second(1_750_000_000).unwrap()
    }

    fn facts() -> Facts {
        Facts {
            storage: StorageFacts {
                location: "support.db".into(),
                bytes: 4096,
                mode: 0o100_600,
                wal_bytes: 0,
                schema: 9,
                engine: "3.53.0".to_owned(),
            },
            row_counts: RowCounts {
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

    /// Checks that are not ok, with their commands.
    fn findings(facts: Facts) -> Vec<(CheckName, CheckState, Option<String>)> {
        let checks = facts.evaluate(now()).into_iter();
        checks
            .filter(|check| check.state != CheckState::Ok)
            .map(|check| (check.name, check.state, check.command))
            .collect()
    }

    fn needs(facts: Facts, name: CheckName, command: &str) {
        assert_eq!(findings(facts), [(name, CheckState::Attention, Some(command.to_owned()))]);
    }

    #[test]
    fn a_healthy_store_needs_no_attention() {
        assert_eq!(findings(facts()), []);
        let names: Vec<_> = facts().evaluate(now()).iter().map(|check| check.name).collect();
        assert_eq!(names, CheckName::ALL);
    }

    #[test]
    fn a_file_that_others_can_read_needs_attention() {
        for mode in [0o640, 0o604, 0o666, 0o610, 0o100_644] {
            let facts = Facts { storage: StorageFacts { mode, ..facts().storage }, ..facts() };
            needs(facts, CheckName::Permissions, "chmod 600 support.db");
        }
        assert_eq!(findings(Facts { storage: StorageFacts { mode: 0o400, ..facts().storage }, ..facts() }), []);
    }

    #[test]
    fn file_names_are_quoted_for_a_shell() {
        assert_eq!(shell_quoted("/var/lib/support.db"), "/var/lib/support.db");
        assert_eq!(shell_quoted("-x.db"), "./-x.db");
        assert_eq!(shell_quoted("my store's.db; rm x"), r"'my store'\''s.db; rm x'");
    }

    #[test]
    fn a_large_wal_needs_attention() {
        let of = |wal_bytes| Facts { storage: StorageFacts { wal_bytes, ..facts().storage }, ..facts() };
        assert_eq!(findings(of(MAX_WAL_BYTES)), []);
        assert_eq!(findings(of(MAX_WAL_BYTES + 1)), [(CheckName::Wal, CheckState::Attention, None)]);
    }

    #[test]
    fn failed_deliveries_and_expiring_tokens_need_attention() {
        let of = |dead, ending| Facts { row_counts: RowCounts { dead, ending, ..facts().row_counts }, ..facts() };
        needs(of(1, 0), CheckName::Deliveries, "support webhook deliveries --failed");
        needs(of(0, 1), CheckName::Tokens, "support token list");
    }

    #[test]
    fn waiting_deliveries_need_a_running_server() {
        let of = |waiting, lease| Facts { webhooks: vec![webhook(waiting)], lease, ..facts() };
        needs(of(1, None), CheckName::DeliveryLease, "support serve");
        needs(of(1, Some(lease(-15))), CheckName::DeliveryLease, "support serve");
        assert_eq!(findings(of(1, Some(lease(-14)))), []);
        assert_eq!(findings(of(0, Some(lease(-15)))), []);
    }

    #[test]
    fn a_disabled_webhook_needs_attention_but_no_server() {
        let disabled = WebhookFacts { disabled_at: Some(now()), ..webhook(5) };
        needs(Facts { webhooks: vec![disabled], ..facts() }, CheckName::Webhook, "support webhook remove 1");
    }

    #[test]
    fn a_corrupt_database_is_broken() {
        let of = |finished, errors: &[&str]| {
            let errors = errors.iter().map(|&error| error.to_owned()).collect();
            Facts { integrity: Integrity { finished, errors }, ..facts() }
        };
        assert_eq!(findings(of(true, &["row 1 missing"])), [(CheckName::Integrity, CheckState::Broken, None)]);
        assert_eq!(findings(of(false, &[])), []);
    }
}
