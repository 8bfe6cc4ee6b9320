//! The files beneath a running server: whatever becomes of them, no write is answered that a restart does not find.

use std::fs::{self, OpenOptions};
use std::path::PathBuf;
use std::time::Duration;

use crate::world::{World, eventually, ride_ticket};

fn beside(world: &World, ending: &str) -> PathBuf {
    world.file().with_file_name(format!("support.db{ending}"))
}

/// Opens tickets; the ids of those that were answered.
fn answered(world: &World, how_many: usize) -> Vec<i64> {
    let answers = (0..how_many).map(|_| world.amina().opens(&ride_ticket()));
    answers.filter(|answer| answer.status == 200).map(|answer| answer.data()["ticketId"].as_i64().unwrap()).collect()
}

/// Kills the server, and holds the next one to these tickets.
fn survive_a_kill(world: &mut World, tickets: &[i64]) {
    world.signals("KILL");
    world.ends_within(Duration::from_secs(5));
    world.starts_again();
    for ticket in tickets {
        world.amina().tracks(*ticket).is_ok();
    }
}

#[test]
fn writes_that_were_answered_after_the_log_or_its_index_was_removed_survive_a_kill() {
    for endings in [&["-wal"][..], &["-shm"], &["-wal", "-shm"]] {
        let mut world = World::start();
        let mut tickets = answered(&world, 1);
        for ending in endings {
            fs::remove_file(beside(&world, ending)).unwrap();
        }
        tickets.extend(answered(&world, 5));
        assert_eq!(tickets.len(), 6, "{endings:?}: the server saved what it had and opened the store anew");
        world.asks_at("GET", "/readyz").send().is_status(200);
        world.log_lines("reopened the store");
        survive_a_kill(&mut world, &tickets);
    }
}

#[test]
fn a_log_that_was_cut_stops_writes_and_readiness_until_the_server_starts_again() {
    let mut world = World::start();
    let ticket = answered(&world, 1)[0];
    world.amina().tracks(ticket).is_ok();
    OpenOptions::new().write(true).open(beside(&world, "-wal")).unwrap().set_len(0).unwrap();
    for _ in 0..5 {
        world.amina().opens(&ride_ticket()).is_refused(503, "SUPPORT_TICKET_FAILED");
    }
    eventually(Duration::from_secs(10), || (world.asks_at("GET", "/readyz").send().status == 503).then_some(()));
    world.log_lines("a part of the write-ahead log is missing");
    world.signals("TERM");
    world.ends_within(Duration::from_secs(10));
    world.starts_again();
    let tickets = answered(&world, 3);
    assert_eq!(tickets.len(), 3);
    survive_a_kill(&mut world, &tickets);
}

#[test]
fn a_command_does_not_join_servers_whose_log_is_gone() {
    let mut world = World::start();
    // While two have the log open, neither can leave it.
    let other = world.joined_by_another();
    let tickets = answered(&world, 2);
    fs::remove_file(beside(&world, "-wal")).unwrap();
    let said = world.tries(&["points", "grant", "--customer", "1", "--points", "5", "--reason", "sorry"]);
    let text = String::from_utf8_lossy(&said.stderr).into_owned();
    assert_eq!(said.status.code(), Some(3), "{text}");
    assert!(text.contains("support.db-wal was moved, replaced or deleted"), "{text}");
    assert!(!beside(&world, "-wal").exists(), "it made no log of its own");
    drop(other);
    eventually(Duration::from_secs(10), || (!answered(&world, 1).is_empty()).then_some(()));
    world.runs(&["points", "grant", "--customer", "1", "--points", "5", "--reason", "sorry"]);
    let balance = world.balance(1);
    survive_a_kill(&mut world, &tickets);
    assert_eq!(world.balance(1), balance);
}

#[test]
fn two_servers_whose_log_is_gone_write_again_once_one_has_ended() {
    let mut world = World::start();
    let other = world.joined_by_another();
    let mut tickets = answered(&world, 2);
    fs::remove_file(beside(&world, "-wal")).unwrap();
    assert!(answered(&world, 3).is_empty());
    drop(other);
    tickets.extend(eventually(Duration::from_secs(10), || Some(answered(&world, 1)).filter(|some| !some.is_empty())));
    survive_a_kill(&mut world, &tickets);
}
