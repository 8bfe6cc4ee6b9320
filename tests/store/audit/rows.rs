//! Rows that differ from the audit log: tickets, tokens, webhooks, the ledger, events and notifications.

use support::desk::webhook::remove::remove_webhook;
use support::model::audit::{AuditAction, AuditId, Subject};
use support::model::audit_verify::{Finding, Table};
use support::model::{TokenId, WebhookId};

use super::{finding, found, found_in, lines, store_with_entries, store_with_webhooks, ticket, verified};
use crate::world::{agent, now, ticket_id};

#[test]
fn a_ticket_changed_without_an_entry_is_found() {
    found(&[
        ("UPDATE tickets SET status = 'CLOSED' WHERE id = 3", Finding::TicketDiffers(ticket_id(3), AuditId(9))),
        ("UPDATE tickets SET level = 2 WHERE id = 3", Finding::TicketDiffers(ticket_id(3), AuditId(9))),
        ("UPDATE tickets SET status = 'OPEN' WHERE id = 77", Finding::TicketDiffers(ticket_id(77), AuditId(11))),
        ("UPDATE tickets SET id = 50 WHERE id = 3", Finding::NoSubject(AuditId(9), ticket(3))),
        ("DELETE FROM tickets WHERE id = 77", Finding::NoSubject(AuditId(10), ticket(77))),
        (
            "INSERT INTO tickets (id, version, customer_id, service, issue, description, ride_id, status, level,
                 created_at, updated_at)
             VALUES (50, 1, 1, 'ride', 'OTHER', 'late', 1, 'OPEN', 1, 0, 0)",
            Finding::NoEntry(ticket(50)),
        ),
    ]);
}

#[test]
fn a_token_changed_without_an_entry_is_found() {
    let token = |id| TokenId::new(id).unwrap();
    found(&[
        ("UPDATE tokens SET revoked_at = NULL WHERE id = 1", Finding::TokenDiffers(token(1))),
        ("UPDATE tokens SET revoked_at = 0 WHERE id = 2", Finding::TokenDiffers(token(2))),
        ("DELETE FROM tokens WHERE id = 2", Finding::NoSubject(AuditId(8), Subject::Token(token(2)))),
        (
            "INSERT INTO tokens SELECT 3, principal_kind, customer_id, principal_name, role, permissions, zeroblob(32), 0, 1, NULL FROM tokens WHERE id = 1",
            Finding::NoEntry(Subject::Token(token(3))),
        ),
    ]);
}

#[test]
fn webhook_operations_have_entries_and_verify() {
    let home = store_with_webhooks();
    let store = home.open();
    let whole = verified(&store, None).unwrap();
    assert_eq!((whole.head.entries, whole.webhooks), (16, 1));
    let entries: Vec<_> =
        lines(&home)[12..].iter().map(|line| (line.entry.action, line.entry.subject.number())).collect();
    let (added, rotated) = (AuditAction::WebhookAdded, AuditAction::WebhookSecretRotated);
    assert_eq!(entries, [(added, 1), (rotated, 1), (added, 2), (AuditAction::WebhookRemoved, 2)]);
    let refused = store.write_blocking(|unit| remove_webhook(unit, &agent(), WebhookId::new(9).unwrap(), now()));
    assert!(refused.is_err());
    assert_eq!(verified(&store, None).unwrap().head, whole.head, "a refusal leaves no entry");
}

#[test]
fn a_webhook_changed_without_an_entry_is_found() {
    let [one, two, three] = [1, 2, 3].map(|id| WebhookId::new(id).unwrap());
    let inserted =
        "INSERT INTO webhooks (id, url, private, events, headers, tag, secret, position, created_at, created_by)
         SELECT 3, url, private, events, headers, 'ffffffffffffffff', secret, 0, created_at, created_by FROM webhooks";
    found_in(
        store_with_webhooks,
        &[
            ("DELETE FROM webhooks", Finding::NoSubject(AuditId(13), Subject::Webhook(one))),
            (inserted, Finding::NoEntry(Subject::Webhook(three))),
            (inserted.replace('3', "2").leak(), Finding::WebhookDiffers(two)),
            ("UPDATE webhooks SET created_by = 'mario'", Finding::WebhookDiffers(one)),
            ("UPDATE webhooks SET created_at = 0", Finding::WebhookDiffers(one)),
            ("UPDATE webhooks SET old_secret = NULL, old_secret_until = NULL", Finding::WebhookDiffers(one)),
            ("UPDATE webhooks SET old_secret_until = old_secret_until + 1", Finding::WebhookDiffers(one)),
            ("UPDATE webhooks SET created_by = ''", Finding::Unreadable(Table::Webhooks, 1)),
            ("UPDATE audit SET action = 'webhook.added' WHERE id = 14", Finding::Altered(AuditId(14))),
            ("UPDATE audit SET actor_name = 'mario' WHERE id = 16", Finding::Altered(AuditId(16))),
        ],
    );
}

