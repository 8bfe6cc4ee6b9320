//! Store files moved, truncated or removed under a running server: every acknowledged write survives a restart.

use std::fs::{self, OpenOptions};
use std::path::PathBuf;
use std::time::Duration;

use crate::world::{World, eventually, ride_ticket};

fn path_with_suffix(world: &World, ending: &str) -> PathBuf {
    world.file().with_file_name(format!("support.db{ending}"))
}

/// Creates tickets, and returns the ids of the acknowledged ones.
fn create_tickets(world: &World, how_many: usize) -> Vec<i64> {
    let answers = (0..how_many).map(|_| world.amina().create(&ride_ticket()));
    answers.filter(|answer| answer.status == 200).map(|answer| answer.data()["ticketId"].as_i64().unwrap()).collect()
}

/// Kills and restarts the server, and asserts that these tickets exist.
fn assert_survive_kill(world: &mut World, tickets: &[i64]) {
    world.signal("KILL");
    world.wait_for_exit(Duration::from_secs(5));
    world.restart();
    for ticket in tickets {
        world.amina().track(*ticket).assert_ok();
    }
}

#[test]
fn acknowledged_writes_survive_a_kill_after_the_wal_or_its_index_was_removed() {
    for endings in [&["-wal"][..], &["-shm"], &["-wal", "-shm"]] {
        let mut world = World::start();
        let mut tickets = create_tickets(&world, 1);
        for ending in endings {
            fs::remove_file(path_with_suffix(&world, ending)).unwrap();
        }
        tickets.extend(create_tickets(&world, 5));
        assert_eq!(tickets.len(), 6, "{endings:?}: the server saved what it had and opened the store anew");
        world.request_to("GET", "/readyz").send().assert_status(200);
        world.log_lines("reopened the store");
        assert_survive_kill(&mut world, &tickets);
    }
}

#[test]
fn a_truncated_wal_stops_writes_and_readiness_until_a_restart() {
    let mut world = World::start();
    let ticket = create_tickets(&world, 1)[0];
    world.amina().track(ticket).assert_ok();
    OpenOptions::new().write(true).open(path_with_suffix(&world, "-wal")).unwrap().set_len(0).unwrap();
    for _ in 0..5 {
        world.amina().create(&ride_ticket()).assert_refused(503, "SUPPORT_TICKET_FAILED");
    }
    eventually(Duration::from_secs(10), || (world.request_to("GET", "/readyz").send().status == 503).then_some(()));
    world.log_lines("a part of the write-ahead log is missing");
    world.signal("TERM");
    world.wait_for_exit(Duration::from_secs(10));
    world.restart();
    let tickets = create_tickets(&world, 3);
    assert_eq!(tickets.len(), 3);
    assert_survive_kill(&mut world, &tickets);
}

#[test]
fn a_command_does_not_open_a_store_whose_wal_was_removed() {
    let mut world = World::start();
    // While two processes have the WAL open, neither can reset it.
    let other = world.start_second_server();
    let tickets = create_tickets(&world, 2);
    fs::remove_file(path_with_suffix(&world, "-wal")).unwrap();
    let output = world.try_run(&["points", "grant", "--customer", "1", "--points", "5", "--reason", "sorry"]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{text}");
    assert!(text.contains("support.db-wal was moved, replaced or deleted"), "{text}");
    assert!(!path_with_suffix(&world, "-wal").exists(), "it made no log of its own");
    drop(other);
    eventually(Duration::from_secs(10), || (!create_tickets(&world, 1).is_empty()).then_some(()));
    world.run(&["points", "grant", "--customer", "1", "--points", "5", "--reason", "sorry"]);
    let balance = world.balance(1);
    assert_survive_kill(&mut world, &tickets);
    assert_eq!(world.balance(1), balance);
}

#[test]
fn two_servers_whose_wal_was_removed_write_again_after_one_has_stopped() {
    let mut world = World::start();
    let other = world.start_second_server();
    let mut tickets = create_tickets(&world, 2);
    fs::remove_file(path_with_suffix(&world, "-wal")).unwrap();
    assert!(create_tickets(&world, 3).is_empty());
    drop(other);
    tickets.extend(eventually(Duration::from_secs(10), || {
        Some(create_tickets(&world, 1)).filter(|some| !some.is_empty())
    }));
    assert_survive_kill(&mut world, &tickets);
}
