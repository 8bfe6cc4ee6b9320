//! Idle delivery workers: they do not poll the store, and wake on its changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use support::delivery::{Worker, switch_mail_on};
use support::model::backup::{CopyProgress, Manifest};
use support::model::webhook::MessageIdPrefix;
use support::model::{Error, Location, Timestamp};
use support::outbound::{Client, Mailer, RelaySettings, Sender};
use support::store::sqlite::{Open, Sqlite};
use support::store::{Backend, Job, Store, Unit};
use support::system;
use tokio::sync::watch;

use crate::receiver::Receiver;
use crate::relay::Relay;
use crate::world::World;

/// Backend that counts its calls.
struct CountingBackend {
    backend: Sqlite,
    calls: Arc<AtomicUsize>,
}

impl Backend for CountingBackend {
    fn submit(&self, job: Box<dyn Job>) {
        self.calls.fetch_add(1, Ordering::SeqCst);
        self.backend.submit(job);
    }

    fn read(&self, work: &mut dyn FnMut(&mut dyn Unit) -> Result<(), Error>) -> Result<(), Error> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        self.backend.read(work)
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.backend.changes()
    }

    fn back_up(
        &self,
        copy: &Location,
        replace: bool,
        now: Timestamp,
        progress: &mut dyn FnMut(CopyProgress) -> bool,
    ) -> Result<Manifest, Error> {
        self.backend.back_up(copy, replace, now, progress)
    }

    fn close(&self) {
        self.backend.close();
    }
}

/// Workers of both channels over the world's store, and the number of their calls.
struct IdleWorkers {
    calls: Arc<AtomicUsize>,
    workers: Vec<Worker>,
    store: Store,
}

impl IdleWorkers {
    async fn start(world: &World, relay: &Relay) -> Self {
        let calls = Arc::<AtomicUsize>::default();
        let backend = Sqlite::open(&world.file(), Open::Existing).unwrap();
        let store = Store::new(CountingBackend { backend, calls: Arc::clone(&calls) });
        let client = Client::with_authorities(None).unwrap();
        switch_mail_on(&store, MessageIdPrefix::from_random(system::random().unwrap())).await.unwrap();
        let settings = RelaySettings { url: &relay.url(), from: "support@example.com", password_file: None };
        let mailer = Mailer::new(settings, &client, system::now).unwrap();
        let workers = vec![
            Worker::start(store.clone(), Sender::new(&client, system::now), system::now, None).unwrap(),
            Worker::start(store.clone(), mailer, system::now, None).unwrap(),
        ];
        Self { calls, workers, store }
    }

    /// Waits for a second without calls.
    async fn wait_until_idle(&self) {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            let before = self.calls.load(Ordering::SeqCst);
            tokio::time::sleep(Duration::from_secs(1)).await;
            if self.calls.load(Ordering::SeqCst) == before {
                return;
            }
            assert!(Instant::now() < end, "the workers still call the store");
        }
    }

    async fn end(self) {
        for worker in self.workers {
            worker.stop().await;
        }
        tokio::task::spawn_blocking(move || self.store.close()).await.unwrap();
    }
}

async fn wait_for_messages(receiver: &Receiver, count: usize) {
    let end = Instant::now() + Duration::from_secs(20);
    while receiver.messages().len() < count {
        assert!(Instant::now() < end, "{} messages came", receiver.messages().len());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn idle_workers_do_not_poll_the_store_and_wake_on_commits_of_other_processes() {
    let world = World::start();
    world.signal("TERM");
    assert!(world.wait_for_exit(Duration::from_secs(10)).success());
    let (receiver, relay) = (Receiver::start(), Relay::start());
    world.run_json(&["webhook", "add", &receiver.url(), "--allow-private"]);
    let idle = IdleWorkers::start(&world, &relay).await;
    world.run(&["ticket", "close", "1"]);
    wait_for_messages(&receiver, 1).await;
    idle.wait_until_idle().await;
    let before = idle.calls.load(Ordering::SeqCst);
    // Longer than a heartbeat, and than the lease.
    tokio::time::sleep(Duration::from_secs(7)).await;
    assert_eq!(idle.calls.load(Ordering::SeqCst), before, "an idle worker does not call the store");
    let create = "ticket create --customer 1 --service ride --ride 1 --issue OTHER --description x";
    world.run(&create.split(' ').collect::<Vec<_>>());
    wait_for_messages(&receiver, 2).await;
    idle.end().await;
}