#[test]
fn a_ledger_row_changed_without_an_entry_is_found() {
    let (first, grant) =
        (Finding::RowDiffers(Table::Ledger, 1, AuditId(1)), Finding::RowDiffers(Table::Ledger, 4, AuditId(5)));
    let row = |values: &str| -> &'static str {
        let names =
            "id, audit_id, customer_id, action, points, cents, ticket_id, operation, reason, actor_kind, actor_id,
            actor_name, key, at";
        format!("INSERT INTO ledger ({names}) SELECT {values}, at FROM ledger WHERE id = 1").leak()
    };
    let copied = "customer_id, action, points, cents, NULL, NULL, reason, actor_kind, actor_id, actor_name, key";
    found(&[
        ("DELETE FROM ledger WHERE id = 1", Finding::Missing(Table::Ledger, 1)),
        ("DELETE FROM ledger WHERE id = 2", Finding::Missing(Table::Ledger, 2)),
        ("DELETE FROM ledger WHERE id = 4", Finding::Missing(Table::Ledger, 4)),
        ("DELETE FROM ledger WHERE id = 5", Finding::Missing(Table::Ledger, 5)),
        ("UPDATE ledger SET points = 1000 WHERE id = 1", first),
        ("UPDATE ledger SET cents = 21 WHERE id = 1", first),
        ("UPDATE ledger SET customer_id = 2 WHERE id = 1", first),
        ("UPDATE ledger SET ticket_id = 3 WHERE id = 1", first),
        ("UPDATE ledger SET operation = 'closed' WHERE id = 2", Finding::RowDiffers(Table::Ledger, 2, AuditId(2))),
        ("UPDATE ledger SET actor_id = 2 WHERE id = 1", first),
        ("UPDATE ledger SET at = 0 WHERE id = 1", first),
        ("UPDATE ledger SET points = 500 WHERE id = 4", grant),
        ("UPDATE ledger SET reason = 'a gift' WHERE id = 4", grant),
        ("UPDATE ledger SET audit_id = 99 WHERE id = 5", Finding::Stray(Table::Ledger, 5)),
        (row(&format!("6, 4, {copied}")), Finding::Stray(Table::Ledger, 6)),
        (row(&format!("6, 12, {copied}")), Finding::RowDiffers(Table::Ledger, 6, AuditId(12))),
        (row(&format!("0, 1, {copied}")), Finding::Stray(Table::Ledger, 0)),
    ]);
}

#[test]
fn an_event_or_notification_changed_without_an_entry_is_found() {
    let event = Finding::RowDiffers(Table::Outbox, 3, AuditId(3));
    let notice = Finding::RowDiffers(Table::Notifications, 6, AuditId(3));
    found(&[
        ("DELETE FROM outbox WHERE id = 3", Finding::Missing(Table::Outbox, 3)),
        ("DELETE FROM outbox WHERE id = 6", Finding::EntryRowMissing(Table::Outbox, AuditId(12))),
        ("UPDATE outbox SET name = 'support:ticket_closed' WHERE id = 3", event),
        ("UPDATE outbox SET ticket_id = 1 WHERE id = 3", event),
        ("UPDATE outbox SET at = 0 WHERE id = 3", event),
        ("UPDATE outbox SET data = json_set(data, '$.ticketId', 1) WHERE id = 3", event),
        ("UPDATE outbox SET data = json_set(data, '$.customerId', 2) WHERE id = 3", event),
        ("UPDATE outbox SET data = json_set(data, '$.status', 'CLOSED') WHERE id = 3", event),
        ("UPDATE outbox SET data = json_set(data, '$.level', 3) WHERE id = 3", event),
        ("UPDATE outbox SET data = json_set(data, '$.serviceType', 'order') WHERE id = 3", event),
        ("UPDATE outbox SET data = json_set(data, '$.issueType', 'CANCELLATION') WHERE id = 3", event),
        ("UPDATE outbox SET data = json_set(data, '$.groupCustomerIds', json('[]')) WHERE id = 3", event),
        ("UPDATE outbox SET data = json_set(data, '$.actor.id', 2) WHERE id = 3", event),
        ("UPDATE outbox SET data = '{}' WHERE id = 3", Finding::Unreadable(Table::Outbox, 3)),
        ("DELETE FROM notifications WHERE id = 6", Finding::Missing(Table::Notifications, 6)),
        ("DELETE FROM notifications WHERE id = 11", Finding::EntryRowMissing(Table::Notifications, AuditId(12))),
        ("UPDATE notifications SET customer_id = 3 WHERE id = 6", notice),
        ("UPDATE notifications SET notice = 'notification.ticket_closed' WHERE id = 6", notice),
        ("UPDATE notifications SET ticket_id = 1 WHERE id = 6", notice),
        ("UPDATE notifications SET level = 1 WHERE id = 6", notice),
        ("UPDATE notifications SET at = 0 WHERE id = 6", notice),
    ]);
}

#[test]
fn marking_a_notification_as_read_still_verifies() {
    let home = store_with_entries();
    home.raw_connection().execute_batch("UPDATE notifications SET read_at = 1750000000").unwrap();
    assert_eq!(finding(&home, None), None);
}
