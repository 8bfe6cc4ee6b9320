//! An idle server asks its store for nothing: its delivery workers wake by the changes that it is told of.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use support::delivery::{Worker, switch_mail_on};
use support::model::Error;
use support::model::webhook::MessageIdPrefix;
use support::outbound::{Client, Mailer, RelaySettings, Sender};
use support::store::sqlite::{Open, Sqlite};
use support::store::{Backend, Job, Store, Unit};
use support::system;
use tokio::sync::watch;

use crate::receiver::Receiver;
use crate::relay::Relay;
use crate::world::World;

/// A backend that counts what it is asked for.
struct Counting {
    backend: Sqlite,
    asked: Arc<AtomicUsize>,
}

impl Backend for Counting {
    fn submit(&self, job: Box<dyn Job>) {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.backend.submit(job);
    }

    fn read(&self, work: &mut dyn FnMut(&mut dyn Unit) -> Result<(), Error>) -> Result<(), Error> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.backend.read(work)
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.backend.changes()
    }

    fn close(&self) {
        self.backend.close();
    }
}

/// Workers of both channels over the world's store, and how often they asked it for something.
struct Idle {
    asked: Arc<AtomicUsize>,
    workers: Vec<Worker>,
    store: Store,
}

impl Idle {
    async fn start(world: &World, relay: &Relay) -> Self {
        let asked = Arc::<AtomicUsize>::default();
        let backend = Sqlite::open(&world.file(), Open::Existing).unwrap();
        let store = Store::new(Counting { backend, asked: Arc::clone(&asked) });
        let client = Client::trusting(None).unwrap();
        switch_mail_on(&store, MessageIdPrefix::from_random(system::random().unwrap())).await.unwrap();
        let settings = RelaySettings { url: &relay.url(), from: "support@example.com", password_file: None };
        let mailer = Mailer::new(settings, &client, system::now).unwrap();
        let workers = vec![
            Worker::start(store.clone(), Sender::new(&client, system::now), system::now, None).unwrap(),
            Worker::start(store.clone(), mailer, system::now, None).unwrap(),
        ];
        Self { asked, workers, store }
    }

    /// Waits until nothing was asked for a second.
    async fn rests(&self) {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            let before = self.asked.load(Ordering::SeqCst);
            tokio::time::sleep(Duration::from_secs(1)).await;
            if self.asked.load(Ordering::SeqCst) == before {
                return;
            }
            assert!(Instant::now() < end, "the workers still ask for something");
        }
    }

    async fn end(self) {
        for worker in self.workers {
            worker.stop().await;
        }
        tokio::task::spawn_blocking(move || self.store.close()).await.unwrap();
    }
}

async fn gets(receiver: &Receiver, count: usize) {
    let end = Instant::now() + Duration::from_secs(20);
    while receiver.got().len() < count {
        assert!(Instant::now() < end, "{} messages came", receiver.got().len());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn workers_ask_an_idle_store_for_nothing_and_wake_by_others_commits() {
    let world = World::start();
    world.signals("TERM");
    assert!(world.ends_within(Duration::from_secs(10)).success());
    let (receiver, relay) = (Receiver::start(), Relay::start());
    world.says(&["webhook", "add", &receiver.url(), "--allow-private"]);
    let idle = Idle::start(&world, &relay).await;
    world.runs(&["ticket", "close", "1"]);
    gets(&receiver, 1).await;
    idle.rests().await;
    let before = idle.asked.load(Ordering::SeqCst);
    // Longer than a heartbeat, and than the silence after which another would take the lease over.
    tokio::time::sleep(Duration::from_secs(7)).await;
    assert_eq!(idle.asked.load(Ordering::SeqCst), before, "an idle worker asks for nothing");
    let create = "ticket create --customer 1 --service ride --ride 1 --issue OTHER --description x";
    world.runs(&create.split(' ').collect::<Vec<_>>());
    gets(&receiver, 2).await;
    idle.end().await;
}
