//! Kills of the server: every acknowledged write is stored, and none partially.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::connect;
use crate::world::{BASE, World, eventually, ride_ticket};

/// Duration of the test.
const DURATION: Duration = Duration::from_secs(8);
/// Number of concurrent writers.
const WRITERS: usize = 4;

/// Creates a ticket over its own connection; `None` without a response.
fn open(world: &World, words: &str) -> Option<i64> {
    use std::io::{Read, Write};
    let mut body = ride_ticket();
    body["description"] = words.into();
    let body = body.to_string();
    let token = world.amina().token;
    let request = format!(
        "POST {BASE}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = std::net::TcpStream::connect(world.address()).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    serde_json::from_str::<Value>(body).ok()?["data"]["ticketId"].as_i64()
}

/// Writes until the server is gone, and kills it after a number of acknowledged writes.
fn write_and_kill(world: &World, round: usize, answered: &Mutex<BTreeMap<i64, String>>) {
    let before = answered.lock().unwrap().len();
    let gone = AtomicBool::new(false);
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let gone = &gone;
            scope.spawn(move || {
                for number in 0.. {
                    let words = format!("round {round} writer {writer} number {number}");
                    match open(world, &words) {
                        Some(id) => assert!(answered.lock().unwrap().insert(id, words).is_none(), "an id comes once"),
                        None if gone.load(Ordering::SeqCst) => return,
                        None => {}
                    }
                }
            });
        }
        eventually(Duration::from_secs(20), || (answered.lock().unwrap().len() >= before + 20 + round).then_some(()));
        world.signal("KILL");
        gone.store(true, Ordering::SeqCst);
    });
    world.wait_for_exit(Duration::from_secs(5));
}

#[test]
fn a_killed_server_loses_no_acknowledged_write_and_stores_no_partial_one() {
    let mut world = World::start();
    let answered = Mutex::new(BTreeMap::new());
    let started = Instant::now();
    let mut round = 0;
    while started.elapsed() < DURATION || round < 2 {
        write_and_kill(&world, round, &answered);
        world.restart();
        drop(connect(world.address()));
        round += 1;
    }
    let store = rusqlite::Connection::open(world.file()).unwrap();
    for (id, words) in answered.lock().unwrap().iter() {
        let kept: String = store
            .query_row("SELECT description FROM tickets WHERE id = ?1", [id], |row| row.get(0))
            .unwrap_or_else(|error| panic!("ticket {id} was answered and is lost: {error}"));
        assert_eq!(&kept, words);
    }
    // The demo's 42 tickets were loaded, and wrote only their audit entries.
    for (what, table) in [("an event", "outbox"), ("a notification", "notifications"), ("an award", "ledger")] {
        let sql = format!(
            "SELECT count(*) FROM tickets WHERE id > 42 AND (SELECT count(*) FROM {table} WHERE ticket_id = tickets.id) <> 1"
        );
        let halves: i64 = store.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert_eq!(halves, 0, "tickets without exactly {what}");
    }
    let sql = "SELECT count(*) FROM tickets WHERE id > 42 AND (SELECT count(*) FROM audit \
               WHERE subject_kind = 'ticket' AND subject_id = tickets.id) <> 1";
    assert_eq!(store.query_row::<i64, _, _>(sql, [], |row| row.get(0)).unwrap(), 0, "tickets without exactly an entry");
    let verdict: String = store.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    let broken = store.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap();
    assert!(!broken, "every reference leads somewhere");
    let tickets: i64 = store.query_row("SELECT count(*) FROM tickets WHERE id > 42", [], |row| row.get(0)).unwrap();
    assert_eq!(world.balance(1).0, tickets * 10);
    assert!(round >= 2 && answered.lock().unwrap().len() >= 40);
    let last = answered.lock().unwrap().keys().max().copied().unwrap();
    world.amina().track(last).assert_ok();
}
