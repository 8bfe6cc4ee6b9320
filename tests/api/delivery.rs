//! Delivery workers: every event is delivered once, despite kills of servers and receivers.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::receiver::Receiver;
use crate::webhooks::wait_for_states;
use crate::world::{World, eventually};

#[test]
fn one_of_two_servers_delivers_and_the_other_takes_over_after_a_crash() {
    let world = World::start();
    let receiver = Receiver::start();
    world.run_json(&["webhook", "add", &receiver.url(), "--allow-private"]);
    world.amina().create_ride_ticket("alone");
    receiver.wait_for(1);
    let other = world.start_second_server();
    for _ in 0..5 {
        world.amina().create_ride_ticket("together");
    }
    receiver.wait_for(6);
    assert!(world.log().contains("delivered from here") && !other.log().contains("delivered from here"));
    // A message in flight during a crash may be delivered twice.
    wait_for_states(&world, &["delivered"; 6]);
    world.signal("KILL");
    let died = Instant::now();
    world.run(&["ticket", "close", "1"]);
    receiver.wait_for(7);
    assert!(died.elapsed() < Duration::from_secs(10), "{:?}", died.elapsed());
    assert!(other.log().contains("delivered from here"));
    let events: BTreeSet<_> = receiver.messages().iter().map(crate::receiver::Message::event).collect();
    assert_eq!((receiver.messages().len(), events.len()), (7, 7), "each came once");
}

#[test]
fn a_server_that_shuts_down_releases_its_deliveries_immediately() {
    let mut world = World::start();
    let receiver = Receiver::start();
    world.run_json(&["webhook", "add", &receiver.url(), "--allow-private"]);
    world.amina().create_ride_ticket("one");
    receiver.wait_for(1);
    wait_for_states(&world, &["delivered"]);
    world.signal("TERM");
    assert!(world.wait_for_exit(Duration::from_secs(10)).success());
    world.run(&["ticket", "close", "1"]);
    world.restart();
    receiver.wait_for_within(2, Duration::from_secs(4));
}

/// `support webhook listen` on its own port, killed and restarted by the test.
struct Listener {
    port: u16,
    child: Option<Child>,
    messages: Arc<Mutex<Vec<Value>>>,
}

impl Listener {
    fn start(world: &World, port: u16) -> Self {
        let mut listener = Self { port, child: None, messages: Arc::default() };
        listener.spawn(world);
        listener
    }

    fn spawn(&mut self, world: &World) {
        let bind = format!("127.0.0.1:{}", self.port);
        let mut child =
            world.spawn(&["webhook", "listen", "--bind", &bind, "--secret-file", "secret.txt", "--format", "ndjson"]);
        let (out, messages) = (BufReader::new(child.stdout.take().unwrap()), Arc::clone(&self.messages));
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                // A line truncated by a kill was not acknowledged.
                messages.lock().unwrap().extend(serde_json::from_str::<Value>(&line).ok());
            }
        });
        self.child = Some(child);
    }

    fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if self.child.is_some() {
            self.kill();
        }
    }
}

#[test]
fn no_event_is_lost_or_duplicated_by_kills() {
    let rounds = std::env::var("SUPPORT_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    let mut world = World::start();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let webhook = world.run_json(&["webhook", "add", &format!("http://127.0.0.1:{port}/"), "--allow-private"]);
    std::fs::write(world.file().with_file_name("secret.txt"), webhook["secret"].as_str().unwrap()).unwrap();
    let mut listener = Listener::start(&world, port);
    let store = rusqlite::Connection::open(world.file()).unwrap();
    store.busy_timeout(Duration::from_secs(5)).unwrap();
    let mut opened = BTreeSet::new();
    for round in 0..rounds {
        let before = listener.messages.lock().unwrap().len();
        for _ in 0..8 {
            opened.insert(world.amina().create_ride_ticket("in the storm"));
        }
        // Kills in the middle of the deliveries, a little later in each round.
        let came = || listener.messages.lock().unwrap().len() - before;
        eventually(Duration::from_secs(30), || (came() as u64 > round % 7).then_some(()));
        std::thread::sleep(Duration::from_micros(round * 7_919 % 6_000));
        if round % 2 == 0 {
            world.signal("KILL");
            world.wait_for_exit(Duration::from_secs(5));
            world.restart();
        } else {
            listener.kill();
            std::thread::sleep(Duration::from_millis(round * 104_729 % 300));
            listener.spawn(&world);
        }
    }
    let count = opened.len();
    eventually(Duration::from_mins(1), || {
        let done = "SELECT count(*) FROM deliveries WHERE state = 'delivered'";
        let done: i64 = store.query_row(done, [], |row| row.get(0)).unwrap();
        (usize::try_from(done) == Ok(count)).then_some(())
    });
    let messages = listener.messages.lock().unwrap().clone();
    assert!(messages.iter().all(|message| message["receipt"] == "verified"), "{messages:?}");
    let tickets: BTreeSet<_> =
        messages.iter().map(|message| message["body"]["data"]["ticketId"].as_i64().unwrap()).collect();
    assert_eq!(tickets, opened, "every event arrived");
    let messages: BTreeSet<_> = messages.iter().map(|message| message["messageId"].as_str().unwrap()).collect();
    assert_eq!(messages.len(), count, "each under one id");
    let (deliveries, events): (i64, i64) = store
        .query_row("SELECT count(*), count(DISTINCT event_id) FROM deliveries", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!((deliveries, usize::try_from(events)), (events, Ok(count)), "none is doubled in the store's view");
    println!("{rounds} kills, {count} events, {} messages came", messages.len());
}
