//! Generated stores, which are kept and reused.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rand::rngs::ChaCha8Rng;
use rand::{RngExt as _, SeedableRng as _};
use support::model::actor::AgentName;
use support::model::generator::Plan;
use support::model::pagination::{Cursor, PageRequest, Sort, TicketFilter};
use support::model::permission::Permissions;
use support::model::principal::Caller;
use support::model::{CustomerId, TicketId, Timestamp};
use support::store::Store;
use support::store::sqlite::{Open, Settings, Sqlite};

/// Seed of all generated stores.
const SEED: &str = "7";
/// Number of newest tickets that count as recent.
const RECENT: i64 = 10_000;

/// Generated store and its key figures.
pub(crate) struct World {
    /// Number of generated tickets.
    pub(crate) size: u64,
    pub(crate) file: PathBuf,
    pub(crate) store: Store,
    /// Second handle of the store, which counts the steps of SQLite's virtual machine and is slower.
    counting: Store,
    steps: Arc<AtomicU64>,
    /// Highest ticket id.
    pub(crate) tickets: i64,
    /// Number of customers; customer 1 has the most tickets.
    pub(crate) customers: i64,
    /// Creation time of the newest ticket.
    pub(crate) end: Timestamp,
}

impl World {
    /// Opens the store of this size in a folder. Generates it if it does not exist.
    pub(crate) fn open_or_generate(folder: &Path, size: u64) -> Self {
        std::fs::create_dir_all(folder).expect("a folder for the stores");
        let file = folder.join(format!("{size}.db"));
        if !file.exists() {
            generate(&file, size);
        }
        Self::open(file, size)
    }

    /// Opens the store in this file and reads the file once, to warm the page cache.
    pub(crate) fn open(file: PathBuf, size: u64) -> Self {
        let _ = std::fs::File::open(&file).and_then(|mut file| std::io::copy(&mut file, &mut std::io::sink()));
        let open = |settings| Store::new(Sqlite::open_with(&file, Open::Existing, settings).expect("a store"));
        let steps = Arc::new(AtomicU64::new(0));
        let counting = open(Settings { step_counter: Some(Arc::clone(&steps)), ..Settings::default() });
        let store = open(Settings::default());
        let page = PageRequest { limit: 1, after: Cursor::start(Sort::Created) };
        let newest = store.read_blocking(|unit| unit.tickets().list(&TicketFilter::default(), page)).expect("a list");
        let newest = &newest.first().expect("a world has tickets").1.ticket;
        let customers = i64::try_from(Plan::default_customers(size)).expect("fewer than 2^63");
        Self { size, file, counting, steps, tickets: newest.id.get(), customers, end: newest.created_at, store }
    }

    /// Returns the number of steps of SQLite's virtual machine, in units of about a hundred, that some work takes.
    pub(crate) fn steps(&self, work: impl FnOnce(&Store)) -> u64 {
        let before = self.steps.load(Ordering::Relaxed);
        work(&self.counting);
        self.steps.load(Ordering::Relaxed) - before
    }

    /// Returns the time this number of days before the newest ticket.
    pub(crate) fn days_ago(&self, days: i64) -> Timestamp {
        self.end.plus(-days * 86_400)
    }

    /// Returns a random ticket.
    pub(crate) fn any(&self, rng: &mut ChaCha8Rng) -> TicketId {
        TicketId::new(rng.random_range(1..=self.tickets)).expect("from 1")
    }

    /// Returns a random ticket among the newest [`RECENT`].
    pub(crate) fn recent(&self, rng: &mut ChaCha8Rng) -> TicketId {
        let first = (self.tickets - RECENT).max(0) + 1;
        TicketId::new(rng.random_range(first..=self.tickets)).expect("from 1")
    }

    /// Returns a random customer with few tickets, from the second half of the ids.
    pub(crate) fn small(&self, rng: &mut ChaCha8Rng) -> CustomerId {
        CustomerId::new(rng.random_range(self.customers / 2..=self.customers)).expect("from 1")
    }
}

/// Returns the caller of the command line.
pub(crate) fn agent() -> Caller {
    Caller::operator(AgentName::new("bench").expect("a name"), false)
}

/// Returns an authenticated customer.
pub(crate) fn caller(customer: CustomerId) -> Caller {
    Caller::customer(customer, Permissions::CUSTOMER)
}

/// Returns a generator of random numbers with the same seed for every store.
pub(crate) fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(1)
}

/// Generates a store under a temporary name first, so that an incomplete one is never used.
fn generate(file: &Path, size: u64) {
    let part = file.with_extension("part");
    remove(&part);
    println!("generating {} with {size} tickets; it is kept for later runs", file.display());
    run(&part, &["fixtures", "generate", "--tickets", &size.to_string(), "--seed", SEED]);
    std::fs::rename(&part, file).expect("the store is finished");
}

/// Copy of a store to write to, removed when dropped.
pub(crate) struct Copy(pub(crate) World);

impl Copy {
    pub(crate) fn create(world: &World) -> Self {
        let file = world.file.with_extension("copy");
        remove(&file);
        std::fs::copy(&world.file, &file).expect("room for a copy");
        Self(World::open(file, world.size))
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        self.0.store.close();
        self.0.counting.close();
        remove(&self.0.file);
    }
}

/// Removes a store with its WAL.
fn remove(file: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        let _ = std::fs::remove_file(name);
    }
}

/// Runs a command on a store and returns its output.
pub(crate) fn run(file: &Path, arguments: &[&str]) -> String {
    let output = command(file, arguments).output().expect("the command runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Returns a command on a store.
pub(crate) fn command(file: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_support"));
    command.arg("--db").arg(file).args(arguments).env_remove("SUPPORT_DB");
    // Retention is off, because the stores are reused.
    command.env("SUPPORT_RETAIN", "events=off,notifications=off,deliveries=off");
    command
}
