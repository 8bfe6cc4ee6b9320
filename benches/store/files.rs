//! The stores: made once by the executable itself, kept, and used again.

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

/// The seed of every world that is measured.
const SEED: &str = "7";
/// Tickets that count as new, of a store that has more.
const NEW: i64 = 10_000;

/// A store of an invented world, and what is known of it.
pub(crate) struct World {
    /// How many tickets were invented.
    pub(crate) size: u64,
    /// Its file.
    pub(crate) file: PathBuf,
    /// The store, opened.
    pub(crate) store: Store,
    /// The same, where the engine's steps are counted, which slows it down.
    counting: Store,
    steps: Arc<AtomicU64>,
    /// The highest ticket.
    pub(crate) tickets: i64,
    /// How many customers there are; the first has the most tickets.
    pub(crate) customers: i64,
    /// When the newest ticket was opened.
    pub(crate) end: Timestamp,
}

impl World {
    /// The world of this size in a folder, made where it is not there.
    pub(crate) fn of(folder: &Path, size: u64) -> Self {
        std::fs::create_dir_all(folder).expect("a folder for the stores");
        let file = folder.join(format!("{size}.db"));
        if !file.exists() {
            make(&file, size);
        }
        Self::open(file, size)
    }

    /// The world in this file, which is read through once: the system has it in memory, as far as that goes.
    pub(crate) fn open(file: PathBuf, size: u64) -> Self {
        let _ = std::fs::File::open(&file).and_then(|mut file| std::io::copy(&mut file, &mut std::io::sink()));
        let open = |settings| Store::new(Sqlite::open_with(&file, Open::Existing, settings).expect("a store"));
        let steps = Arc::new(AtomicU64::new(0));
        let counting = open(Settings { step_counter: Some(Arc::clone(&steps)), ..Settings::default() });
        let store = open(Settings::default());
        let ask = PageRequest { limit: 1, after: Cursor::start(Sort::Created) };
        let newest = store.read_blocking(|unit| unit.tickets().list(&TicketFilter::default(), ask)).expect("a list");
        let newest = &newest.first().expect("a world has tickets").1.ticket;
        let customers = i64::try_from(Plan::default_customers(size)).expect("fewer than 2^63");
        Self { size, file, counting, steps, tickets: newest.id.get(), customers, end: newest.created_at, store }
    }

    /// The engine's steps, in hundreds or so, that some work takes.
    pub(crate) fn steps(&self, work: impl FnOnce(&Store)) -> u64 {
        let before = self.steps.load(Ordering::Relaxed);
        work(&self.counting);
        self.steps.load(Ordering::Relaxed) - before
    }

    /// So many days before the newest ticket.
    pub(crate) fn days_ago(&self, days: i64) -> Timestamp {
        self.end.plus(-days * 86_400)
    }

    /// Any ticket.
    pub(crate) fn any(&self, dice: &mut ChaCha8Rng) -> TicketId {
        TicketId::new(dice.random_range(1..=self.tickets)).expect("from 1")
    }

    /// One of the newest ten thousand.
    pub(crate) fn recent(&self, dice: &mut ChaCha8Rng) -> TicketId {
        let first = (self.tickets - NEW).max(0) + 1;
        TicketId::new(dice.random_range(first..=self.tickets)).expect("from 1")
    }

    /// A customer with a few tickets: one of the latter half.
    pub(crate) fn small(&self, dice: &mut ChaCha8Rng) -> CustomerId {
        CustomerId::new(dice.random_range(self.customers / 2..=self.customers)).expect("from 1")
    }
}

/// Whoever works at the command line.
pub(crate) fn agent() -> Caller {
    Caller::operator(AgentName::new("bench").expect("a name"), false)
}

/// A customer with a good token.
pub(crate) fn caller(customer: CustomerId) -> Caller {
    Caller::customer(customer, Permissions::CUSTOMER)
}

/// The same dice for every store.
pub(crate) fn dice() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(1)
}

/// Makes a store under another name first, so that one that was never finished is never used.
fn make(file: &Path, size: u64) {
    let part = file.with_extension("part");
    remove(&part);
    println!("{} is made, once: an invented world of {size} tickets", file.display());
    run(&part, &["fixtures", "generate", "--tickets", &size.to_string(), "--seed", SEED]);
    std::fs::rename(&part, file).expect("the store is finished");
}

/// A copy of a world to write into, beside it, which goes with this value.
pub(crate) struct Copy(pub(crate) World);

impl Copy {
    pub(crate) fn of(world: &World) -> Self {
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

/// Removes a store with its log.
fn remove(file: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        let _ = std::fs::remove_file(name);
    }
}

/// Runs the executable on a store, to its end, and returns what it said.
pub(crate) fn run(file: &Path, arguments: &[&str]) -> String {
    let output = command(file, arguments).output().expect("the command runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The executable on a store.
pub(crate) fn command(file: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_support"));
    command.arg("--db").arg(file).args(arguments).env_remove("SUPPORT_DB");
    // What is old stays: the stores are used again.
    command.env("SUPPORT_RETAIN", "events=off,notifications=off,deliveries=off");
    command
}
