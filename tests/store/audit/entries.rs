//! Audit entries that are altered, removed, moved or rehashed, and the triggers that prevent it.

use support::desk;
use support::model::audit::AuditId;
use support::model::audit::{AuditLine, Head};
use support::model::audit_verify::{Finding, Table};

use super::{finding, found, lines, overwrite, raw_connection, store_with_entries, ticket, verified};
use crate::world::{agent, now, ticket_id};

#[test]
fn an_altered_column_of_an_entry_is_found() {
    let four = AuditId(4);
    found(&[
        ("UPDATE audit SET action = 'ticket.escalated' WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET subject_kind = 'customer' WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET subject_id = 1 WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET actor_kind = 'fixtures', actor_name = NULL WHERE id = 4", Finding::Altered(four)),
        (
            "UPDATE audit SET actor_kind = 'customer', actor_id = 1, actor_name = NULL WHERE id = 4",
            Finding::Altered(four),
        ),
        ("UPDATE audit SET actor_name = 'mario' WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET at = at + 1 WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET request_id = 'r' WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET status = 'ESCALATED' WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET level = 3 WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET status = NULL, level = NULL WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET points = 6 WHERE id = 5", Finding::Altered(AuditId(5))),
        ("UPDATE audit SET cents = 1 WHERE id = 5", Finding::Altered(AuditId(5))),
        ("UPDATE audit SET points = 1, cents = 1 WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET reason = 'Refunded' WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET reason = NULL WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET previous = NULL WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET hash = zeroblob(32) WHERE id = 4", Finding::Altered(four)),
        ("UPDATE audit SET id = 40 WHERE id = 4", Finding::EntryMissing(four)),
    ]);
}

#[test]
fn an_entry_that_this_program_never_writes_is_found() {
    let four = Finding::Unreadable(Table::Audit, 4);
    found(&[
        ("UPDATE audit SET action = 'ticket.lost' WHERE id = 4", four),
        ("UPDATE audit SET actor_id = 1 WHERE id = 4", four),
        ("UPDATE audit SET actor_name = ' maria' WHERE id = 4", four),
        ("UPDATE audit SET level = 9 WHERE id = 4", four),
        ("UPDATE audit SET level = NULL WHERE id = 4", four),
        ("UPDATE audit SET points = 1 WHERE id = 4", four),
        ("UPDATE audit SET hash = x'00' WHERE id = 4", four),
        ("UPDATE ledger SET action = 'gift' WHERE id = 2", Finding::Unreadable(Table::Ledger, 2)),
        ("UPDATE tickets SET status = 'LOST' WHERE id = 3", Finding::Unreadable(Table::Tickets, 3)),
    ]);
}

#[test]
fn a_missing_moved_or_inserted_entry_is_found() {
    let copy = "INSERT INTO audit SELECT ?, action, subject_kind, subject_id, actor_kind, actor_id, actor_name, at,
                request_id, status, level, points, cents, reason, previous, hash FROM audit WHERE id = 12";
    found(&[
        ("DELETE FROM audit WHERE id = 1", Finding::EntryMissing(AuditId(1))),
        ("DELETE FROM audit WHERE id = 5", Finding::EntryMissing(AuditId(5))),
        ("DELETE FROM audit WHERE id > 10", Finding::EntryMissing(AuditId(11))),
        ("DELETE FROM audit WHERE id = 12", Finding::EntryMissing(AuditId(12))),
        (
            "DELETE FROM audit WHERE id = 12; UPDATE sqlite_sequence SET seq = 11 WHERE name = 'audit'",
            Finding::EntryMissing(AuditId(12)),
        ),
        ("DELETE FROM audit WHERE id = 12; UPDATE audit_head SET entries = 11", Finding::EntryMissing(AuditId(12))),
        (
            "DELETE FROM audit WHERE id = 12; UPDATE audit_head SET entries = 11;
             UPDATE sqlite_sequence SET seq = 11 WHERE name = 'audit'",
            Finding::HeadDiffers,
        ),
        (
            "UPDATE audit SET id = -3 WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 4; UPDATE audit SET id = 4 WHERE id = -3",
            Finding::Altered(AuditId(3)),
        ),
        (copy.replace('?', "13").leak(), Finding::Inserted(AuditId(13))),
        (copy.replace('?', "-1").leak(), Finding::Inserted(AuditId(-1))),
        ("DELETE FROM audit_head", Finding::HeadDiffers),
        ("UPDATE audit_head SET hash = zeroblob(32)", Finding::HeadDiffers),
        ("UPDATE audit_head SET entries = 13", Finding::EntryMissing(AuditId(13))),
    ]);
}

#[test]
fn an_entry_with_a_recomputed_hash_is_found() {
    let home = store_with_entries();
    let four = lines(&home)[3].clone();
    overwrite(&raw_connection(&home), &AuditLine::sealed(four.id, four.entry, None));
    assert_eq!(finding(&home, None), Some(Finding::Unlinked(AuditId(4), ticket(2))));
    let home = store_with_entries();
    let mut last = lines(&home)[11].clone();
    last.entry.reason = Some("somebody else's words".to_owned());
    overwrite(&raw_connection(&home), &AuditLine::sealed(last.id, last.entry, last.previous));
    assert_eq!(finding(&home, None), Some(Finding::HeadDiffers));
}

#[test]
fn a_rewritten_audit_log_is_found_with_a_stored_head() {
    let home = store_with_entries();
    let kept = verified(&home.open(), None).unwrap().head;
    let mut lines = lines(&home);
    let last = lines.pop().unwrap();
    let mut entry = last.entry.clone();
    entry.reason = Some("somebody else's words".to_owned());
    let forged = AuditLine::sealed(last.id, entry, last.previous);
    let before = lines.iter().fold(Head::START, |head, line| head.then(line.hash));
    let raw = raw_connection(&home);
    overwrite(&raw, &forged);
    raw.execute("UPDATE audit_head SET hash = ?1", [before.then(forged.hash).hash.0]).unwrap();
    assert_eq!(finding(&home, None), None, "nothing inside the file can tell");
    assert_eq!(finding(&home, Some(kept)), Some(Finding::HeadNotFound(12)));
    assert_eq!(finding(&home, Some(before)), None, "up to there it is as it was");
    assert_eq!(finding(&home, Some(Head { entries: 99, ..kept })), Some(Finding::HeadNotFound(99)));
}

#[test]
fn a_tampered_audit_log_still_accepts_entries_and_is_found() {
    for sql in ["DELETE FROM audit WHERE id = 12", "UPDATE audit SET id = 40 WHERE id = 12"] {
        let home = store_with_entries();
        raw_connection(&home).execute_batch(sql).unwrap();
        let store = home.open();
        store.write_blocking(|unit| desk::close::close(unit, &agent(), ticket_id(3), None, now())).unwrap();
        assert!(verified(&store, None).is_err());
    }
}

#[test]
fn audit_log_and_head_are_append_only() {
    let home = store_with_entries();
    let raw = home.raw_connection();
    for sql in [
        "UPDATE audit SET reason = NULL WHERE id = 4",
        "DELETE FROM audit WHERE id = 12",
        "UPDATE audit_head SET entries = 11",
        "UPDATE audit_head SET hash = zeroblob(32)",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head VALUES (2, 0, zeroblob(32))",
    ] {
        assert!(raw.execute_batch(sql).is_err(), "{sql}");
    }
}
